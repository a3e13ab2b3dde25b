package io.wspool.bench.client;

import java.net.URI;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the driver asks of one client. */
@Command(name = "client", description = "One contender of the latency report, driven by standard input.")
final class ClientOptions {
    /** What the works put in front of each payload. */
    static final int SEQUENCE_BYTES = Long.BYTES;

    private static final int MOST_BYTES = 65_535;

    @Option(names = "--host", description = "Server; an IPv6 address without brackets. Default: ${DEFAULT-VALUE}")
    String host = "127.0.0.1";

    @Option(names = "--port", required = true, description = "Its port.")
    int port;

    @Option(names = "--path", description = "Path of the URL, with its query. Default: ${DEFAULT-VALUE}")
    String path = "/";

    @Option(names = "--tls", description = "wss; any certificate is trusted.")
    boolean tls;

    @Option(
            names = "--client",
            required = true,
            description = "wspool, netty, jdk, okhttp, java-websocket, vertx, jetty or reactor-netty.")
    String client = "";

    @Option(
            names = "--mode",
            description =
                    "wspool: polled, waiting, sleeping, spinning; netty: spin, waiting, sleeping, spinning; others: sleeping.")
    String mode = "sleeping";

    @Option(
            names = "--variant",
            split = ",",
            description =
                    "wspool: pool4 (three more channels), nomask (masking keys of zero), probesoff; netty: heartbeat, tlsonly (SslHandler without a codec).")
    Set<String> variants = Set.of();

    @Option(
            names = "--work",
            description = "pp, tp, open, fanin, senders; idle, warmup, divert, notice. Default: ${DEFAULT-VALUE}")
    String work = "pp";

    @Option(names = "--bytes", description = "Payload of a message. Default: ${DEFAULT-VALUE}")
    int bytes = 64;

    @Option(names = "--window", description = "Messages outstanding on a connection. Default: ${DEFAULT-VALUE}")
    int window = 1;

    @Option(names = "--channels", description = "Connections. Default: ${DEFAULT-VALUE}")
    int channels = 1;

    @Option(names = "--threads", description = "Threads that send, work senders. Default: ${DEFAULT-VALUE}")
    int threads = 1;

    @Option(names = "--rate", description = "Messages a second, work open. Default: ${DEFAULT-VALUE}")
    double rate = 1_000;

    @Option(names = "--warmup-ms", description = "Length of the warm-up. Default: ${DEFAULT-VALUE}")
    long warmupMillis = 500;

    @Option(
            names = "--settle-ms",
            description =
                    "The warm-up goes on until the JIT has come to rest, for at most so long. Default: ${DEFAULT-VALUE}")
    long settleMillis;

    @Option(
            names = "--patience-ms",
            description = "How long after a round's end missing answers are waited for. Default: ${DEFAULT-VALUE}")
    long patienceMillis = 2_000;

    /** Refuses what no work can do. */
    void check() {
        if (bytes < SEQUENCE_BYTES || bytes > MOST_BYTES) {
            throw new IllegalArgumentException("--bytes must be " + SEQUENCE_BYTES + " to " + MOST_BYTES);
        }
        if (window < 1 || channels < 1 || threads < 1 || rate <= 0) {
            throw new IllegalArgumentException("--window, --channels, --threads and --rate must be positive");
        }
    }

    /** Whether the sending thread sleeps while others work; the native clients call it so. */
    boolean sleeping() {
        return mode.equals("sleeping") || mode.equals("block");
    }

    URI uri() {
        return URI.create(
                (tls ? "wss://" : "ws://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + path);
    }

    IllegalArgumentException noSuchMode() {
        return new IllegalArgumentException(client + " has no mode " + mode);
    }
}
