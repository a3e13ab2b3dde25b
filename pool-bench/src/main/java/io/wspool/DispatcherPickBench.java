package io.wspool;

import io.wspool.api.BudgetSettings;
import io.wspool.api.PooledChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the choice of the healthiest channel cost one sender? A real pool whose channels are open to an echo server on loopback
 * and otherwise idle; the full cost of each is computed for every pick.
 */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DispatcherPickBench {
    /** Live channels. */
    @Param({"1", "3", "4", "8", "16"})
    public int channels;

    private EchoServer server;
    private WebSocketPool pool;

    /** Fills the pool. */
    @Setup(Level.Trial)
    public void fill() throws Exception {
        server = new EchoServer();
        pool = WebSocketPool.to(server.uri())
                .channels(channels)
                .budget(new BudgetSettings(1_000, 1_000, 16))
                .start();
        pool.awaitFull(Duration.ofSeconds(30));
    }

    /** One choice. */
    @Benchmark
    public PooledChannel pick() {
        return pool.pick();
    }

    /** Ends. */
    @TearDown(Level.Trial)
    public void close() throws Exception {
        pool.close();
        server.close();
    }
}
