package io.wspool.examples;

import io.wspool.WebSocketPool;
import io.wspool.api.LatencyInterval;
import io.wspool.api.LatencyLog;
import io.wspool.api.LatencyReader;
import io.wspool.api.LatencySettings;
import io.wspool.api.LatencyStage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Requests to a server that sends each message back, one every ten milliseconds, measured stage by stage: a line a second on the
 * console, and a log for HdrHistogram's tools in the file that is the second argument, by default {@code requests.hlog}.
 */
public final class MeasuredRequests {
    private static final Duration BETWEEN = Duration.ofMillis(10);
    private static final int SECONDS = 3;
    private static final int PER_SECOND = 100;

    private MeasuredRequests() {}

    public static void main(String[] args) throws Exception {
        try (WebSocketPool pool = WebSocketPool.to(args[0])
                        .latency(LatencySettings.ON.withRequests(1_024).withExpectedInterval(BETWEEN))
                        .onMessage((channel, reply) -> channel.replied(
                                reply.content().getLong(reply.content().readerIndex())))
                        .start();
                LatencyLog log = pool.latency().hlog(Path.of(args.length > 1 ? args[1] : "requests.hlog"))) {
            pool.awaitReady(Duration.ofSeconds(5));
            LatencyReader reader = pool.latency().newReader();
            ByteBuffer request = ByteBuffer.allocateDirect(Long.BYTES);
            for (long id = 1; id <= SECONDS * PER_SECOND; id++) {
                request.putLong(0, id);
                pool.send(request, id); // the token is what replied() is told
                Thread.sleep(BETWEEN.toMillis());
                if (id % PER_SECOND == 0) {
                    log.append();
                    print(reader);
                }
            }
            System.out.print(pool.latency().hgrm(LatencyStage.APPLICATION));
        }
    }

    private static void print(LatencyReader reader) {
        for (LatencyStage stage : LatencyStage.values()) {
            LatencyInterval second = reader.next(stage); // the same object each time: no garbage
            System.out.println(
                    stage + ": " + second.count() + ", p50 " + second.percentileNanos(50) / 1_000 + " us, p99 "
                            + second.percentileNanos(99) / 1_000 + " us, longest " + second.maxNanos() / 1_000 + " us");
        }
    }
}
