package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.wspool.api.LatencyStage;
import io.wspool.api.LoopMode;
import io.wspool.api.PoolState;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import io.wspool.api.WarmUpResult;
import io.wspool.testkit.ScriptedServer;
import io.wspool.testkit.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code warmUp()} does, and that nobody but the user's own messages is heard or counted in the user's pool. */
class WarmUpTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int ALL = 2 * Rehearsal.SHORT_ROUND + Rehearsal.LONG_ROUND;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> ended = new LinkedBlockingQueue<>();
    private EchoServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new EchoServer();
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    private WebSocketPoolBuilder pool(LoopMode mode) {
        return WebSocketPool.to(server.uri())
                .channels(2)
                .lan()
                .mode(mode)
                .onMessage((channel, message) -> heard.add(message.text()))
                .onOutcomes((channel, outcome, reason, tokens, from, to) -> ended.add(tokens[from]));
    }

    private static List<Arguments> kindsAndModes() {
        List<Arguments> all = new ArrayList<>();
        for (Sockets sockets : List.of(Sockets.NIO, Sockets.EPOLL)) {
            for (LoopMode mode : LoopMode.values()) {
                all.add(Arguments.of(sockets, mode));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("kindsAndModes")
    void isWholeInEveryModeAndCountsNothing(Sockets sockets, LoopMode mode) throws Exception {
        try (WebSocketPool pool = pool(mode).transport(sockets.kind()).start()) {
            full(pool);
            WarmUpResult result = pool.warmUp(LONG);
            assertWhole(result);
            assertThat(result.asked()).isEqualTo(2);
            assertThat(result.elapsed()).isPositive();
            assertUntouched(pool);
            assertThat(pool.sendText("mine", 7)).isEqualTo(SendResult.ACCEPTED);
            if (mode == LoopMode.CALLER_POLLED) {
                pollUntil(pool, heard);
                pollUntil(pool, ended);
            }
            assertThat(Patience.next("the echo", heard)).isEqualTo("mine");
            assertThat(Patience.next("the outcome", ended)).isEqualTo(7);
            assertThat(pool.snapshot().account().accepted()).isOne();
        }
        assertThat(heard).isEmpty();
    }

    private static void full(WebSocketPool pool) throws Exception {
        if (pool.settings().mode() == LoopMode.CALLER_POLLED) {
            pool.poll();
        }
        pool.awaitFull(LONG);
    }

    private static void pollUntil(WebSocketPool pool, BlockingQueue<?> queue) {
        while (queue.isEmpty()) {
            pool.poll(LONG);
        }
    }

    private static void assertWhole(WarmUpResult result) {
        assertThat(result.reason()).isEmpty();
        assertThat(result.whole()).isTrue();
        assertThat(result.messages()).isBetween(ALL, ALL + 3 * 8);
    }

    private void assertUntouched(WebSocketPool pool) {
        assertThat(pool.snapshot().account().accepted()).isZero();
        assertThat(pool.state()).isEqualTo(PoolState.FULL);
        assertThat(heard).isEmpty();
        assertThat(ended).isEmpty();
        assertThat(pool.latency().figures(LatencyStage.WRITE).count()).isZero();
    }

    @Test
    void anotherThreadThanTheOwnerRehearsesAndTheOwnersNextPollDoesTheRest() throws Exception {
        try (WebSocketPool pool = pool(LoopMode.CALLER_POLLED).start()) {
            full(pool);
            assertWhole(elsewhere(pool));
            assertUntouched(pool);
            long pongs = pool.latency().figures(LatencyStage.PONG).count();
            while (pool.latency().figures(LatencyStage.PONG).count() < pongs + 2) {
                pool.poll(LONG);
            }
        }
    }

    @Test
    void beforeTheFirstPollItOwnsNothing() throws Exception {
        try (WebSocketPool pool = pool(LoopMode.CALLER_POLLED).start()) {
            WarmUpResult result = elsewhere(pool);
            assertWhole(result);
            assertThat(result.asked()).isZero();
            full(pool); // on this thread
            assertUntouched(pool);
        }
    }

    private static WarmUpResult elsewhere(WebSocketPool pool) throws Exception {
        FutureTask<WarmUpResult> task = new FutureTask<>(() -> pool.warmUp(LONG));
        new Thread(task, "another").start();
        return Patience.result("the warm-up", task);
    }

    @Test
    void theOwnerServesItsPoolMeanwhile() throws Exception {
        try (WebSocketPool pool = pool(LoopMode.CALLER_POLLED).start()) {
            full(pool);
            EchoConnection connection = server.next();
            FutureTask<String> nextEcho = new FutureTask<>(() -> heard.take());
            new Thread(nextEcho, "listener").start();
            pool.channels().get(0).sendText("on its way");
            assertWhole(pool.warmUp(LONG));
            assertThat(Patience.result("the echo, without a poll of the test's", nextEcho))
                    .isEqualTo("on its way");
            assertThat(server.open()).contains(connection);
        }
    }

    @Test
    void insideACallbackItIsRefused() throws Exception {
        BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        BlockingQueue<WebSocketPool> self = new LinkedBlockingQueue<>();
        try (WebSocketPool pool = pool(LoopMode.SLEEPING)
                .onMessage((channel, message) ->
                        thrown.add(catchThrowable(() -> self.element().warmUp())))
                .start()) {
            self.add(pool);
            pool.awaitFull(LONG);
            pool.sendText("to be echoed");
            assertThat(Patience.next("what it threw", thrown))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a warm-up on a loop of the pool would keep it from its work");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void withoutTimeItSaysSoAndTheRestIsDone(LoopMode mode) throws Exception {
        try (WebSocketPool pool = pool(mode).start()) {
            full(pool);
            WarmUpResult result = pool.warmUp(Duration.ZERO);
            assertThat(result.whole()).isFalse();
            assertThat(result.reason()).isEqualTo("out of time");
            assertThat(result.messages()).isZero();
            assertThat(result.asked()).isEqualTo(2);
            assertUntouched(pool);
            assertThatThrownBy(() -> pool.warmUp(Duration.ofNanos(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("limit=PT-0.000000001S must be >= 0");
        }
    }

    private static LoopMode[] modes() {
        return LoopMode.values();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void anInterruptedThreadStaysInterruptedAndThePoolOpen(LoopMode mode) throws Exception {
        try (WebSocketPool pool = pool(mode).start()) {
            full(pool);
            Thread.currentThread().interrupt();
            WarmUpResult result = pool.warmUp(LONG);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(result.whole()).isFalse();
            assertThat(result.reason()).isEqualTo("interrupted");
            assertUntouched(pool);
        }
    }

    @Test
    void aClosedPoolIsNotWarmed() {
        WebSocketPool pool = pool(LoopMode.SLEEPING).start();
        pool.close();
        WarmUpResult result = pool.warmUp(LONG);
        assertThat(result).isEqualTo(new WarmUpResult(0, 0, result.elapsed(), false, "the pool is closed"));
    }

    @Test
    void inASimulatedWorldNothingIsRehearsedAndTheAccountIsExact() {
        World.run(11, world -> {
            ScriptedServer gateway = world.server("gateway", 80);
            WebSocketPool pool = WebSocketPool.to("ws://gateway/")
                    .environment(world)
                    .channels(4)
                    .loops(2)
                    .lan()
                    .onMessage((channel, message) -> heard.add(message.text()))
                    .start();
            assertThat(world.runUntil(() -> pool.state() == PoolState.FULL, Duration.ofMinutes(1)))
                    .isTrue();
            long before = world.nowNanos();
            WarmUpResult result = pool.warmUp();
            assertThat(result).isEqualTo(new WarmUpResult(0, 4, Duration.ZERO, false, "the environment is simulated"));
            assertThat(world.nowNanos()).isEqualTo(before);
            long pongs = pool.latency().figures(LatencyStage.PONG).count();
            world.run(Duration.ofMillis(500));
            assertThat(pool.latency().figures(LatencyStage.PONG).count()).isEqualTo(pongs + 4);
            assertUntouched(pool);
            assertThat(pool.sendText("mine")).isEqualTo(SendResult.ACCEPTED);
            assertThat(world.runUntil(() -> pool.snapshot().account().confirmed() == 1, Duration.ofSeconds(5)))
                    .isTrue();
            assertThat(gateway.accepted()).isEqualTo(4);
            world.onLoop(pool::close);
            assertThat(world.runUntil(() -> pool.state() == PoolState.CLOSED, Duration.ofSeconds(20)))
                    .isTrue();
            assertThat(pool.snapshot().account().accepted()).isOne();
        });
    }

    @Test
    void aPoolThatIsClosedMeanwhileIsNotWarmedWhole() throws Exception {
        BlockingQueue<WebSocketPool> self = new LinkedBlockingQueue<>();
        try (WebSocketPool pool = pool(LoopMode.CALLER_POLLED)
                .onMessage((channel, message) -> self.element().close(Duration.ZERO))
                .start()) {
            self.add(pool);
            full(pool);
            pool.sendText("to be echoed while the warm-up polls");
            WarmUpResult result = pool.warmUp(LONG);
            assertThat(result.whole()).isFalse();
            assertThat(result.reason()).isEqualTo("the pool was closed meanwhile");
            assertThat(result.asked()).isZero();
        }
    }

    @Test
    void withoutProbesNoChannelIsAsked() throws Exception {
        try (WebSocketPool pool =
                pool(LoopMode.SLEEPING).probe(ProbeSettings.OFF).start()) {
            full(pool);
            assertThat(pool.warmUp(Duration.ZERO).asked()).isZero();
        }
    }
}
