package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.DispatchPolicy;
import io.wspool.api.PoolListener;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which channel, and which thread: keys, turns, and the user's own threads, over real sockets. */
class ChoiceTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Map<String, EchoConnection> bySlot = new ConcurrentHashMap<>();
    private EchoServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new EchoServer(
                (connection, text, message) -> bySlot.put(new String(message, StandardCharsets.UTF_8), connection));
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    private record Move(long key, int from, int to) {}

    @Test
    void aKeyKeepsItsChannelMovesWhenThatIsGoneAndReturns() throws Exception {
        long key = 4711;
        BlockingQueue<Move> moves = new LinkedBlockingQueue<>();
        BlockingQueue<Integer> servedMeanwhile = new LinkedBlockingQueue<>();
        BlockingQueue<PoolState> full = new LinkedBlockingQueue<>();
        CompletableFuture<WebSocketPool> self = new CompletableFuture<>();
        try (WebSocketPool pool = WebSocketPool.to(server.uri())
                .channels(3)
                .lan()
                .onChannelOpen(channel -> channel.sendText(String.valueOf(channel.slot())))
                .listener(new PoolListener() {
                    @Override
                    public void onAffinityMove(long moved, int fromSlot, int toSlot) {
                        moves.add(new Move(moved, fromSlot, toSlot));
                    }

                    @Override
                    public void onState(
                            ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
                        if (to == ChannelState.CLOSED && !self.join().state().equals(PoolState.CLOSING)) {
                            // on the home loop: the place cannot be filled again before this is over
                            PooledChannel other = self.join().channel(key);
                            servedMeanwhile.add(other == null ? -1 : other.slot());
                        }
                    }

                    @Override
                    public void onPoolState(PoolState from, PoolState to) {
                        if (to == PoolState.FULL) {
                            full.add(to);
                        }
                    }
                })
                .start()) {
            self.complete(pool);
            assertThat(Patience.next("all channels", full)).isEqualTo(PoolState.FULL);
            PooledChannel first = Objects.requireNonNull(pool.channel(key));
            int home = first.slot();
            for (int i = 0; i < 100; i++) {
                assertThat(pool.channel(key)).isSameAs(first);
            }
            Patience.until("the server's view of the channel", () -> bySlot.containsKey(String.valueOf(home)));

            Objects.requireNonNull(bySlot.get(String.valueOf(home))).cut();

            int away = Patience.next("another channel for the key", servedMeanwhile);
            assertThat(away).isNotEqualTo(home).isNotEqualTo(-1);
            assertThat(Patience.next("the move", moves)).isEqualTo(new Move(key, home, away));
            assertThat(Patience.next("all channels again", full)).isEqualTo(PoolState.FULL);
            PooledChannel back = Objects.requireNonNull(pool.channel(key));
            assertThat(back.slot()).isEqualTo(home);
            assertThat(back).as("another life").isNotSameAs(first);
            assertThat(Patience.next("the move back", moves)).isEqualTo(new Move(key, away, home));
            pool.close(LONG);
            assertThat(moves).as("each move is told once").isEmpty();
        }
    }

    @Test
    void keysSpreadOverAllChannels() throws Exception {
        try (WebSocketPool pool = WebSocketPool.to(server.uri()).channels(3).start()) {
            pool.awaitFull(LONG);
            int[] keys = new int[3];
            for (long key = 0; key < 300; key++) {
                keys[Objects.requireNonNull(pool.channel(key)).slot()]++;
            }
            assertThat(keys).satisfies(counts -> assertThat(counts.length).isEqualTo(3));
            for (int count : keys) {
                assertThat(count).isBetween(60, 140);
            }
        }
    }

    @Test
    void roundRobinTakesEachInTurn() throws Exception {
        try (WebSocketPool pool = WebSocketPool.to(server.uri())
                .channels(3)
                .dispatch(DispatchPolicy.ROUND_ROBIN)
                .start()) {
            pool.awaitFull(LONG);
            List<Integer> slots = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                slots.add(Objects.requireNonNull(pool.pick()).slot());
            }
            for (int i = 3; i < 30; i++) {
                assertThat(slots.get(i)).isEqualTo(slots.get(i - 3));
            }
            assertThat(slots.subList(0, 3)).containsExactlyInAnyOrder(0, 1, 2);
        }
    }

    @Test
    void theUsersThreadsDriveTheLoops() throws Exception {
        Set<Thread> made = new CopyOnWriteArraySet<>();
        Set<Thread> called = new CopyOnWriteArraySet<>();
        WebSocketPool pool = WebSocketPool.to(server.uri())
                .channels(2)
                .loops(2)
                .threadFactory(task -> {
                    Thread thread = new Thread(task);
                    made.add(thread);
                    return thread;
                })
                .onChannelOpen(channel -> called.add(Thread.currentThread()))
                .start();
        pool.awaitFull(LONG);
        assertThat(pool.sendText("something")).isEqualTo(SendResult.ACCEPTED);
        pool.close(LONG);
        assertThat(made).hasSize(2).isEqualTo(called);
        for (Thread thread : made) {
            Patience.end(thread);
        }
    }
}
