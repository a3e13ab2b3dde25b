package io.wspool.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jspecify.annotations.Nullable;

/** The live table: redraws only what has changed, follows the size of the window, and leaves its last picture standing. */
final class TerminalBoard implements Board {
    private final String header;
    private final EventLog events;
    private final Terminal terminal;
    private final Display display;
    private List<AttributedString> drawn = List.of();

    private TerminalBoard(String header, EventLog events, Terminal terminal) {
        this.header = header;
        this.events = events;
        this.terminal = terminal;
        display = new Display(terminal, false);
        terminal.puts(Capability.cursor_invisible);
    }

    /** Or null where standard output is none, or one that cannot move its cursor. */
    static @Nullable TerminalBoard openOrNull(String header, EventLog events, Runnable onInterrupt) {
        try {
            Terminal terminal = TerminalBuilder.builder()
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.SysOut)
                    .dumb(true) // else it warns
                    .nativeSignals(false) // else a signal ends the process without its shutdown hooks
                    .build();
            if (terminal.getType().startsWith(Terminal.TYPE_DUMB)
                    || terminal.getStringCapability(Capability.cursor_up) == null) {
                terminal.close();
                return null;
            }
            terminal.handle(Terminal.Signal.INT, signal -> onInterrupt.run());
            return new TerminalBoard(header, events, terminal);
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public Duration period() {
        return Duration.ofMillis(250);
    }

    @Override
    public void show(Figures figures) {
        draw(() -> {
            Size size = terminal.getSize();
            int columns = size.getColumns() > 0 ? size.getColumns() : 80;
            int rows = size.getRows() > 0 ? size.getRows() : 24;
            display.resize(Size.of(columns, rows));
            drawn = BoardTable.draw(header, figures, events, columns, rows);
            display.update(drawn, -1);
        });
    }

    @Override
    public void close() {
        draw(() -> {
            display.update(drawn, -1);
            terminal.puts(Capability.cursor_normal);
            terminal.writer().println();
            terminal.flush();
        });
        try {
            terminal.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void draw(Runnable drawing) {
        try {
            drawing.run();
        } catch (IllegalStateException e) {
            // on SIGTERM JLine's own shutdown hook closes the terminal: the report goes on without the table
        }
    }
}
