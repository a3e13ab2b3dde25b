package io.wspool.bench.client;

import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** One round's figures and its line. */
final class RoundResult {
    private static final long LONGEST_NANOS = 60_000_000_000L;

    final Histogram latencies = newHistogram();
    private final StringBuilder extra = new StringBuilder();
    long messages;
    long nanos;
    long cpuNanos;
    long allocBytes;
    long wrong;

    /** Three significant digits up to a minute; never grows, so that recording allocates nothing. */
    static Histogram newHistogram() {
        return new Histogram(1, LONGEST_NANOS, 3);
    }

    /** Records in a histogram of {@link #newHistogram}, whatever the value. */
    static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.max(1, Math.min(nanos, LONGEST_NANOS)));
    }

    /** A further figure, of a special work. */
    void put(String name, double value) {
        String text = value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.3f", value);
        extra.append(",\"").append(name).append("\":").append(text);
    }

    String toJson() {
        StringBuilder line = new StringBuilder(8192);
        line.append("{\"messages\":").append(messages);
        line.append(",\"nanos\":").append(nanos);
        line.append(",\"cpuNanos\":").append(cpuNanos);
        line.append(",\"allocBytes\":").append(allocBytes);
        line.append(",\"wrong\":").append(wrong).append(extra);
        line.append(",\"hist\":\"");
        String comma = "";
        for (HistogramIterationValue value : latencies.recordedValues()) {
            line.append(comma)
                    .append(latencies.lowestEquivalentValue(value.getValueIteratedTo()))
                    .append(':')
                    .append(value.getCountAtValueIteratedTo());
            comma = ",";
        }
        return line.append("\"}").toString();
    }
}
