package io.wspool.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code pool-bench/latency-report}. */
@Command(
        name = "latency-report",
        mixinStandardHelpOptions = false,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Measures the pool beside other WebSocket clients and beside C on a raw socket, in short interleaved rounds, and writes"
                    + " report.html, results.json and HdrHistogram's files.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latency-report --quick                       is all in place? under a minute",
            "  latency-report                               about seven minutes",
            "  latency-report --full --out /tmp/report      everything, about half an hour",
            "  latency-report --work rtt --clients c,wspool one work, two clients",
            "  latency-report --url ws://10.0.0.5:8080/echo against your own echo server",
            "",
            "Nothing else should run meanwhile. A contender that cannot run (no compiler, no Boost) is marked absent with the reason.",
        })
public final class LatencyReport implements Callable<Integer> {

    private static final String DEFAULT_DIRECTORY = "pool-bench/target/latency-report";

    @Option(names = "--quick", description = "Under 60 s once built: three groups, wide intervals.")
    private boolean quick;

    @Option(names = "--full", description = "All groups and narrow intervals: about half an hour, at most 45 minutes.")
    private boolean full;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the files go. Default: pool-bench/target/latency-report of the project.")
    private @Nullable Path directory;

    @Option(
            names = "--work",
            paramLabel = "NAME",
            split = ",",
            description = "Only these, by the beginning of a name: rtt, rtt-polled-64, rtt-sleeping-64, rtt-polled-1k,"
                    + " rtt-sleeping-1k, rtt-wss-64, rtt-wss-sleeping-64, tp, tp-polled, tp-sleeping, tp-4-channels,"
                    + " tp-4-sleeping, fanin, fanin-sleeping, warmup, divert, open,"
                    + " open-polled, open-sleeping, senders, idle, notice, dispatch.")
    private List<String> work = List.of();

    @Option(
            names = "--clients",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Only these: c, beast, wspool, netty, vertx, jdk, okhttp, java-websocket, jetty, reactor-netty.")
    private List<String> clients = List.of();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "A ws:// or wss:// echo server of yours in place of ours. It must send each message back as it came;"
                            + " only rtt, tp and open are run. With wss any certificate is accepted: this is for measuring.")
    private @Nullable URI url;

    @Option(names = "--help", usageHelp = true, description = "This text.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Option(names = "--seed", paramLabel = "N", description = "Draws the order of the rounds. Default: from the clock.")
    private @Nullable Long seed;

    private final String commandLine;

    private LatencyReport(String commandLine) {
        this.commandLine = commandLine;
    }

    /** Exit code 0 when a report was written, 1 when nothing could be measured, 2 for wrong options. */
    public static void main(String[] arguments) {
        String line = ("pool-bench/latency-report " + String.join(" ", arguments)).trim();
        System.exit(new CommandLine(new LatencyReport(line))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    System.err.println("latency-report: " + (e.getMessage() == null ? e : e.getMessage()));
                    return e instanceof IllegalArgumentException ? 2 : 1;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Level level = quick ? Level.QUICK : full ? Level.FULL : Level.MIDDLE;
        List<Group> groups = Options.choose(level, quick && full, work, clients, url);
        boolean withDispatch = url == null && ((full && work.isEmpty()) || work.contains("dispatch"));
        // the script runs in the project's directory, wherever it was called
        Path called = Path.of(System.getProperty("latency-report.directory", ""));
        Path out = Options.directory(directory == null ? Path.of(DEFAULT_DIRECTORY) : called.resolve(directory));
        long order = seed == null ? System.nanoTime() % 1_000_000 : seed;
        // what is asked for by name is run, quick or not
        int limit = (work.isEmpty() ? level : Level.FULL).limitSeconds;
        Run run = new Run(out, level, limit, order, url, new Console(System.out));
        run.describe(commandLine);
        run.groups(groups, withDispatch);
        return run.finish() ? 0 : 1;
    }
}
