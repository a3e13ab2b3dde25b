package io.wspool.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that is spoken to in lines: commands on its standard input, one line of JSON for each on its standard output. What it says
 * on standard error goes into a file. Not for several threads.
 */
final class LineProcess implements AutoCloseable {
    /** The process has ended, is silent for too long, or says nothing that can be understood. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;
        private final String reason;

        Broken(String message) {
            super(message);
            this.reason = message;
        }

        String reason() {
            return reason;
        }
    }

    private static final Duration GOODBYE = Duration.ofSeconds(5);
    private static final Duration LAST_WAIT = Duration.ofSeconds(2);

    private final Process process;
    /** For a report that is ended by a signal: a process that is stopped does not see the end of its input, ever. */
    private final Thread end;

    private final Writer input;
    private final Path errors;
    /** Stands in the queue behind the last line of its output: no line of ours has a control character. */
    private static final String END = "\u0004";

    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();

    LineProcess(List<String> command, Path errors) throws Broken {
        this.errors = errors;
        try {
            Files.createDirectories(errors.toAbsolutePath().getParent());
            process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        } catch (IOException e) {
            throw new Broken("cannot start " + command.get(0) + ": " + e.getMessage());
        }
        end = new Thread(this::end, "end of " + command.get(0));
        try {
            Runtime.getRuntime().addShutdownHook(end);
        } catch (IllegalStateException e) {
            end();
            throw new Broken("the report is being ended");
        }
        input = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(() -> read(process.getInputStream()), "output of " + command.get(0));
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream stream) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.add(line);
            }
        } catch (IOException | UncheckedIOException e) {
            // the process was destroyed: the end, as below
        } finally {
            output.add(END);
        }
    }

    /** At once, and also if it is stopped. */
    private void end() {
        process.destroyForcibly();
        try {
            process.waitFor(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    long pid() {
        return process.pid();
    }

    void send(String command) throws Broken {
        try {
            input.write(command + "\n");
            input.flush();
        } catch (IOException e) {
            throw new Broken(ending());
        }
    }

    /** The next line; a line that is no JSON is skipped, since libraries greet on standard output. */
    String next(Duration patience) throws Broken {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            String line = poll(deadline - System.nanoTime());
            if (line == null) {
                process.destroyForcibly();
                throw new Broken("said nothing for " + patience.toSeconds() + " s and was ended");
            }
            if (line.equals(END)) {
                throw new Broken(ending());
            }
            if (line.startsWith("{")) {
                return line;
            }
        }
    }

    private @Nullable String poll(long nanos) throws Broken {
        try {
            return output.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Broken("interrupted");
        }
    }

    /** How it ended, with the first thing it said that is no warning. */
    private String ending() {
        try {
            String how = process.waitFor(1, TimeUnit.SECONDS)
                    ? "ended with exit code " + process.exitValue()
                    : "closed its output";
            List<String> said = Files.readAllLines(errors, StandardCharsets.UTF_8).stream()
                    .filter(l -> !l.isBlank() && !l.startsWith("WARNING"))
                    .toList();
            return said.isEmpty() ? how : how + ": " + said.get(0);
        } catch (IOException e) {
            return "ended; what it said cannot be read";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** Ends its input, waits, and ends it if that does not help. */
    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            // it is gone already
        }
        try {
            if (!process.waitFor(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            // it runs already
        }
        try {
            if (Files.size(errors) == 0) {
                Files.delete(errors);
            }
        } catch (IOException e) {
            // an empty file stays
        }
    }
}
