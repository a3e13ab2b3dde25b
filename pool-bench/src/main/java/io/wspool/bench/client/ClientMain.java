package io.wspool.bench.client;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * One contender as a process: connects, warms up, says that it is ready, then answers the commands on standard input, each with one
 * line of JSON: {@code round MILLIS}, {@code rate R}, {@code quit}.
 */
public final class ClientMain {
    private static final long CLOSE_NANOS = 3_000_000_000L;
    private static final long PIECE_MILLIS = 250;
    /** In so many pieces one after the other the JIT must have been calm. */
    private static final int CALM_PIECES = 3;

    private static final long CALM_MILLIS = 5;

    private final PrintStream out;
    private final ClientOptions options = new ClientOptions();

    private ClientMain(PrintStream out) {
        this.out = out;
    }

    /** Starts the caller's thread, for which Netty's thread-local caches work, and ends the JVM when it is done. */
    public static void main(String[] args) {
        PrintStream screen = System.out;
        System.setOut(System.err); // lines of libraries are no answers
        Thread caller = new FastThreadLocalThread(() -> System.exit(new ClientMain(screen).run(args)), "caller");
        caller.start();
    }

    private int run(String[] args) {
        try {
            new CommandLine(options).parseArgs(args);
            options.check();
            try (Work work = Works.of(options)) {
                work.open();
                if (work.warmsUp()) {
                    warmUp(work);
                }
                out.println("{\"ready\":true,\"client\":" + quoted(options.client) + ",\"version\":"
                        + quoted(work.version()) + ",\"note\":" + quoted(work.note()) + "}");
                commands(work);
                endSoon();
            }
            return 0;
        } catch (ParameterException | IllegalArgumentException e) {
            return failed(e.getMessage());
        } catch (Exception | LinkageError e) {
            e.printStackTrace();
            return failed(e.toString());
        }
    }

    /** Until the JIT has come to rest: what it compiles later is no cost of a message. */
    private void warmUp(Work work) throws Exception {
        work.round(options.warmupMillis);
        CompilationMXBean jit = ManagementFactory.getCompilationMXBean();
        int calm = 0;
        for (long left = options.settleMillis; left > 0 && calm < CALM_PIECES; left -= PIECE_MILLIS) {
            long before = jit.getTotalCompilationTime();
            work.round(PIECE_MILLIS);
            calm = jit.getTotalCompilationTime() - before <= CALM_MILLIS ? calm + 1 : 0;
        }
    }

    /** The driver does not wait for a library that is slow to close. */
    private static void endSoon() {
        Thread end = new Thread(
                () -> {
                    LockSupport.parkNanos(CLOSE_NANOS);
                    Runtime.getRuntime().halt(0);
                },
                "end");
        end.setDaemon(true);
        end.start();
    }

    private int failed(@Nullable String why) {
        out.println("{\"error\":" + quoted(String.valueOf(why)) + "}");
        return 1;
    }

    private void commands(Work work) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
            String[] words = line.trim().split(" ", -1);
            if (words.length == 2 && words[0].equals("round")) {
                out.println(work.round(Long.parseLong(words[1])).toJson());
            } else if (words.length == 2 && words[0].equals("rate")) {
                options.rate = Double.parseDouble(words[1]);
                options.check();
                out.println("{\"rate\":" + words[1] + "}");
            } else {
                throw new IOException("unknown command: " + line);
            }
        }
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else {
                quoted.append(c < ' ' ? ' ' : c);
            }
        }
        return quoted.append('"').toString();
    }
}
