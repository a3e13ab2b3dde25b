package io.wspool.measure;

import io.wspool.NanosBench;
import io.wspool.api.LatencyStage;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Recorder;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What does it cost to record one latency that another thread may read? From a microsecond to a millisecond, scattered, three digits.
 * {@link #array} has one bucket for each power of two and nobody who could read it meanwhile: the least that counting costs.
 */
@NullMarked
@State(Scope.Thread)
public class HistogramBench extends NanosBench {
    private final LatencyRecorders recorders = new LatencyRecorders(LatencyRecorders.LOOP_DIGITS);
    private final Recorder recorder = new Recorder(LatencyRecorders.LOOP_DIGITS);
    private final SingleWriterRecorder singleWriter = new SingleWriterRecorder(LatencyRecorders.LOOP_DIGITS);
    private final ConcurrentHistogram concurrent = new ConcurrentHistogram(LatencyRecorders.LOOP_DIGITS);
    private final long[] buckets = new long[Long.SIZE + 1];
    private long seed;

    private long value() {
        seed = seed * 6364136223846793005L + 1442695040888963407L;
        return 1_000 + (seed >>> 44);
    }

    /** Ours, as a loop records a wait. */
    @Benchmark
    public void wspool() {
        recorders.record(LatencyStage.QUEUE_WAIT, value(), 1);
    }

    /** HdrHistogram's recorder for any number of writers. */
    @Benchmark
    public void recorder() {
        recorder.recordValue(value());
    }

    /** HdrHistogram's recorder for one writer. */
    @Benchmark
    public void singleWriterRecorder() {
        singleWriter.recordValue(value());
    }

    /** HdrHistogram's histogram that may be read while it is written, without intervals. */
    @Benchmark
    public void concurrentHistogram() {
        concurrent.recordValue(value());
    }

    /** A bucket for each power of two. */
    @Benchmark
    public long[] array() {
        buckets[Long.SIZE - Long.numberOfLeadingZeros(value())]++;
        return buckets;
    }
}
