package io.wspool.examples;

import java.io.PrintStream;
import java.time.Duration;

/** Shows a run while it goes on. One thread at a time. */
interface Board extends AutoCloseable {
    /** How often it wants to be shown new figures. */
    Duration period();

    void show(Figures figures);

    /** Leaves the screen so that what is printed next stands below. */
    @Override
    void close();

    /** A live table where standard output is a terminal, else one line a second. On Ctrl-C a terminal calls {@code onInterrupt}. */
    static Board open(String header, EventLog events, PrintStream out, Runnable onInterrupt) {
        Board table = out == System.out ? TerminalBoard.openOrNull(header, events, onInterrupt) : null;
        return table != null ? table : new LineBoard(header, events, out);
    }
}
