package io.wspool.examples;

import io.wspool.api.Check;
import io.wspool.api.LoopMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the demo can be told on its command line. */
@Command(
        name = "java -jar demo.jar",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "A pool of WebSocket channels receives prices and sends orders, while its server is made to fail.",
            "It ends by itself; the exit status is 0 only if every accepted order is accounted for."
        })
final class DemoOptions {
    static final int MOST_CHANNELS = 64;
    static final int MOST_PER_SECOND = 100_000;
    static final int MOST_SECONDS = 86_400;
    static final int MOST_ORDERS = 50_000_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            converter = WebSocketUri.class,
            description =
                    "your own server, ws://... or wss://..., instead of the one inside; one that is not there yet is"
                            + " waited for, at most a minute. Orders go to it as binary messages of 48 bytes. No chaos.")
    @Nullable
    URI url;

    @Option(names = "--channels", paramLabel = "N", description = "parallel connections (default: ${DEFAULT-VALUE})")
    int channels = 4;

    @Option(names = "--rate", paramLabel = "N", description = "orders a second (default: ${DEFAULT-VALUE})")
    int rate = 1000;

    @Option(names = "--seconds", paramLabel = "N", description = "how long (default: ${DEFAULT-VALUE})")
    int seconds = 60;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Mode.class,
            defaultValue = "sleeping",
            description =
                    "sleeping: the pool has a thread of its own; polled: the main thread drives it, and keeps a core busy"
                            + " (default: ${DEFAULT-VALUE})")
    LoopMode mode = LoopMode.SLEEPING;

    @Option(names = "--no-chaos", description = "let the server live in peace")
    boolean noChaos;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "says this")
    boolean help;

    boolean chaos() {
        return !noChaos && url == null;
    }

    /** The number of orders in the whole run. */
    int orders() {
        return rate * seconds;
    }

    /** Refuses what cannot work. */
    void check() {
        try {
            Check.within("--channels", channels, 1, MOST_CHANNELS);
            Check.within("--rate", rate, 1, MOST_PER_SECOND);
            Check.within("--seconds", seconds, 1, MOST_SECONDS);
            long orders = (long) rate * seconds;
            Check.require(
                    orders <= MOST_ORDERS,
                    "--rate x --seconds",
                    orders,
                    "<= " + MOST_ORDERS + ": the demo keeps a book of every order");
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private CommandLine commandLine() {
        return spec == null ? new CommandLine(this) : spec.commandLine();
    }

    /** Accepts what the pool can dial. */
    static final class WebSocketUri implements CommandLine.ITypeConverter<URI> {
        @Override
        public URI convert(String value) {
            URI uri;
            try {
                uri = new URI(value);
            } catch (URISyntaxException e) {
                throw refused(value, "a URL, but: " + e.getReason());
            }
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("ws") && !scheme.equals("wss")) {
                throw refused(value, "a URL that begins with ws:// or wss://");
            }
            if (uri.getHost() == null) {
                throw refused(value, "a URL with a host, like wss://gateway.example/ws");
            }
            if (uri.getFragment() != null) {
                throw refused(value, "a URL without a fragment (#...)");
            }
            return uri;
        }
    }

    /** Accepts a mode by its short name. */
    static final class Mode implements CommandLine.ITypeConverter<LoopMode> {
        @Override
        public LoopMode convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "sleeping" -> LoopMode.SLEEPING;
                case "polled" -> LoopMode.CALLER_POLLED;
                default -> throw refused(value, "sleeping or polled");
            };
        }
    }

    private static CommandLine.TypeConversionException refused(String value, String bound) {
        return new CommandLine.TypeConversionException("'" + value + "' must be " + bound);
    }
}
