package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.Account;
import io.wspool.api.CloseCause;
import io.wspool.api.HeartbeatSettings;
import io.wspool.api.Message;
import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pool against servers that others wrote: what we think of RFC 6455 must be what they think of it. */
class RealServersTest {
    private static final int MESSAGES = 10_000;
    private static final int CHANNELS = 4;
    private static final int MEBIBYTE = 1 << 20;
    private static final Duration LONG = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource
    void echoesEverySizeInOrderThroughUndertow(Sockets sockets) throws Exception {
        try (UndertowEcho server = new UndertowEcho()) {
            echoesInOrder(server.uri(), sockets);
        }
    }

    @ParameterizedTest
    @EnumSource
    void echoesEverySizeInOrderThroughPython(Sockets sockets) throws Exception {
        try (PythonServer server = new PythonServer(0)) {
            echoesInOrder(server.uri(), sockets);
        }
    }

    private static void echoesInOrder(String uri, Sockets sockets) throws Exception {
        Echoes echoes = new Echoes(20_261_116);
        Ends ends = new Ends();
        try (WebSocketPool pool = Quick.pool(uri)
                .channels(CHANNELS)
                .environment(Quick.environment(sockets))
                .onMessage(echoes::check)
                .onOutcomes(ends)
                .start()) {
            pool.awaitFull(LONG);
            List<PooledChannel> channels = pool.channels();
            for (int i = 0; i < MESSAGES; i++) {
                echoes.send(channels.get(i % CHANNELS), i);
            }
            echoes.assertAllCameBack();
            pool.close(LONG);
            ends.assertExact(pool.snapshot().account(), MESSAGES);
            assertThat(ends.count(Outcome.CONFIRMED)).isEqualTo(MESSAGES);
        }
    }

    @Test
    void comesBackWhenTheServerWasKilledAndStartedAgain() throws Exception {
        int frozenSends = 100;
        Ends ends = new Ends();
        Told told = new Told();
        try (PythonServer first = new PythonServer(0);
                WebSocketPool pool = Quick.pool(first.uri())
                        .channels(2)
                        .probe(ProbeSettings.LAN)
                        .listener(told)
                        .onOutcomes(ends)
                        .start()) {
            pool.awaitFull(LONG);
            long token = 0;
            for (; token < 1000; token++) {
                sendUntilAccepted(pool, token);
            }
            Patience.until(
                    "everything confirmed", () -> pool.snapshot().account().confirmed() == 1000);

            first.freeze(); // so that what follows is surely written, and surely not confirmed
            for (int i = 0; i < frozenSends; i++) {
                sendUntilAccepted(pool, token++);
            }
            Patience.until("everything written", () -> pool.snapshot().account().inflight() == frozenSends);
            first.kill();
            assertThat(told.end()).satisfies(RealServersTest::isUncleanWithoutClose);
            assertThat(told.end()).satisfies(RealServersTest::isUncleanWithoutClose);
            Patience.until("all unknown", () -> ends.count(Outcome.UNKNOWN) == frozenSends);

            try (PythonServer second = new PythonServer(first.port())) {
                assertThat(second.port()).isEqualTo(first.port());
                pool.awaitFull(LONG);
                for (; token < 2000; token++) {
                    sendUntilAccepted(pool, token);
                }
                pool.close(LONG);
            }
            Account account = pool.snapshot().account();
            ends.assertExact(account, 2000);
            assertThat(account.unknown()).isEqualTo(frozenSends);
            assertThat(account.notSent()).isZero();
            assertThat(ends.of(999)).isEqualTo(Outcome.CONFIRMED);
            assertThat(ends.of(1000)).isEqualTo(Outcome.UNKNOWN);
        }
    }

    private static void isUncleanWithoutClose(CloseCause cause) {
        assertThat(cause.kind()).isIn(CloseCause.Kind.END_OF_STREAM, CloseCause.Kind.TRANSPORT_ERROR);
        assertThat(cause.code()).isEqualTo(CloseCause.ABNORMAL);
        assertThat(cause.clean()).isFalse();
    }

    @Test
    void hearsTheCloseOfAServerThatStopsInOrder() throws Exception {
        Told told = new Told();
        try (PythonServer server = new PythonServer(0);
                WebSocketPool pool =
                        Quick.pool(server.uri()).channels(1).listener(told).start()) {
            pool.awaitFull(LONG);
            server.stop();
            CloseCause cause = told.end();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.PEER_CLOSE);
            assertThat(cause.code()).isEqualTo(1001);
            assertThat(cause.clean()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesUpAFrozenServerByItsHeartbeat(Sockets sockets) throws Exception {
        HeartbeatSettings heartbeat = new HeartbeatSettings(
                Duration.ofMillis(300), Duration.ofMillis(300), 2, 1.5, Duration.ofSeconds(60), null);
        assertThat(heartbeat.detectionBound()).isEqualTo(Duration.ofMillis(1_050));
        Told told = new Told();
        try (PythonServer server = new PythonServer(0);
                WebSocketPool pool = Quick.pool(server.uri())
                        .channels(1)
                        .environment(Quick.environment(sockets))
                        .heartbeat(heartbeat)
                        .listener(told)
                        .start()) {
            pool.awaitFull(LONG);
            server.freeze();
            long since = System.nanoTime();
            CloseCause cause = told.end();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
            System.out.println(sockets + ": frozen server given up after " + millis + " ms; bound "
                    + heartbeat.detectionBound().toMillis() + " ms");
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.HEARTBEAT_TIMEOUT);
            assertThat(cause.clean()).isFalse();
            server.thaw();
            Patience.until("a new life", () -> pool.state() == PoolState.FULL);
        }
    }

    private static void sendUntilAccepted(WebSocketPool pool, long token) {
        Patience.until("room for " + token, () -> pool.sendText("order " + token, token) == SendResult.ACCEPTED);
    }

    /** Ten thousand messages whose content follows from their number, and what must come back next on each channel. */
    private static final class Echoes {
        private final long seed;
        private final Map<Integer, Queue<Integer>> expected = new ConcurrentHashMap<>();
        private final AtomicReference<String> wrong = new AtomicReference<>();
        private final CountDownLatch missing = new CountDownLatch(MESSAGES);

        Echoes(long seed) {
            this.seed = seed;
        }

        void send(PooledChannel channel, int number) {
            expected.computeIfAbsent(channel.slot(), slot -> new ConcurrentLinkedQueue<>())
                    .add(number);
            byte[] content = content(number);
            String text = isText(number) ? new String(content, StandardCharsets.UTF_8) : "";
            SendResult result;
            while ((result = isText(number) ? channel.sendText(text, number) : channel.send(content, number))
                    == SendResult.BACK_PRESSURED) {
                LockSupport.parkNanos(10_000);
            }
            assertThat(result).as("message %d", number).isEqualTo(SendResult.ACCEPTED);
        }

        void check(PooledChannel channel, Message message) {
            Queue<Integer> queue = expected.get(channel.slot());
            Integer number = queue == null ? null : queue.poll();
            if (number == null) {
                wrong.compareAndSet(null, "a message more than was sent on " + channel);
            } else if (message.isText() != isText(number)) {
                wrong.compareAndSet(null, "message " + number + " came back as another kind");
            } else if (!Arrays.equals(message.bytes(), content(number))) {
                wrong.compareAndSet(
                        null,
                        "message " + number + " came back as other " + message.length() + " bytes, on " + channel);
            }
            missing.countDown();
        }

        void assertAllCameBack() throws InterruptedException {
            boolean all = missing.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(wrong.get()).isNull();
            assertThat(all)
                    .as("%d of %d are missing", missing.getCount(), MESSAGES)
                    .isTrue();
        }

        private static boolean isText(int number) {
            return number % 2 == 0;
        }

        private byte[] content(int number) {
            Random random = new Random(seed + number);
            byte[] content = new byte[size(number, random)];
            random.nextBytes(content);
            if (isText(number)) {
                for (int i = 0; i < content.length; i++) {
                    content[i] = (byte) (' ' + (content[i] & 0x3F));
                }
                for (int i = 0; i + 4 <= Math.min(64, content.length); i += 8) { // U+1F4C8, four bytes
                    content[i] = (byte) 0xF0;
                    content[i + 1] = (byte) 0x9F;
                    content[i + 2] = (byte) 0x93;
                    content[i + 3] = (byte) 0x88;
                }
            }
            return content;
        }

        /** Most are small, as orders are; one in five hundred has up to 64 KiB, and each end of the scale is there twice. */
        private static int size(int number, Random random) {
            return switch (number) {
                case 0, 1 -> 0;
                case 5000, 5001 -> MEBIBYTE;
                default -> random.nextInt(number % 500 < 2 ? 1 << 16 : 200);
            };
        }
    }
}
