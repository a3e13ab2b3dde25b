package io.wspool.bench;

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
import org.jspecify.annotations.Nullable;

/** One run of the report: group after group, and the files after each, so that a run that is broken off leaves what it has. */
final class Run {
    /** A round ends when its answers are in; a client that lost some waits for them. */
    private static final Duration GRACE = Duration.ofSeconds(10);
    /** For a JVM to start and to connect: 10,000 channels take a while. */
    private static final Duration START = Duration.ofSeconds(60);

    /** In the project's directory, where the script runs: what was compiled serves the next run too. */
    private static final Path NATIVE = Path.of("pool-bench/target/native").toAbsolutePath();

    private static final String ANY_CERTIFICATE = "any is accepted, none is verified: this is for measuring";

    private static final int BUSY_PERCENT = 10;
    private static final int DISPATCH_SECONDS = 35;

    private final Path out;
    private final Level level;
    private final int limitSeconds;
    private final long seed;
    private final @Nullable URI url;
    private final Console console;
    private final Pinning pinning = Machine.pinning();
    private final Map<String, Object> machine = new LinkedHashMap<>();
    private final List<Series> all = new ArrayList<>();
    private List<Ratio> dispatch = DispatchCost.unknown("measured with --full or --work dispatch");
    private Instant begun = Instant.now();
    private long begin = System.nanoTime();
    private boolean busy;

    /** A group that would end after {@code limitSeconds} is not begun. */
    Run(Path out, Level level, int limitSeconds, long seed, @Nullable URI url, Console console) {
        this.out = out;
        this.level = level;
        this.limitSeconds = limitSeconds;
        this.seed = seed;
        this.url = url;
        this.console = console;
    }

    /** Notes where and how this is run, and warns when something else runs too. */
    void describe(String commandLine) {
        begun = Instant.now();
        double busyPercent = Machine.busyPercent();
        busy = busyPercent > BUSY_PERCENT;
        Map<String, Object> facts = Machine.describe();
        machine.put("command", commandLine);
        machine.put("date", begun.truncatedTo(ChronoUnit.SECONDS).toString());
        machine.putAll(facts);
        machine.put("busy before the start", String.format(Locale.ROOT, "%.0f %% of all processors", busyPercent));
        machine.put("load at the start", Machine.load());
        machine.put("pinning", url == null ? pinning.toString() : "none: the server is not ours");
        machine.put("level", level.name().toLowerCase(Locale.ROOT));
        machine.put("order", "drawn anew for each round, --seed " + seed);
        machine.put(
                "JVM options",
                String.join(" ", ProcessTools.JVM_OPTIONS) + "; for idle channels 1 GiB; for wss "
                        + ProcessTools.NO_LEAK_DETECTOR);
        machine.put(
                "coordinated omission",
                "open loops: latency counts from the time a message was to be sent, whenever it was sent; all other works wait for"
                        + " answers before they send, and their latencies say nothing about a fixed rate");
        machine.put("network", url == null ? "loopback" : "to " + url);
        if (url != null && "wss".equals(url.getScheme())) {
            machine.put("certificate", ANY_CERTIFICATE);
            console.say("%-12s %s", "certificate", ANY_CERTIFICATE);
        }
        facts.forEach((key, value) -> console.say("%-12s %s", key, value));
        if (busy) {
            console.say(
                    "WARNING: the machine is busy (%.0f %%). Other work makes every figure worthless; the report says so.",
                    busyPercent);
            machine.put("warning", "the machine was busy when the run began");
        }
    }

    void groups(List<Group> groups, boolean withDispatch) throws IOException {
        Files.createDirectories(out);
        OwnFiles.removeFrom(out);
        double estimate =
                groups.stream().mapToDouble(Group::estimateSeconds).sum() + (withDispatch ? DISPATCH_SECONDS : 0);
        console.say("%s, about %s; files go to %s", Html.count(groups.size(), "group"), Console.span(estimate), out);
        ProcessTools tools = new ProcessTools(new NativeBuild(NATIVE), url, pinning);
        groups.forEach(tools::prepare);
        begin = System.nanoTime();
        Rounds rounds = new Rounds(tools, out.resolve(OwnFiles.LOGS), console, seed, GRACE, START);
        for (Group group : groups) {
            console.say("");
            console.say("[%d/%d] %s: %s", groups.indexOf(group) + 1, groups.size(), group.name(), group.title());
            List<Series> series = inTime(group) ? run(rounds, group) : notBegun(group);
            all.addAll(series);
            series.stream().filter(s -> !s.absent()).forEach(console::result);
            write();
        }
        if (withDispatch) {
            console.say("");
            console.say("dispatch: the JMH benchmark of one choice, about half a minute");
            dispatch = DispatchCost.measure(out);
        }
    }

    private boolean inTime(Group group) {
        return seconds() + group.estimateSeconds() <= limitSeconds;
    }

    private double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }

    private List<Series> notBegun(Group group) {
        console.say("  not begun: the time of the run is over");
        List<Series> series = Rounds.series(group);
        series.forEach(s -> s.trouble = "not begun: the time of the run was over");
        return series;
    }

    private List<Series> run(Rounds rounds, Group group) {
        return switch (group.load().work()) {
            case "open" -> new OpenLoop(rounds).run(group, all);
            case "notice" -> new Notice(rounds).run(group);
            case "idle" -> oneByOne(rounds, group);
            default -> rounds.run(group);
        };
    }

    /** Each with a server of its own: together they would want more sockets than a process may have. */
    private static List<Series> oneByOne(Rounds rounds, Group group) {
        List<Series> series = new ArrayList<>();
        for (Contender contender : group.contenders()) {
            series.addAll(rounds.run(group.with(group.load(), List.of(contender))));
        }
        return series;
    }

    /** Whether anything was measured. */
    boolean finish() {
        machine.put("load at the end", Machine.load());
        machine.put("took", Console.span(seconds()));
        List<Ratio> ratios = write();
        console.goals(ratios, circumstances());
        console.say("");
        console.say("report: %s", out.resolve(OwnFiles.PAGE));
        return all.stream().anyMatch(s -> !s.absent()) || ratios.stream().anyMatch(r -> r.interval() != null);
    }

    private Circumstances circumstances() {
        return new Circumstances(machine, begun, level == Level.QUICK, busy);
    }

    private List<Ratio> write() {
        try {
            List<Ratio> ratios = Ratios.of(all, dispatch);
            HistogramFiles.write(out, all, begun);
            Files.writeString(out.resolve(OwnFiles.RESULTS), ResultsJson.of(machine, all, ratios));
            Files.writeString(out.resolve(OwnFiles.PAGE), ReportPage.of(circumstances(), all, ratios));
            return ratios;
        } catch (IOException e) {
            throw new UncheckedIOException("the report cannot be written: " + e.getMessage(), e);
        }
    }
}
