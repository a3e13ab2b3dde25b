package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wspool.api.ChannelLimits;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.CloseResult;
import io.wspool.api.PoolListener;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the user's code may do inside callbacks: everything but wait. */
class CallbacksTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final BlockingQueue<String> atServer = new LinkedBlockingQueue<>();
    private final CompletableFuture<WebSocketPool> self = new CompletableFuture<>();
    private EchoServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new EchoServer(
                (connection, text, message) -> atServer.add(new String(message, StandardCharsets.UTF_8)));
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    private WebSocketPoolBuilder to(int channels) {
        return WebSocketPool.to(server.uri()).channels(channels).lan();
    }

    private WebSocketPool start(WebSocketPoolBuilder builder) {
        WebSocketPool pool = builder.start();
        self.complete(pool);
        return pool;
    }

    enum Callback {
        MESSAGE,
        OUTCOMES,
        STATE,
        CHANNEL_OPEN,
        POOL_STATE
    }

    @ParameterizedTest
    @EnumSource
    void closeInsideACallbackStartsTheEndAndReturns(Callback where) throws Exception {
        BlockingQueue<Boolean> doneInside = new LinkedBlockingQueue<>();
        Runnable closer = () -> {
            WebSocketPool pool = self.join();
            pool.close(LONG);
            doneInside.add(pool.closed().toCompletableFuture().isDone());
        };
        Books books = new Books(1);
        WebSocketPool pool = start(to(2).onMessage((channel, message) -> run(where == Callback.MESSAGE, closer))
                .onOutcomes((channel, outcome, reason, tokens, from, to) -> {
                    books.onOutcome(channel, outcome, reason, tokens, from, to);
                    run(where == Callback.OUTCOMES, closer);
                })
                .onChannelOpen(channel -> {
                    books.sent(0, channel.id() == 1 ? channel.sendText("hello", 0) : SendResult.CLOSED);
                    run(where == Callback.CHANNEL_OPEN, closer);
                })
                .listener(new PoolListener() {
                    @Override
                    public void onState(
                            ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
                        run(where == Callback.STATE, closer);
                    }

                    @Override
                    public void onPoolState(PoolState from, PoolState to) {
                        run(where == Callback.POOL_STATE, closer);
                    }
                }));

        CloseResult result = Patience.end("the end", pool.closed());

        assertThat(result.end()).isEqualTo(CloseResult.End.COMPLETE);
        assertThat(doneInside).isNotEmpty();
        assertThat(doneInside.peek()).as("whether it was over inside the call").isFalse();
        books.assertExact(result.account());
        assertThat(pool.close(LONG).end()).as("again, outside").isEqualTo(CloseResult.End.COMPLETE);
    }

    private static void run(boolean here, Runnable action) {
        if (here) {
            action.run();
        }
    }

    @Test
    void awaitingInsideACallbackIsRefused() throws Exception {
        BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
        try (WebSocketPool pool = start(to(1).onMessage((channel, message) -> {
            try {
                self.join().awaitReady(LONG);
            } catch (Exception e) {
                refusals.add(String.valueOf(e.getMessage()));
            }
        }))) {
            pool.awaitReady(LONG);
            pool.sendText("to be echoed");
            assertThat(Patience.next("the refusal", refusals))
                    .isEqualTo("awaiting on a loop of the pool would keep it from what is awaited");
        }
    }

    @Test
    void twoThreadsThatCloseAtOnceGetTheSameEnd() throws Exception {
        for (int round = 0; round < 20; round++) {
            WebSocketPool pool = to(2).start();
            pool.awaitReady(LONG);
            CountDownLatch both = new CountDownLatch(2);
            BlockingQueue<CloseResult> results = new LinkedBlockingQueue<>();
            Runnable close = () -> {
                both.countDown();
                try {
                    Patience.await("the other thread", both);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                results.add(pool.close(LONG));
            };
            Thread one = new Thread(close);
            Thread two = new Thread(close);
            one.start();
            two.start();
            Patience.end(one);
            Patience.end(two);
            assertThat(List.copyOf(results)).hasSize(2);
            assertThat(results.take()).isEqualTo(results.take());
        }
    }

    @Test
    void whatListenersThrowIsCountedAndBreaksOnlyItsOwnCall() throws Exception {
        AtomicLong calls = new AtomicLong();
        Books books = new Books(10);
        WebSocketPool pool = to(2).onChannelOpen(channel -> fail(calls))
                .onMessage((channel, message) -> fail(calls))
                .onOutcomes((channel, outcome, reason, tokens, from, to) -> {
                    books.onOutcome(channel, outcome, reason, tokens, from, to);
                    fail(calls);
                })
                .listener(new PoolListener() {
                    @Override
                    public void onState(
                            ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
                        fail(calls);
                    }
                })
                .start();
        pool.awaitFull(LONG);
        for (int token = 0; token < 10; token++) {
            books.sent(token, pool.sendText("message " + token, token));
            assertThat(Patience.next("message " + token, atServer)).isEqualTo("message " + token);
        }
        CloseResult result = pool.close(LONG);
        books.assertExact(result.account());
        assertThat(result.cleanChannels()).isEqualTo(2);
        assertThat(calls.get()).isGreaterThan(2 + 10); // opens, echoes, and more
        assertThat(pool.snapshot().listenerErrors()).isEqualTo(calls.get());
    }

    private static void fail(AtomicLong calls) {
        calls.incrementAndGet();
        throw new IllegalStateException("thrown by a test's listener");
    }

    @Test
    void anErrorThrownByAListenerDoesNotEndTheLoop() throws Exception {
        AtomicInteger echoes = new AtomicInteger();
        try (WebSocketPool pool = to(1).onMessage((channel, message) -> {
                    echoes.incrementAndGet();
                    throw new StackOverflowError("thrown by a test's listener");
                })
                .start()) {
            pool.awaitReady(LONG);
            for (int i = 1; i <= 3; i++) {
                int wanted = i;
                pool.sendText("message");
                Patience.until("echo " + i, () -> echoes.get() == wanted);
            }
        }
    }

    @Test
    void whatIsSentOnOpenIsTheFirstThatTheServerReads() throws Exception {
        try (WebSocketPool pool =
                to(1).onChannelOpen(channel -> channel.sendText("login")).start()) {
            pool.awaitReady(LONG);
            pool.sendText("order");
            assertThat(Patience.next("the first message", atServer)).isEqualTo("login");
            assertThat(Patience.next("the second message", atServer)).isEqualTo("order");
        }
    }

    @Test
    void sendsFromInsideEachCallbackAreAcceptedAndAccountedFor() throws Exception {
        int chain = 50;
        Books books = new Books(2 * chain);
        AtomicInteger echoes = new AtomicInteger(1);
        AtomicInteger outcomes = new AtomicInteger(chain);
        CountDownLatch done = new CountDownLatch(2);
        WebSocketPool pool = start(to(2).onMessage((channel, message) -> {
                    int token = echoes.getAndIncrement();
                    if (token < chain) {
                        books.sent(token, (token % 2 == 0 ? channel : self.join()).sendText("from onMessage", token));
                    } else if (token == chain) {
                        done.countDown();
                    }
                })
                .onOutcomes((channel, outcome, reason, tokens, from, to) -> {
                    books.onOutcome(channel, outcome, reason, tokens, from, to);
                    int token = outcomes.getAndIncrement();
                    if (token < 2 * chain) {
                        books.sent(token, self.join().sendText("from onOutcomes", token));
                    } else if (token == 2 * chain) {
                        done.countDown();
                    }
                }));
        pool.awaitFull(LONG);
        assertThat(books.sent(0, pool.sendText("begins the chain", 0))).isEqualTo(SendResult.ACCEPTED);
        Patience.await("the end of both chains", done);
        pool.close(LONG);
        books.assertExact(pool.snapshot().account());
        assertThat(books.accepted()).isEqualTo(2L * chain);
    }

    @Test
    void theWholeDoorIsOpenInsideACallback() throws Exception {
        CountDownLatch recycled = new CountDownLatch(1);
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        WebSocketPool pool = start(to(2).onMessage((channel, message) -> {
                    WebSocketPool inside = self.join();
                    PooledChannel picked = inside.pick();
                    seen.add(picked == null ? "nobody" : picked);
                    PooledChannel keyed = inside.channel(42);
                    seen.add(keyed == null ? "nobody" : keyed);
                    seen.add(inside.channels().get(0));
                    seen.add(inside.snapshot());
                    seen.add(channel.snapshot());
                    seen.add(inside.rttHgrm());
                    inside.resume();
                    inside.recycleStalest();
                    channel.pinned(false);
                })
                .listener(new PoolListener() {
                    @Override
                    public void onRecycled(ChannelSnapshot old, ChannelSnapshot successor, Duration overlap) {
                        recycled.countDown();
                    }
                }));
        pool.awaitFull(LONG);
        pool.sendText("to be echoed");
        Patience.await("the replacement that the callback asked for", recycled);
        assertThat(seen).hasSize(6).doesNotContain("nobody");
        assertThat(pool.close(LONG).account().open()).isZero();
    }

    @Test
    void closingTheChannelInsideItsOwnCallbackEndsDelivery() throws Exception {
        BlockingQueue<Long> ended = new LinkedBlockingQueue<>();
        try (WebSocketPool pool = start(to(1).onMessage((channel, message) -> channel.close(1000, "enough"))
                .listener(new PoolListener() {
                    @Override
                    public void onState(
                            ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
                        if (to == ChannelState.CLOSED && cause != null && cause.clean()) {
                            ended.add(channel.id());
                        }
                    }
                }))) {
            pool.awaitReady(LONG);
            pool.sendText("to be echoed");
            assertThat(Patience.next("a clean end", ended)).isEqualTo(1);
        }
    }

    @Test
    void onWritableComesOnceAfterARefusal() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        BlockingQueue<PooledChannel> writable = new LinkedBlockingQueue<>();
        WebSocketPool pool = to(1).limits(new ChannelLimits(4, 1 << 20, 1 << 20, 1 << 20, 1024, 32 * 1024))
                .onMessage((channel, message) -> {
                    if (message.text().equals("stop")) {
                        inside.countDown();
                        try {
                            Patience.await("the test", goOn);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                })
                .onWritable(writable::add)
                .start();
        pool.awaitReady(LONG);
        pool.sendText("stop");
        Patience.await("the loop inside a callback", inside);
        for (int i = 0; i < 4; i++) {
            assertThat(pool.sendText("waits")).isEqualTo(SendResult.ACCEPTED);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(pool.sendText("is too much")).isEqualTo(SendResult.BACK_PRESSURED);
        }
        assertThat(writable).isEmpty();
        goOn.countDown();
        assertThat(Patience.next("room", writable)).isNotNull();
        assertThat(pool.sendText("fits again")).isEqualTo(SendResult.ACCEPTED);
        assertThat(pool.close(LONG).account().confirmed()).isEqualTo(6);
        assertThat(writable).as("once").isEmpty();
    }

    @Test
    void withoutARefusalThereIsNoOnWritable() throws Exception {
        BlockingQueue<PooledChannel> writable = new LinkedBlockingQueue<>();
        WebSocketPool pool = to(1).onWritable(writable::add).start();
        pool.awaitReady(LONG);
        for (int i = 0; i < 100; i++) {
            assertThat(pool.sendText("fits")).isEqualTo(SendResult.ACCEPTED);
        }
        pool.close(LONG);
        assertThat(writable).isEmpty();
    }

    @Test
    void aReadyStageFailsAtOnceWhenThePoolIsClosed() throws Exception {
        WebSocketPool pool = to(1).start();
        Patience.end("a live channel", pool.ready());
        Patience.end("all of them", pool.full());
        pool.close(LONG);
        assertThat(pool.ready().toCompletableFuture()).isCompletedExceptionally();
        assertThat(pool.full().toCompletableFuture()).isCompletedExceptionally();
        assertThatThrownBy(() -> pool.awaitReady(LONG))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("pool is closed");
    }
}
