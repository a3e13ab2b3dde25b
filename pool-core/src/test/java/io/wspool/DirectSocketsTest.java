package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.CloseResult;
import io.wspool.api.LoopMode;
import io.wspool.api.PoolListener;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real sockets that are read before the selector is asked, and written past the pipeline: by a polling caller and a spinning loop. */
class DirectSocketsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MESSAGES = 20_000;
    private static final int LARGE = 8 << 20; // more than any socket buffer takes at once

    private static final class Closes implements PoolListener {
        final BlockingQueue<CloseCause> causes = new LinkedBlockingQueue<>();

        @Override
        public void onState(ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
            if (to == ChannelState.CLOSED && cause != null) {
                causes.add(cause);
            }
        }
    }

    private static WebSocketPoolBuilder to(EchoServer server, LoopMode mode, Sockets sockets) {
        return WebSocketPool.to(server.uri())
                .channels(1)
                .lan()
                .mode(mode)
                .environment(sockets.environment("direct", mode));
    }

    private static WebSocketPoolBuilder watched(EchoServer server, Watched watched, Sockets sockets) {
        return WebSocketPool.to(server.uri())
                .channels(1)
                .mode(LoopMode.CALLER_POLLED)
                .environment(watched.of(sockets.environment("direct", LoopMode.CALLER_POLLED)));
    }

    @ParameterizedTest
    @EnumSource
    void aPollingCallerGetsEveryEchoInOrderAlsoOfWhatTheSocketRefuses(Sockets sockets) throws Exception {
        FutureTask<?> polling = new FutureTask<>(() -> {
            echoPolled(sockets);
            return sockets;
        });
        new FastThreadLocalThread(polling, "polling").start();
        Patience.result("all echoes", polling);
    }

    /** What went before may still be on its way into the socket, and a message above the limit waits alone. */
    private static void sendInTheEnd(WebSocketPool pool, ByteBuf message) {
        while (pool.send(message) == SendResult.BACK_PRESSURED) {
            pool.poll();
        }
    }

    private static void echoPolled(Sockets sockets) throws Exception {
        AtomicLong next = new AtomicLong();
        AtomicLong large = new AtomicLong();
        ByteBuf message = Unpooled.directBuffer(64).writeZero(64);
        ByteBuf big = Unpooled.directBuffer(LARGE).writeZero(LARGE);
        try (EchoServer server = new EchoServer();
                WebSocketPool pool = to(server, LoopMode.CALLER_POLLED, sockets)
                        .onMessage((channel, received) -> {
                            if (received.length() == LARGE) {
                                large.incrementAndGet();
                            } else {
                                assertThat(received.content().getLong(0)).isEqualTo(next.getAndIncrement());
                            }
                        })
                        .start()) {
            pool.poll();
            pool.awaitReady(LONG);
            for (long i = 0; i < MESSAGES; i++) {
                message.setLong(0, i);
                sendInTheEnd(pool, message);
                if (i % (MESSAGES / 4) == 0) {
                    sendInTheEnd(pool, big);
                }
                while (next.get() <= i) {
                    pool.poll();
                }
            }
            while (large.get() < 4) {
                pool.poll();
            }
            CloseResult closed = pool.close(LONG);
            assertThat(closed.account().confirmed()).isEqualTo(MESSAGES + 4);
            assertThat(closed.account().unknown()).isZero();
            assertThat(pool.snapshot().listenerErrors()).isZero();
        } finally {
            message.release();
            big.release();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aSocketThatPollsReadByThemselvesLeavesTheSelectorUntilOneMaySleep(Sockets sockets) throws Exception {
        Watched watched = new Watched();
        AtomicLong echoes = new AtomicLong();
        try (EchoServer server = new EchoServer();
                WebSocketPool pool = watched(server, watched, sockets)
                        .onMessage((channel, received) -> echoes.incrementAndGet())
                        .start()) {
            pool.poll();
            pool.awaitReady(LONG);
            Channel socket = Patience.next("the connection", watched.made);
            for (int echo = 1; echo <= 6; echo += 2) {
                pool.sendText("makes it hot");
                for (int turn = 0; turn < 5_000 || echoes.get() < echo; turn++) {
                    pool.poll();
                }
                assertThat(socket.config().isAutoRead()).isFalse();
                long before = watched.bytesRead.get();
                pool.sendText("does not come by the selector");
                while (echoes.get() <= echo) {
                    pool.poll();
                }
                assertThat(watched.bytesRead.get()).isGreaterThan(before);
                pool.poll(Duration.ofMillis(1));
                assertThat(socket.config().isAutoRead()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFlushWritesAWholeLargeBatchAndItsProbe(Sockets sockets) throws Exception {
        Watched watched = new Watched();
        AtomicLong echoes = new AtomicLong();
        try (EchoServer server = new EchoServer();
                WebSocketPool pool = watched(server, watched, sockets)
                        .lan()
                        .onMessage((channel, received) -> {
                            assertThat(received.content().getLong(0)).isEqualTo(echoes.getAndIncrement());
                        })
                        .start()) {
            pool.poll();
            pool.awaitReady(LONG);
            pool.corked(true);
            Batches batches = new Batches(pool, watched, echoes);
            for (int batch = 0; batch < 20; batch++) {
                batches.pollInVain();
                String writes = batches.writes(13); // what a probe adds needs no write of its own
                assertThat(writes).isEqualTo(sockets == Sockets.IO_URING ? "0 early, 0 in all" : "0 early, 1 in all");
                batches.pollInVain();
                batches.writes(60);
                if (sockets == Sockets.IO_URING) {
                    // a probe of the last poll may be under way: what follows waits until a poll hears that it is done
                    Patience.until("the write before", () -> {
                        pool.poll();
                        return pool.snapshot().account().written() == batches.sent;
                    });
                }
                assertThat(pool.snapshot().account().written()).isEqualTo(batches.sent);
            }
            assertThat(pool.snapshot().listenerErrors()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void ofALargeBatchTheFirstPartLeavesEarlyIfPollsFoundNothing(Sockets sockets) throws Exception {
        Watched watched = new Watched();
        AtomicLong echoes = new AtomicLong();
        try (EchoServer server = new EchoServer();
                WebSocketPool pool = watched(server, watched, sockets)
                        .probe(ProbeSettings.OFF)
                        .onMessage((channel, received) -> echoes.incrementAndGet())
                        .start()) {
            pool.poll();
            pool.awaitReady(LONG);
            pool.corked(true);
            Batches batches = new Batches(pool, watched, echoes);
            batches.pollInVain();
            assertThat(batches.writes(13)).as("the last one reaches the limit").isEqualTo("0 early, 1 in all");
            batches.pollInVain();
            assertThat(batches.writes(14)).as("behind the limit").isEqualTo("1 early, 2 in all");
            batches.pollInVain();
            assertThat(batches.writes(60)).as("once a turn").isEqualTo("1 early, 2 in all");
            batches.pollInVain();
            batches.pollWithWork();
            assertThat(batches.writes(60)).as("the poll before found nothing").isEqualTo("1 early, 2 in all");
            batches.pollInVain();
            batches.pollWithWork();
            batches.pollWithWork();
            assertThat(batches.writes(60)).as("busy").isEqualTo("0 early, 1 in all");
            batches.pollInVain();
            pool.poll(Duration.ofMillis(1));
            assertThat(batches.writes(60)).as("may sleep").isEqualTo("0 early, 1 in all");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void whatFollowsAnEarlyWriteThatIsRefusedWaitsBehindIt(Sockets sockets) throws Exception {
        Watched watched = new Watched();
        AtomicLong echoes = new AtomicLong();
        AtomicReference<CountDownLatch> reading = new AtomicReference<>(new CountDownLatch(0));
        EchoServer.Receiver reader = (connection, text, message) ->
                Patience.until("the server reads", () -> reading.get().getCount() == 0);
        try (EchoServer server = new EchoServer(reader);
                WebSocketPool pool = watched(server, watched, sockets)
                        .probe(ProbeSettings.OFF)
                        .onMessage((channel, received) -> {
                            assertThat(received.content().getLong(0)).isEqualTo(echoes.getAndIncrement());
                        })
                        .start()) {
            pool.poll();
            pool.awaitReady(LONG);
            pool.corked(true);
            Batches batches = new Batches(pool, watched, echoes);
            String writes;
            do {
                batches.pollInVain();
                reading.set(new CountDownLatch(1));
                do {
                    pool.poll();
                    pool.poll();
                    writes = batches.writes(16);
                } while (writes.equals("1 early, 2 in all"));
                reading.get().countDown();
            } while (!writes.equals("1 early, 1 in all")); // or the end of a batch was refused, and the next one waited
            batches.pollInVain();
            assertThat(pool.snapshot().account().written()).isEqualTo(batches.sent);
            assertThat(pool.snapshot().listenerErrors()).isZero();
        }
    }

    /** Batches of a corked pool whose server echoes. */
    private static final class Batches {
        private static final int PAYLOAD = 1000; // a frame of 1,008 bytes

        private final WebSocketPool pool;
        private final Watched watched;
        private final AtomicLong echoes;
        private final ByteBuffer message = ByteBuffer.allocate(PAYLOAD);
        private long sent;

        Batches(WebSocketPool pool, Watched watched, AtomicLong echoes) {
            this.pool = pool;
            this.watched = watched;
            this.echoes = echoes;
        }

        /** Until all has come back and two polls found nothing. */
        void pollInVain() {
            for (int inARow = 0; inARow < 2; ) {
                inARow = pool.poll() > 0 || echoes.get() < sent ? 0 : inARow + 1;
            }
        }

        void pollWithWork() throws Exception {
            FutureTask<SendResult> elsewhere = new FutureTask<>(() -> pool.sendText("from elsewhere"));
            new Thread(elsewhere, "sender").start();
            assertThat(Patience.result("the hand-over", elsewhere)).isEqualTo(SendResult.ACCEPTED);
            sent++;
            assertThat(pool.poll()).isPositive();
        }

        String writes(int messages) {
            long before = watched.writes.get();
            for (int i = 0; i < messages; i++) {
                message.putLong(0, sent + i);
                assertThat(pool.send(message)).isEqualTo(SendResult.ACCEPTED);
            }
            sent += messages;
            long early = watched.writes.get() - before;
            pool.flush();
            return early + " early, " + (watched.writes.get() - before) + " in all";
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPollThatSleepsHearsTheSocketOfPollsThatDidNot(Sockets sockets) throws Exception {
        AtomicLong echoes = new AtomicLong();
        try (EchoServer server = new EchoServer();
                WebSocketPool pool = WebSocketPool.to(server.uri())
                        .channels(1)
                        .mode(LoopMode.CALLER_POLLED)
                        .environment(sockets.environment("direct", LoopMode.CALLER_POLLED))
                        .onMessage((channel, received) -> echoes.incrementAndGet())
                        .start()) {
            pool.poll();
            pool.awaitReady(LONG);
            for (int echo = 1; echo <= 20; ) {
                for (int turn = 0; turn < 5_000; turn++) {
                    pool.poll(); // until the selector is no longer asked about it
                }
                pool.sendText("heard by a poll that sleeps");
                int wanted = echo++;
                Patience.until("its echo", () -> {
                    pool.poll(LONG);
                    return echoes.get() >= wanted;
                });
                pool.sendText("heard by one that does not");
                while (echoes.get() < echo) {
                    pool.poll();
                }
                echo++;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPollingCallerSeesTheEndOfTheStreamOnce(Sockets sockets) throws Exception {
        Closes closes = new Closes();
        try (EchoServer server = new EchoServer();
                WebSocketPool pool = to(server, LoopMode.CALLER_POLLED, sockets)
                        .listener(closes)
                        .start()) {
            pool.poll();
            pool.awaitReady(LONG);
            PooledChannel channel = pool.channels().get(0);
            channel.sendText("makes it hot");
            Patience.next("the connection", server.connected).cut();
            while (closes.causes.isEmpty()) {
                pool.poll();
            }
            assertThat(closes.causes)
                    .singleElement()
                    .satisfies(cause -> assertThat(cause.kind())
                            .isIn(CloseCause.Kind.END_OF_STREAM, CloseCause.Kind.TRANSPORT_ERROR));
            assertThat(channel.state()).isEqualTo(ChannelState.CLOSED);
            pool.awaitReady(LONG);
            assertThat(pool.channels().get(0).id()).isNotEqualTo(channel.id());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSpinningLoopServesSendersOfOtherThreadsAndEnds(Sockets sockets) throws Exception {
        AtomicLong echoes = new AtomicLong();
        BlockingQueue<Thread> loops = new LinkedBlockingQueue<>();
        ByteBuf message = Unpooled.directBuffer(64).writeZero(64);
        try (EchoServer server = new EchoServer();
                WebSocketPool pool = to(server, LoopMode.SPINNING, sockets)
                        .onMessage((channel, received) -> echoes.incrementAndGet())
                        .onChannelOpen(channel -> loops.add(Thread.currentThread()))
                        .start()) {
            pool.awaitReady(LONG);
            for (int i = 1; i <= 2_000; i++) {
                assertThat(pool.send(message)).isEqualTo(SendResult.ACCEPTED);
                int wanted = i - 100;
                Patience.until("echoes", () -> echoes.get() >= wanted);
            }
            CloseResult closed = pool.close(LONG);
            assertThat(closed.account().confirmed()).isEqualTo(2_000);
            Patience.end(Patience.next("its thread", loops));
        } finally {
            message.release();
        }
    }
}
