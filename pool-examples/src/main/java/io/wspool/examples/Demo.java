package io.wspool.examples;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** The demo's entry: reads the options, runs, and tells by the exit status whether every order is accounted for. */
public final class Demo {
    /** Every check held. */
    static final int HOLDS = 0;

    /** A check failed, or the run could not be made. */
    static final int FAILED = 1;

    /** The command line was wrong. */
    static final int USAGE = 2;

    private static final int NOT_ENDED = -1;
    private static final long LAST_WORDS_SECONDS = 20;

    private final PrintStream out;
    private final PrintStream err;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int status = NOT_ENDED;

    Demo(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        // before the first class of Undertow: JBoss Logging would choose a logger that prints
        System.setProperty("org.jboss.logging.provider", "slf4j");
        Demo demo = new Demo(System.out, System.err);
        Runtime.getRuntime().addShutdownHook(new Thread(demo::endEarly, "ctrl-c"));
        System.exit(demo.run(args));
    }

    /** Runs to the end and answers the exit status. */
    int run(String... args) {
        int result = FAILED;
        try {
            result = execute(args);
            return result;
        } finally {
            status = result;
            ended.countDown();
        }
    }

    /** Asks a run to end now, with its report. Any thread. */
    void stop() {
        stop.countDown();
    }

    private int execute(String... args) {
        DemoOptions options = new DemoOptions();
        CommandLine line = new CommandLine(options);
        try {
            line.parseArgs(args);
            if (options.help) {
                line.usage(out);
                return HOLDS;
            }
            options.check();
        } catch (CommandLine.ParameterException e) {
            err.println(e.getMessage());
            err.println("--help lists the options");
            return USAGE;
        }
        try {
            return new DemoRun(options, out, stop).run() ? HOLDS : FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        } catch (IllegalStateException e) {
            err.println(e.getMessage()); // a class path that the pool cannot run on, in its own words
            return FAILED;
        }
    }

    /** On Ctrl-C: the report comes all the same, and the status is that of the run. */
    private void endEarly() {
        if (status != NOT_ENDED) {
            return; // it has ended by itself
        }
        stop();
        try {
            if (ended.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                out.flush();
                Runtime.getRuntime().halt(status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
