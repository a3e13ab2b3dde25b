package io.wspool.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
            "  latency-report --full --out /tmp/report      everything, 30 to 40 minutes",
            "  latency-report --work rtt --clients c,wspool one work, two clients",
            "  latency-report --url ws://10.0.0.5:8080/echo against your own echo server",
            "",
            "Nothing else should run meanwhile. A contender that cannot run (no compiler, no Boost) is marked absent with the reason.",
        })
public final class LatencyReport implements Callable<Integer> {

    private static final String DEFAULT_DIRECTORY = "pool-bench/target/latency-report";

    @Option(
            names = "--quick",
            description =
                    "Is all in place? Under 60 s once built: three groups, with intervals too wide to judge a goal.")
    private boolean quick;

    @Option(names = "--full", description = "All groups and narrow intervals: 30 to 40 minutes.")
    private boolean full;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the files go. Default: pool-bench/target/latency-report of the project.")
    private @Nullable Path directory;

    @Option(
            names = "--work",
            paramLabel = "NAME",
            description =
                    "Only these, by the beginning of a name, with commas between several: rtt, rtt-polled-64, rtt-sleeping-64, rtt-polled-1k,"
                            + " rtt-sleeping-1k, rtt-wss-64, rtt-wss-sleeping-64, tp, tp-polled, tp-sleeping, tp-4-channels,"
                            + " tp-4-sleeping, fanin, fanin-sleeping, warmup, divert, open,"
                            + " open-polled, open-sleeping, senders, idle, notice, dispatch. What is asked for by name is run whole,"
                            + " however long it takes, whatever --quick says.")
    private @Nullable List<String> work;

    @Option(
            names = "--clients",
            paramLabel = "NAME",
            description =
                    "Only these, with commas between several: c, beast, wspool, netty, vertx, jdk, okhttp, java-websocket, jetty, reactor-netty.")
    private @Nullable List<String> clients;

    @Option(
            names = "--url",
            paramLabel = "URL",
            converter = Url.class,
            description =
                    "A ws:// or wss:// echo server of yours in place of ours. It must send each message back as it came;"
                            + " only rtt, tp and open are run. With wss any certificate is accepted: this is for measuring.")
    private @Nullable URI url;

    @Option(names = "--help", usageHelp = true, description = "This text.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Draws the order of the rounds. Default: from the clock.")
    private @Nullable Long seed;

    @Spec
    private @Nullable CommandSpec spec;

    private final String commandLine;

    private LatencyReport(String commandLine) {
        this.commandLine = commandLine;
    }

    /** Exit code 0 when a report was written, 1 when nothing could be measured, 2 for wrong options. */
    public static void main(String[] arguments) {
        System.exit(commandLine(arguments).execute(arguments));
    }

    /** All but the exit. */
    static CommandLine commandLine(String... arguments) {
        String text = ("pool-bench/latency-report " + String.join(" ", arguments)).trim();
        return new CommandLine(new LatencyReport(text))
                .setParameterExceptionHandler((e, wrong) -> {
                    PrintWriter err = e.getCommandLine().getErr();
                    err.println("latency-report: " + e.getMessage());
                    err.println("--help lists the options");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println("latency-report: " + (e.getMessage() == null ? e : e.getMessage()));
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    @Override
    public Integer call() throws IOException {
        Level level = quick ? Level.QUICK : full ? Level.FULL : Level.MIDDLE;
        // the script runs in the project's directory, wherever it was called
        Path called = Path.of(System.getProperty("latency-report.directory", ""));
        List<String> works;
        List<Group> groups;
        Path out;
        try {
            works = Options.names("--work", work);
            groups = Options.choose(level, quick && full, works, Options.names("--clients", clients), url);
            out = Options.directory(directory == null ? Path.of(DEFAULT_DIRECTORY) : Options.under(called, directory));
        } catch (IllegalArgumentException e) {
            CommandLine line = Objects.requireNonNull(spec).commandLine();
            throw new ParameterException(line, String.valueOf(e.getMessage()), e);
        }
        boolean withDispatch = url == null && ((full && works.isEmpty()) || works.contains("dispatch"));
        long order = seed == null ? System.nanoTime() % 1_000_000 : seed;
        // what is asked for by name is run, quick or not
        int limit = (works.isEmpty() ? level : Level.FULL).limitSeconds;
        Run run = new Run(out, level, limit, order, url, new Console(System.out));
        run.describe(commandLine);
        run.groups(groups, withDispatch);
        return run.finish() ? 0 : 1;
    }

    /** What an URL must be beside one, {@link Options} says. */
    static final class Url implements ITypeConverter<URI> {
        @Override
        public URI convert(String value) {
            try {
                return new URI(value);
            } catch (URISyntaxException e) {
                throw new TypeConversionException("'" + value + "' must be a URL, but: " + e.getReason());
            }
        }
    }

    /** Says what a number looks like, instead of the name of its type. */
    static final class WholeNumber implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            try {
                return Long.valueOf(value);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + value + "' must be a whole number");
            }
        }
    }
}
