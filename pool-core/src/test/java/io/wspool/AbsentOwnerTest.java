package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.CloseResult;
import io.wspool.api.CloseSettings;
import io.wspool.api.LoopMode;
import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.api.SendResult;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A caller-polled pool is closed by another thread, and its owner, the test's thread, does not poll. */
class AbsentOwnerTest {
    private static final CloseSettings QUICK = new CloseSettings(Duration.ofMillis(20), Duration.ofMillis(20));

    private final Books books = new Books(3);
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @AfterEach
    void end() {
        other.shutdown();
    }

    private WebSocketPool live(EchoServer server, Sockets sockets) throws Exception {
        WebSocketPool pool = WebSocketPool.to(server.uri())
                .channels(2)
                .lan()
                .closeTimeouts(QUICK)
                .mode(LoopMode.CALLER_POLLED)
                .environment(sockets.environment("pool", LoopMode.CALLER_POLLED))
                .onOutcomes(books)
                .start();
        pool.poll();
        pool.awaitFull(Duration.ofSeconds(60));
        pool.poll(); // with io_uring the first pings leave now, and the next send need not wait behind them
        return pool;
    }

    private CloseResult closeElsewhere(WebSocketPool pool) throws Exception {
        return Patience.result("the end of close", other.submit(() -> pool.close(QUICK.drain())));
    }

    @ParameterizedTest
    @EnumSource
    void itsSocketsAreShutAndTheRestIsToldAtItsNextPoll(Sockets sockets) throws Exception {
        try (EchoServer server = new EchoServer()) {
            WebSocketPool pool = live(server, sockets);
            EchoConnection[] connections = {server.next(), server.next()};
            assertThat(books.sent(0, pool.sendText("written", 0))).isEqualTo(SendResult.ACCEPTED);
            Patience.result(
                    "a foreign send", other.submit(() -> books.sent(1, pool.sendText("handed over, not taken", 1))));

            CloseResult result = closeElsewhere(pool);

            assertThat(result.end()).isEqualTo(CloseResult.End.OWNER_ABSENT);
            assertThat(result.owner()).isEqualTo(Thread.currentThread().getName());
            assertThat(result.account().open()).isEqualTo(2);
            assertThat(books.told(0) + books.told(1)).isZero();
            assertThat(books.sent(2, pool.sendText("late", 2))).isEqualTo(SendResult.CLOSED);
            for (EchoConnection connection : connections) {
                connection.awaitEnd(); // while nobody polls
            }

            pool.poll();

            assertThat(pool.closed().toCompletableFuture()).isCompleted();
            books.assertExact(pool.snapshot().account());
            int taken = sockets == Sockets.IO_URING ? 0 : 1; // there a send only reaches the kernel with the next poll
            assertThat(books.count(Outcome.UNKNOWN)).isEqualTo(taken);
            assertThat(books.count(Outcome.NOT_SENT)).isEqualTo(2 - taken);
            assertThat(pool.state()).isEqualTo(PoolState.CLOSED);
            assertThat(pool.poll()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeMayBeCalledAgainAndSaysTheSameUntilTheOwnerComes(Sockets sockets) throws Exception {
        try (EchoServer server = new EchoServer()) {
            WebSocketPool pool = live(server, sockets);
            assertThat(closeElsewhere(pool).end()).isEqualTo(CloseResult.End.OWNER_ABSENT);
            assertThat(closeElsewhere(pool).end()).isEqualTo(CloseResult.End.OWNER_ABSENT);
            assertThat(pool.close(QUICK.drain()).end()).as("by the owner").isEqualTo(CloseResult.End.COMPLETE);
            assertThat(closeElsewhere(pool).end()).isEqualTo(CloseResult.End.COMPLETE);
        }
    }

    /** The owner's sends meet sockets that were shut behind its back: they are refused, or end without being lost. */
    @ParameterizedTest
    @EnumSource
    void theOwnersOwnSendsAfterwardsAreRefused(Sockets sockets) throws Exception {
        try (EchoServer server = new EchoServer()) {
            WebSocketPool pool = live(server, sockets);
            var channel = pool.channels().get(0);
            closeElsewhere(pool);
            assertThat(books.sent(0, pool.sendText("to the pool", 0))).isEqualTo(SendResult.CLOSED);
            books.sent(1, channel.sendText("to a channel", 1));
            pool.poll();
            assertThat(books.sent(2, channel.sendText("to a channel", 2))).isEqualTo(SendResult.CLOSED);
            books.assertExact(pool.snapshot().account());
        }
    }
}
