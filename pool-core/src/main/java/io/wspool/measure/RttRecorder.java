package io.wspool.measure;

import io.wspool.api.RttFigures;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Round trips in nanoseconds. One thread records, wait-free and without allocation once the range
 * has been seen; any thread reads. Nothing is allocated before the first value.
 */
public final class RttRecorder {
    private final int digits;
    private volatile @Nullable SingleWriterRecorder recorder;
    private @Nullable Histogram interval; // guarded by this
    private @Nullable Histogram total; // guarded by this

    /** Keeps so many significant digits: 3 are exact to a thousandth, 2 take a tenth of the memory. */
    public RttRecorder(int digits) {
        this.digits = digits;
    }

    /** Records one. The writer's thread only. */
    public void record(long nanos) {
        SingleWriterRecorder to = recorder;
        if (to == null) {
            to = new SingleWriterRecorder(digits);
            recorder = to;
        }
        to.recordValue(Math.max(0, nanos));
    }

    /** Adds all that {@code other} has recorded so far. Any thread. */
    public void add(RttRecorder other) {
        Histogram theirs = other.total();
        if (theirs != null) {
            synchronized (this) {
                Histogram mine = totalOrNew();
                synchronized (other) {
                    mine.add(theirs);
                }
            }
        }
    }

    /** Percentiles of everything so far. Any thread. */
    public RttFigures figures() {
        Histogram all = total();
        if (all == null) {
            return RttFigures.NONE;
        }
        synchronized (this) {
            return all.getTotalCount() == 0
                    ? RttFigures.NONE
                    : new RttFigures(
                            all.getTotalCount(),
                            all.getMinValue(),
                            all.getMean(),
                            all.getValueAtPercentile(50),
                            all.getValueAtPercentile(90),
                            all.getValueAtPercentile(99),
                            all.getValueAtPercentile(99.9),
                            all.getMaxValue());
        }
    }

    /** The percentile distribution as {@code .hgrm} text, values divided by {@code unitNanos}. Any thread. */
    public String hgrm(double unitNanos) {
        Histogram all = total();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        synchronized (this) {
            Histogram printed = all == null ? new Histogram(digits) : all;
            printed.outputPercentileDistribution(new PrintStream(text, true, StandardCharsets.UTF_8), unitNanos);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private synchronized @Nullable Histogram total() {
        SingleWriterRecorder from = recorder;
        if (from != null) {
            interval = from.getIntervalHistogram(interval);
            totalOrNew().add(interval);
        }
        return total;
    }

    private synchronized Histogram totalOrNew() {
        Histogram all = total;
        if (all == null) {
            all = new Histogram(digits);
            all.setAutoResize(true);
            total = all;
        }
        return all;
    }
}
