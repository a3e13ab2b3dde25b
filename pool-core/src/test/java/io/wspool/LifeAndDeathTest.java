package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.BudgetSettings;
import io.wspool.api.CloseSettings;
import io.wspool.api.LoopMode;
import io.wspool.api.Outcome;
import io.wspool.api.PooledChannel;
import io.wspool.api.ReconnectSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Eight threads send, close channels, recycle, and have the server cut connections, until one of them closes the pool in the middle
 * of it: a new pool each round, and in each the caller's books and the pool's must agree.
 */
class LifeAndDeathTest {
    private static final int ROUNDS = 1000;
    private static final int THREADS = 8;
    private static final int ACTIONS = 40;
    private static final long SEED = 20261126;

    private static final ReconnectSettings AT_ONCE = new ReconnectSettings(
            Duration.ofMillis(1),
            1.0,
            Duration.ofMillis(1),
            Duration.ZERO,
            Duration.ofSeconds(10),
            1_000_000,
            Duration.ofMillis(1));

    private final Map<Outcome, Long> seen = new EnumMap<>(Outcome.class);

    @Test
    void theAccountIsExactWhateverEndsWhenever() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(THREADS);
        try (EchoServer server = new EchoServer()) {
            SplittableRandom seeds = new SplittableRandom(SEED);
            for (int round = 0; round < ROUNDS; round++) {
                round(server, workers, round, seeds.split());
            }
            assertThat(seen.values()).as("every outcome was met: %s", seen).allMatch(count -> count > 0);
        } finally {
            workers.shutdown();
        }
    }

    private void round(EchoServer server, ExecutorService workers, int round, SplittableRandom random)
            throws Exception {
        Books books = new Books(THREADS * ACTIONS);
        try (WebSocketPool pool = WebSocketPool.to(server.uri())
                .channels(2 + round % 2)
                .loops(1 + round / 2 % 2)
                .lan()
                .budget(new BudgetSettings(1_000_000, 1_000_000, 8))
                .reconnect(AT_ONCE)
                .closeTimeouts(new CloseSettings(Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .environment((round % 2 == 0 ? Sockets.NIO : Sockets.EPOLL).environment("pool", LoopMode.SLEEPING))
                .onOutcomes(books)
                .start()) {
            pool.awaitReady(Duration.ofSeconds(60));
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread * ACTIONS;
                boolean closes = thread == 0;
                SplittableRandom chance = random.split();
                all.add(workers.submit(() -> act(server, pool, books, first, closes, chance)));
            }
            for (Future<?> one : all) {
                Patience.result("the end of a worker in round " + round, one);
            }
            pool.close(Duration.ofSeconds(30));
            try {
                books.assertExact(pool.snapshot().account());
            } catch (AssertionError e) {
                throw new AssertionError("round " + round + " of seed " + SEED, e);
            }
            for (Outcome outcome : Outcome.values()) {
                seen.merge(outcome, books.count(outcome), Long::sum);
            }
        }
    }

    private static void act(
            EchoServer server, WebSocketPool pool, Books books, int first, boolean closes, SplittableRandom chance) {
        byte[] message = new byte[chance.nextInt(2000)];
        int closeAt = closes ? chance.nextInt(ACTIONS) : ACTIONS;
        for (int action = 0; action < ACTIONS; action++) {
            int token = first + action;
            PooledChannel one = pool.pick();
            int what = chance.nextInt(100);
            if (action == closeAt) {
                pool.close(chance.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(1));
            } else if (what < 70 || one == null) {
                books.sent(token, pool.send(message, token));
            } else if (what < 92) {
                books.sent(token, one.send(message, token));
            } else if (what < 94) {
                one.close(1000, "");
            } else if (what < 97) {
                pool.recycleStalest();
            } else {
                List<EchoConnection> open = server.open();
                if (!open.isEmpty()) {
                    open.get(chance.nextInt(open.size())).cut();
                }
            }
        }
    }
}
