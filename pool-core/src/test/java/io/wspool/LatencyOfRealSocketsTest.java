package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.LatencyFigures;
import io.wspool.api.LatencyLog;
import io.wspool.api.LatencyReader;
import io.wspool.api.LatencySettings;
import io.wspool.api.LatencyStage;
import io.wspool.api.LoopMode;
import io.wspool.api.SendResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real sockets, with senders, loops and a reader at once: no message is missing from any stage, none is there twice. */
@Timeout(120)
class LatencyOfRealSocketsTest {
    private static final int SENDERS = 3;
    private static final int EACH = 20_000;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int WINDOW = 256;

    /** The sum of all intervals, for each stage, of a reader that reads as fast as it can until it is told to stop. */
    private static FutureTask<Map<LatencyStage, Long>> reading(WebSocketPool pool, AtomicBoolean over) {
        LatencyReader reader = pool.latency().newReader();
        FutureTask<Map<LatencyStage, Long>> task = new FutureTask<>(() -> {
            Map<LatencyStage, Long> sums = new EnumMap<>(LatencyStage.class);
            boolean last;
            do {
                last = over.get();
                for (LatencyStage stage : LatencyStage.values()) {
                    sums.merge(stage, reader.next(stage).count(), Long::sum);
                }
            } while (!last);
            return sums;
        });
        new Thread(task, "reader").start();
        return task;
    }

    @ParameterizedTest
    @EnumSource(Sockets.class)
    void theIntervalsOfAllStagesAddUp(Sockets sockets) throws Exception {
        long all = SENDERS * (long) EACH;
        AtomicBoolean over = new AtomicBoolean();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (EchoServer server = new EchoServer();
                WebSocketPool pool = WebSocketPool.to(server.uri())
                        .channels(4)
                        .loops(2)
                        .lan()
                        .latency(LatencySettings.ON.withRequests(65_536))
                        .environment(sockets.environment("pool", LoopMode.SLEEPING))
                        .onMessage((channel, message) -> channel.replied(
                                message.content().getLong(message.content().readerIndex())))
                        .start();
                LatencyLog log = pool.latency().hlog(bytes)) {
            pool.awaitFull(LONG);
            FutureTask<Map<LatencyStage, Long>> reading = reading(pool, over);
            List<FutureTask<?>> senders = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                long first = i * (long) EACH;
                FutureTask<?> sender = new FutureTask<>(() -> send(pool, first), null);
                senders.add(sender);
                new Thread(sender, "sender").start();
            }
            for (FutureTask<?> sender : senders) {
                sender.get();
                log.append();
            }
            while (pool.latency().figures(LatencyStage.APPLICATION).count() < all
                    || pool.latency().openRequests() > 0) { // told at the end of the turn that counts the last reply
                LockSupport.parkNanos(1_000_000);
            }
            log.append();
            over.set(true);
            Map<LatencyStage, Long> sums = reading.get();
            assertThat(sums)
                    .containsEntry(LatencyStage.QUEUE_WAIT, all)
                    .containsEntry(LatencyStage.WRITE, all)
                    .containsEntry(LatencyStage.APPLICATION, all);
            assertThat(sums.get(LatencyStage.PONG)).isPositive();
            assertThat(pool.latency().unknownReplies()).isZero();
            assertThat(pool.latency().forgottenRequests()).isZero();
            long ofChannels = pool.channels().stream()
                    .mapToLong(channel ->
                            channel.latency().figures(LatencyStage.APPLICATION).count())
                    .sum();
            assertThat(ofChannels).isEqualTo(all);
            LatencyFigures trip = pool.latency().figures(LatencyStage.APPLICATION);
            assertThat(trip.min()).isPositive();
            assertThat(trip.p50()).isBetween(trip.min(), trip.p99());
            assertThat(trip.max()).isLessThan(LONG.toNanos());
            System.out.println("latencies over " + sockets + ": " + trip);
        }
        assertThat(counts(bytes.toByteArray()))
                .containsEntry("QUEUE_WAIT", all)
                .containsEntry("WRITE", all)
                .containsEntry("APPLICATION", all);
    }

    private static void send(WebSocketPool pool, long first) {
        byte[] message = new byte[Long.BYTES];
        for (long token = first; token < first + EACH; token++) {
            for (int i = 0; i < Long.BYTES; i++) {
                message[i] = (byte) (token >>> (Long.SIZE - (i + 1) * Byte.SIZE));
            }
            while (pool.latency().openRequests() > WINDOW || pool.send(message, token) != SendResult.ACCEPTED) {
                LockSupport.parkNanos(10_000);
            }
        }
    }

    private static Map<String, Long> counts(byte[] hlog) {
        Map<String, Long> counts = new TreeMap<>();
        try (HistogramLogReader reader = new HistogramLogReader(new ByteArrayInputStream(hlog))) {
            EncodableHistogram next = reader.nextIntervalHistogram();
            while (next != null) {
                counts.merge(next.getTag(), ((Histogram) next).getTotalCount(), Long::sum);
                next = reader.nextIntervalHistogram();
            }
        }
        return counts;
    }
}
