package io.wspool.measure;

import io.wspool.api.LatencyFigures;
import io.wspool.api.LatencyInterval;
import io.wspool.api.LatencyStage;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One reader's view of one stage: what was recorded between two readings, gathered from all recorders into one HdrHistogram. One thread
 * at a time; no allocation once the range of values was seen.
 */
final class LatencyTally implements LatencyInterval {
    private final LatencyRecorders[] from;
    private final LatencyStage stage;
    private final long expectedNanos;
    private final LongSupplier nanoTime;
    private final Histogram histogram;
    private final @Nullable Seen[] seen;
    private long readAt;
    private long lengthNanos;

    /**
     * Nothing is read yet: the first {@link #read} finds everything since the beginning.
     *
     * @param expectedNanos the correction for coordinated omission, 0 for none
     */
    LatencyTally(LatencyRecorders[] from, LatencyStage stage, long expectedNanos, LongSupplier nanoTime) {
        this.from = from;
        this.stage = stage;
        this.expectedNanos = expectedNanos;
        this.nanoTime = nanoTime;
        this.histogram = new Histogram(from[0].digits());
        this.seen = new Seen[from.length];
        this.readAt = nanoTime.getAsLong();
    }

    /** The counts of one recorder at the last reading. */
    private static final class Seen {
        final long[] @Nullable [] chunks;

        Seen(int chunks) {
            this.chunks = new long[chunks][];
        }
    }

    /** Begins the next interval. */
    LatencyTally read() {
        long now = nanoTime.getAsLong();
        lengthNanos = now - readAt;
        readAt = now;
        histogram.reset();
        for (int i = 0; i < from.length; i++) {
            LatencyCounts counts = from[i].counts(stage);
            if (counts != null) {
                Seen last = seen[i];
                if (last == null) {
                    last = new Seen(counts.chunks());
                    seen[i] = last;
                }
                add(counts, last);
            }
        }
        return this;
    }

    private void add(LatencyCounts counts, Seen last) {
        for (int chunk = counts.chunks() - 1; chunk >= 0; chunk--) { // the longest first: the histogram grows once
            long[] now = counts.chunk(chunk);
            if (now != null) {
                long[] before = last.chunks[chunk];
                if (before == null) {
                    before = new long[now.length];
                    last.chunks[chunk] = before;
                }
                for (int i = now.length - 1; i >= 0; i--) {
                    long count = LatencyCounts.count(now, i);
                    if (count != before[i]) {
                        record(counts.value(chunk, i), count - before[i]);
                        before[i] = count;
                    }
                }
            }
        }
    }

    /**
     * Of a reply that took several expected intervals the requests that were held back by it are added, as
     * {@link Histogram#recordValueWithExpectedInterval} does; those that share a bucket in one step, so that a stall of an hour costs no more
     * steps than there are buckets.
     */
    private void record(long nanos, long times) {
        histogram.recordValueWithCount(nanos, times);
        if (expectedNanos > 0) {
            for (long missing = nanos - expectedNanos; missing >= expectedNanos; ) {
                long least = Math.max(expectedNanos, histogram.lowestEquivalentValue(missing));
                long same = (missing - least) / expectedNanos + 1;
                histogram.recordValueWithCount(missing, times * same);
                missing -= same * expectedNanos;
            }
        }
    }

    /** For output alone. */
    Histogram histogram() {
        return histogram;
    }

    @Override
    public LatencyStage stage() {
        return stage;
    }

    @Override
    public long lengthNanos() {
        return lengthNanos;
    }

    @Override
    public long count() {
        return histogram.getTotalCount();
    }

    @Override
    public long minNanos() {
        return histogram.getMinValue();
    }

    @Override
    public long maxNanos() {
        return histogram.getMaxValue();
    }

    @Override
    public double meanNanos() {
        return histogram.getMean();
    }

    @Override
    public long percentileNanos(double percentile) {
        return histogram.getValueAtPercentile(percentile);
    }

    @Override
    public LatencyFigures figures() {
        return count() == 0
                ? LatencyFigures.NONE
                : new LatencyFigures(
                        count(),
                        minNanos(),
                        meanNanos(),
                        percentileNanos(50),
                        percentileNanos(90),
                        percentileNanos(99),
                        percentileNanos(99.9),
                        percentileNanos(99.99),
                        maxNanos());
    }

    @Override
    public String toString() {
        return stage + " " + figures();
    }
}
