package io.wspool;

import io.wspool.api.BudgetSettings;
import io.wspool.api.DispatchPolicy;
import io.wspool.api.PooledChannel;
import io.wspool.channel.Load;
import io.wspool.channel.WebSocketChannel;
import java.time.Duration;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * What does the choice of the healthiest channel cost a sender, alone and beside another one, and what to take each in turn? A real pool
 * whose channels are open to an echo server on loopback, past their slow start, measured not long ago, and idle; the full cost
 * of each is computed for every pick.
 */
@NullUnmarked
@State(Scope.Benchmark)
public class DispatcherPickBench extends NanosBench {
    private static final long LOOK_EVERY_MILLIS = 50;

    /** Live channels. */
    @Param({"1", "3", "4", "8", "16", "64", "1024"})
    public int channels;

    /** How one is chosen. */
    @Param({"HEALTHIEST", "ROUND_ROBIN"})
    public DispatchPolicy policy;

    private EchoServer server;
    private WebSocketPool pool;

    /** Fills the pool. */
    @Setup(Level.Trial)
    public void fill() throws Exception {
        server = new EchoServer();
        pool = WebSocketPool.to(server.uri())
                .channels(channels)
                .dispatch(policy)
                .budget(new BudgetSettings(2_000, 2_000, 16))
                .start();
        pool.awaitFull(Duration.ofSeconds(30));
    }

    /** Has each channel measured again: an idle one's estimate is too old after ten seconds. */
    @Setup(Level.Iteration)
    public void measureAll() throws InterruptedException {
        do {
            pool.channels().forEach(channel -> ((WebSocketChannel) channel).ask());
            Thread.sleep(LOOK_EVERY_MILLIS);
        } while (pool.channels().stream()
                .anyMatch(channel -> (((WebSocketChannel) channel).load().score() & Load.NOTABLE) != 0));
    }

    /** One choice. */
    @Benchmark
    public PooledChannel pick() {
        return pool.pick();
    }

    /** One choice, while another thread chooses too. */
    @Benchmark
    @Threads(2)
    public PooledChannel pickByTwo() {
        return pool.pick();
    }

    /** Ends. */
    @TearDown(Level.Trial)
    public void close() throws Exception {
        pool.close();
        server.close();
    }
}
