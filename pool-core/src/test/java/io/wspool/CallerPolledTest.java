package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.wspool.api.LoopMode;
import io.wspool.api.PoolState;
import io.wspool.api.SendResult;
import io.wspool.channel.WebSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mode CALLER_POLLED: the test's own thread is the owner, "the-other" is anybody else. */
class CallerPolledTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final BlockingQueue<String> atServer = new LinkedBlockingQueue<>();
    private final ExecutorService other = Executors.newSingleThreadExecutor(task -> new Thread(task, "the-other"));
    private EchoServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new EchoServer(
                (connection, text, message) -> atServer.add(new String(message, StandardCharsets.UTF_8)));
    }

    @AfterEach
    void end() throws IOException {
        other.shutdown();
        server.close();
    }

    private WebSocketPoolBuilder polled() {
        return WebSocketPool.to(server.uri()).channels(1).lan().mode(LoopMode.CALLER_POLLED);
    }

    /** Polled by the test's thread until it is live. */
    private static WebSocketPool live(WebSocketPoolBuilder builder) throws Exception {
        WebSocketPool pool = builder.start();
        pool.poll();
        pool.awaitReady(LONG);
        return pool;
    }

    private <T> T elsewhere(Callable<T> work) throws Exception {
        try {
            return Patience.result("what the other thread does", other.submit(work));
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    @Test
    void theFirstThreadThatPollsOwnsThePoolAndAnotherIsRefusedByName() throws Exception {
        try (WebSocketPool pool = polled().start()) {
            pool.poll();
            assertThatThrownBy(() -> elsewhere(pool::poll))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("thread the-other may not poll: thread "
                            + Thread.currentThread().getName() + " owns this pool");
            assertThatThrownBy(() -> elsewhere(() -> pool.poll(LONG))).isInstanceOf(IllegalStateException.class);
            pool.poll();
        }
    }

    @Test
    void aPollInsideACallbackThrowsAndHurtsNothing() throws Exception {
        BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        BlockingQueue<WebSocketPool> self = new LinkedBlockingQueue<>();
        try (WebSocketPool pool = live(polled().onMessage((channel, message) -> {
            WebSocketPool inside = self.element();
            thrown.add(catchThrowable(inside::poll));
            thrown.add(catchThrowable(() -> inside.poll(LONG)));
            thrown.add(catchThrowable(() -> inside.awaitReady(LONG)));
        }))) {
            self.add(pool);
            for (int i = 1; i <= 2; i++) {
                pool.sendText("to be echoed");
                pollUntil(pool, thrown, 3 * i);
            }
            assertThat(thrown).allSatisfy(e -> assertThat(e).isInstanceOf(IllegalStateException.class));
        }
    }

    private static void pollUntil(WebSocketPool pool, BlockingQueue<?> queue, int size) {
        while (queue.size() < size) {
            pool.poll(LONG);
        }
    }

    @Test
    void twoLoopsAreRefused() {
        assertThatThrownBy(() -> polled().channels(2).loops(2).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("loops=2 must be 1 in mode CALLER_POLLED");
    }

    @Test
    void aPoolWithThreadsOfItsOwnIsNotPolled() {
        try (WebSocketPool pool = polled().mode(LoopMode.SLEEPING).start()) {
            assertThatThrownBy(pool::poll)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("poll() is for mode CALLER_POLLED; this pool is SLEEPING");
        }
    }

    @Test
    void awaitReadyOfTheOwnerPolls() throws Exception {
        try (WebSocketPool pool = polled().channels(2).start()) {
            pool.poll();
            pool.awaitReady(LONG);
            assertThat(pool.channels()).isNotEmpty();
            pool.awaitFull(LONG);
            assertThat(pool.channels()).hasSize(2);
        }
    }

    @Test
    void awaitReadyNeverClaimsAndSaysThatNobodyHasPolled() throws Exception {
        try (WebSocketPool pool = polled().start()) {
            assertThatThrownBy(() -> pool.awaitReady(SHORT))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("pool: 0 of 1 channels live after 1 ms, wanted 1; nobody has called poll() yet");
            assertThat(elsewhere(() -> catchThrowable(pool::poll))).isNull();
            assertThat(elsewhere(() -> {
                        pool.close(LONG);
                        return pool.closed().toCompletableFuture().isDone();
                    }))
                    .isTrue();
        }
    }

    @Test
    void awaitReadyElsewhereNamesTheOwnerThatDoesNotPoll() throws Exception {
        try (WebSocketPool pool = polled().start()) {
            pool.poll();
            assertThatThrownBy(() -> elsewhere(() -> {
                        pool.awaitReady(SHORT);
                        return null;
                    }))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageEndingWith(
                            "; its owner, thread " + Thread.currentThread().getName() + ", must go on calling poll()");
        }
    }

    @Test
    void awaitReadyElsewhereReturnsWhenTheOwnerPolls() throws Exception {
        try (WebSocketPool pool = polled().start()) {
            pool.poll();
            Future<Integer> waiting = other.submit(() -> {
                pool.awaitReady(LONG);
                return pool.channels().size();
            });
            pool.awaitReady(LONG);
            assertThat(Patience.result("the end of the wait", waiting)).isOne();
        }
    }

    @Test
    void whatTheOwnerSendsOutsideACallbackIsWrittenBeforeSendReturns() throws Exception {
        ByteBuf direct = Unpooled.directBuffer().writeBytes("direct".getBytes(StandardCharsets.UTF_8));
        try (WebSocketPool pool = live(polled())) {
            assertThat(pool.send(direct)).isEqualTo(SendResult.ACCEPTED);
            assertThat(Patience.next("the message, without a poll", atServer)).isEqualTo("direct");
            assertThat(pool.send(ByteBuffer.wrap(new byte[] {'b'}))).isEqualTo(SendResult.ACCEPTED);
            assertThat(Patience.next("the message, without a poll", atServer)).isEqualTo("b");
            assertThat(pool.send(new byte[] {'c'}, 7)).isEqualTo(SendResult.ACCEPTED);
            assertThat(Patience.next("the message, without a poll", atServer)).isEqualTo("c");
            assertThat(pool.channels().get(0).sendText("text")).isEqualTo(SendResult.ACCEPTED);
            assertThat(Patience.next("the message, without a poll", atServer)).isEqualTo("text");
        } finally {
            direct.release();
        }
    }

    @Test
    void whatIsSentWhileCorkedWaitsForFlush() throws Exception {
        try (WebSocketPool pool = live(polled())) {
            pool.corked(true);
            assertThat(pool.sendText("one")).isEqualTo(SendResult.ACCEPTED);
            assertThat(pool.sendText("two")).isEqualTo(SendResult.ACCEPTED);
            assertThat(lentBuffers(pool)).as("encoded, not written").isEqualTo(1);
            pool.flush();
            assertThat(lentBuffers(pool)).isZero();
            assertThat(Patience.next("the first", atServer)).isEqualTo("one");
            assertThat(Patience.next("the second", atServer)).isEqualTo("two");
        }
    }

    @Test
    void theEndOfTheCorkAndTheNextPollWriteToo() throws Exception {
        try (WebSocketPool pool = live(polled())) {
            pool.corked(true);
            pool.sendText("one");
            pool.corked(false);
            assertThat(Patience.next("at the end of the cork", atServer)).isEqualTo("one");
            pool.corked(true);
            pool.sendText("two");
            pool.poll();
            assertThat(Patience.next("by the poll", atServer)).isEqualTo("two");
        }
    }

    @Test
    void onlyTheOwnerCorksAndFlushes() throws Exception {
        try (WebSocketPool pool = polled().start()) {
            assertThatThrownBy(() -> pool.corked(true))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("may not cork: nobody has polled yet");
            pool.poll();
            assertThatThrownBy(() -> elsewhere(() -> {
                        pool.flush();
                        return pool;
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("thread the-other may not flush: thread "
                            + Thread.currentThread().getName() + " owns this pool");
        }
        try (WebSocketPool pool = WebSocketPool.to(server.uri()).start()) {
            assertThatThrownBy(pool::flush)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("flush() is for mode CALLER_POLLED; this pool is SLEEPING");
        }
    }

    private static int lentBuffers(WebSocketPool pool) {
        return ((WebSocketChannel) pool.channels().get(0)).loop().buffers().lent();
    }

    @Test
    void whatIsSentInsideACallbackIsWrittenByTheEndOfThatPoll() throws Exception {
        BlockingQueue<String> echoes = new LinkedBlockingQueue<>();
        try (WebSocketPool pool = live(polled().onMessage((channel, message) -> {
            echoes.add(message.text());
            if (echoes.size() == 1) {
                channel.sendText("second");
            }
        }))) {
            pool.sendText("first");
            pollUntil(pool, echoes, 1);
            assertThat(Patience.next("the first", atServer)).isEqualTo("first");
            assertThat(Patience.next("the second, without another poll", atServer))
                    .isEqualTo("second");
        }
    }

    @Test
    void closeByAnotherThreadEndsWithTheOwnersPolls() throws Exception {
        WebSocketPool pool = live(polled());
        EchoConnection connection = server.next();
        Future<?> closing = other.submit(() -> pool.close(LONG));
        while (!pool.closed().toCompletableFuture().isDone()) {
            pool.poll(LONG);
        }
        Patience.result("the end of close", closing);
        connection.awaitEnd();
        assertThat(pool.poll()).as("after the end there is nothing to do").isZero();
    }

    @Test
    void aPoolThatNobodyPolledIsClosedByWhoeverClosesIt() throws Exception {
        WebSocketPool pool = polled().start();
        elsewhere(() -> pool.close(LONG));
        assertThat(pool.closed().toCompletableFuture()).isCompleted();
        assertThat(pool.sendText("late")).isEqualTo(SendResult.CLOSED);
        assertThat(server.connected).isEmpty();
    }

    @Test
    void aPollThatSleepsInTheSelectorWakesForAForeignSend() throws Exception {
        BlockingQueue<String> echoes = new LinkedBlockingQueue<>();
        Thread owner = Thread.currentThread();
        try (WebSocketPool pool = live(polled().onMessage((channel, message) -> echoes.add(message.text())))) {
            Future<?> sender = other.submit(() -> {
                for (int i = 0; i < 50; i++) {
                    Patience.until("the owner in the selector", () -> sleeps(owner));
                    pool.sendText("message " + i);
                    Patience.next("message " + i, atServer);
                }
                return null;
            });
            pollUntil(pool, echoes, 50); // a lost wake-up would keep the sender from going on
            Patience.result("the end of the sender", sender);
        }
    }

    private static boolean sleeps(Thread owner) {
        StackTraceElement[] stack = owner.getStackTrace();
        return stack.length > 0
                && stack[0].isNativeMethod()
                && stack[0].getMethodName().matches("epollWait.*|wait|poll.*|select.*");
    }

    @Test
    void aPollWithoutAWaitReturnsWhenNothingIsThere() throws Exception {
        try (WebSocketPool pool = live(polled())) {
            int idle = 0;
            int idleInNoTime = 0;
            while (idle < 10 || idleInNoTime < 10) { // now and then there is something: a pong, a timer
                idle += pool.poll() == 0 ? 1 : 0;
                idleInNoTime += pool.poll(Duration.ZERO) == 0 ? 1 : 0;
            }
            assertThat(pool.state()).isEqualTo(PoolState.FULL);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void anInterruptedOwnerStopsWaitingForAChannel(Sockets sockets) throws Exception {
        try (RawServer silent = new RawServer();
                WebSocketPool pool = WebSocketPool.to(silent.uri())
                        .mode(LoopMode.CALLER_POLLED)
                        .transport(sockets.kind())
                        .connectDeadline(LONG)
                        .start()) {
            pool.poll();
            Thread owner = Thread.currentThread();
            Future<?> interrupts = other.submit(() -> {
                Patience.until("the owner's wait", () -> owner.getState() == Thread.State.TIMED_WAITING);
                owner.interrupt();
            });
            assertThatThrownBy(() -> pool.awaitReady(LONG)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            Patience.result("the interrupt", interrupts);
            pool.close(Duration.ZERO);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void anInterruptedOwnerStaysInterrupted(Sockets sockets) throws Exception {
        try (WebSocketPool pool = live(polled().transport(sockets.kind()))) {
            Thread.currentThread().interrupt();
            pool.poll(Duration.ofMillis(1));
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
