package io.wspool.measure;

import io.wspool.api.LatencyLog;
import io.wspool.api.LatencyStage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** A log of intervals as HdrHistogram's tools read it: the stage is the tag, times are seconds since the head's base time. */
final class Hlog implements LatencyLog {
    private static final double NANOS_PER_SECOND = 1e9;

    /** The column for the eye, Interval_Max, is in milliseconds, as everywhere. */
    private static final double MAX_UNIT_NANOS = 1e6;

    private final PrintStream to;
    private final HistogramLogWriter writer;
    private final Map<LatencyStage, LatencyTally> tallies;
    private final LongSupplier nanoTime;
    private final long beganAt;
    private long readAt;

    Hlog(OutputStream to, Map<LatencyStage, LatencyTally> tallies, LongSupplier nanoTime, long epochMillis) {
        this.to = new PrintStream(to, false, StandardCharsets.UTF_8);
        this.writer = new HistogramLogWriter(this.to);
        this.tallies = tallies;
        this.nanoTime = nanoTime;
        this.beganAt = nanoTime.getAsLong();
        this.readAt = beganAt;
        writer.outputComment("[Latencies of wspool in nanoseconds; tags are stages]");
        writer.outputLogFormatVersion();
        writer.outputBaseTime(epochMillis);
        writer.outputStartTime(epochMillis);
        writer.outputLegend();
    }

    @Override
    public void append() throws IOException {
        long now = nanoTime.getAsLong();
        for (LatencyTally tally : tallies.values()) {
            if (tally.read().count() > 0) {
                Histogram histogram = tally.histogram();
                histogram.setTag(tally.stage().name());
                writer.outputIntervalHistogram(seconds(readAt), seconds(now), histogram, MAX_UNIT_NANOS);
            }
        }
        readAt = now;
        if (to.checkError()) { // flushes; a PrintStream keeps its failures to itself
            throw new IOException("the latency log cannot be written");
        }
    }

    private double seconds(long nanos) {
        return (nanos - beganAt) / NANOS_PER_SECOND;
    }

    @Override
    public void close() throws IOException {
        boolean failed = to.checkError();
        to.close();
        if (failed) {
            throw new IOException("the latency log was not written whole");
        }
    }
}
