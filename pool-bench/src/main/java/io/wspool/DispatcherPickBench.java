package io.wspool;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What does it cost to find the cheapest of {@code n} channels: one opaque read each, a cache line pair apart? */
@NullMarked // not in package-info, which is pool-core's
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DispatcherPickBench {
    /** 128 bytes: the adjacent-line prefetcher takes cache lines in pairs. */
    private static final int STRIDE = 16;

    @Param({"1", "3", "16"})
    int channels;

    private AtomicLongArray costs = new AtomicLongArray(0);

    @Setup
    public void fill() {
        costs = new AtomicLongArray((channels + 1) * STRIDE);
        for (int i = 0; i < channels; i++) {
            costs.set((i + 1) * STRIDE, 1_000 - 31L * i);
        }
    }

    @Benchmark
    public int cheapest() {
        int best = -1;
        long bestCost = Long.MAX_VALUE;
        for (int i = 0; i < channels; i++) {
            long cost = costs.getOpaque((i + 1) * STRIDE);
            if (cost < bestCost) {
                bestCost = cost;
                best = i;
            }
        }
        return best;
    }
}
