package io.wspool.bench;

import io.wspool.bench.Plan.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
            "  latency-report                               about five minutes",
            "  latency-report --full --out /tmp/report      everything, about fourteen minutes",
            "  latency-report --work rtt --clients c,wspool one work, two clients",
            "  latency-report --url ws://10.0.0.5:8080/echo against your own echo server",
            "",
            "Nothing else should run meanwhile. A contender that cannot run (no compiler, no Boost) is marked absent with the reason.",
        })
public final class LatencyReport implements Callable<Integer> {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration START = Duration.ofSeconds(30);

    @Option(names = "--quick", description = "Under 60 s once built: three groups, wide intervals.")
    private boolean quick;

    @Option(names = "--full", description = "All groups and narrow intervals: about 14 minutes, at most 45.")
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
                    + " rtt-sleeping-1k, rtt-wss-64, tp, tp-polled, tp-sleeping, tp-4-channels, fanin, warmup, divert, open,"
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
                            + " only rtt, tp and open are run.")
    private @Nullable URI url;

    @Option(names = "--help", usageHelp = true, description = "This text.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Option(names = "--seed", paramLabel = "N", description = "Draws the order of the rounds. Default: from the clock.")
    private @Nullable Long seed;

    private final Console console = new Console(System.out);
    private final List<Series> all = new ArrayList<>();
    private final Map<String, Object> machine = new LinkedHashMap<>();
    private List<Ratio> dispatch = DispatchCost.unknown("measured with --full or --work dispatch");

    private Path out = Path.of("pool-bench/target/latency-report");

    private LatencyReport() {}

    /** Exit code 0 when a report was written, 1 when nothing could be measured, 2 for wrong options. */
    public static void main(String[] arguments) {
        LatencyReport report = new LatencyReport();
        report.machine.put("command", "pool-bench/latency-report " + String.join(" ", arguments));
        System.exit(new CommandLine(report)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    System.err.println("latency-report: " + (e.getMessage() == null ? e : e.getMessage()));
                    return e instanceof IllegalArgumentException ? 2 : 1;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Level level = quick ? Level.QUICK : full ? Level.FULL : Level.MIDDLE;
        List<Group> groups = Options.choose(level, quick && full, work, clients, url);
        boolean withDispatch = (full && work.isEmpty()) || work.contains("dispatch");
        long chosenSeed = seed == null ? System.nanoTime() : seed;
        List<Integer> processors = Machine.pinnable();
        describe(level, chosenSeed, processors);
        if (directory != null) {
            // the script runs in the project's directory, wherever it was called
            out = Path.of(System.getProperty("latency-report.directory", "")).resolve(directory);
        }
        Files.createDirectories(out);
        double seconds = groups.stream().mapToDouble(Group::estimateSeconds).sum() + (withDispatch ? 35 : 0);
        console.say("%d groups, about %s; files go to %s", groups.size(), Console.span(seconds), out.toAbsolutePath());

        ProcessTools tools = new ProcessTools(out.resolve("native"), url, processors);
        Rounds rounds = new Rounds(tools, out.resolve("log"), console, chosenSeed, GRACE, START);
        long begin = System.nanoTime();
        for (Group group : groups) {
            double passed = (System.nanoTime() - begin) / 1e9;
            console.say("");
            console.say("[%d/%d] %s: %s", groups.indexOf(group) + 1, groups.size(), group.name(), group.title());
            List<Series> series;
            if (passed + group.estimateSeconds() > level.limitSeconds) {
                series = Rounds.series(group);
                series.forEach(s -> s.trouble = "not begun: the time of the run was over");
                console.say("  not begun: the time of the run is over");
            } else {
                series = run(rounds, group);
            }
            all.addAll(series);
            series.stream().filter(s -> !s.absent()).forEach(console::result);

            write();
        }
        if (withDispatch) {
            console.say("");
            console.say("dispatch: the JMH benchmark of one choice, about half a minute");
            dispatch = DispatchCost.measure(out);
        }
        machine.put("load at the end", Machine.load());
        machine.put("took", Console.span((System.nanoTime() - begin) / 1e9));
        List<Ratio> ratios = write();
        console.goals(ratios);
        console.say("");
        console.say("report: %s", out.resolve("report.html").toAbsolutePath());
        return all.stream().allMatch(Series::absent) && !withDispatch ? 1 : 0;
    }

    private List<Series> run(Rounds rounds, Group group) {
        return switch (group.load().work()) {
            case "open" -> new OpenLoop(rounds).run(group, all);
            case "notice" -> new Notice(rounds).run(group);
            default -> rounds.run(group);
        };
    }

    private void describe(Level level, long chosenSeed, List<Integer> processors) {
        machine.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        Map<String, Object> facts = Machine.describe();
        machine.putAll(facts);
        double busy = Machine.busyPercent();
        machine.put("load at the start", Machine.load());
        machine.put("busy before the start", String.format(Locale.ROOT, "%.0f %% of all processors", busy));
        machine.put(
                "pinning",
                processors.isEmpty()
                        ? "none: no taskset, or one processor only"
                        : "where the server spins: server on processor " + processors.get(0) + ", clients on "
                                + processors.get(1) + "; sleeping groups are not pinned");
        machine.put("level", level.name().toLowerCase(Locale.ROOT));
        machine.put("order", "drawn anew for each round, seed " + chosenSeed);
        machine.put("JVM options", "-Xms256m -Xmx256m -XX:+UseParallelGC; idle channels: 1024m");
        machine.put(
                "coordinated omission",
                "open loops: latency counts from the time a message was to be sent, whenever it was sent; all other works"
                        + " wait for answers before they send, and their latencies say nothing about a fixed rate");
        machine.put("network", "loopback");
        if (busy > 10) {
            console.say(
                    "WARNING: the machine is busy (%.0f %% before the start). Other work makes every figure worthless; the report says so.",
                    busy);
            machine.put("warning", "the machine was busy when the run began");
        }
        facts.forEach((key, value) -> console.say("%-12s %s", key, value));
    }

    /** After each group, so that a run that is broken off leaves what it has. */
    private List<Ratio> write() {
        try {
            List<Ratio> ratios = Ratios.of(all, dispatch);
            HistogramFiles.write(out, all);
            Files.writeString(out.resolve("results.json"), ResultsJson.of(machine, all, ratios));
            Files.writeString(out.resolve("report.html"), ReportPage.of(machine, all, ratios));
            return ratios;
        } catch (IOException e) {
            throw new UncheckedIOException("the report cannot be written: " + e.getMessage(), e);
        }
    }
}
