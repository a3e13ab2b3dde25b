package io.wspool.bench.client;

import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/** One round's figures and its line. */
final class RoundResult {
    private static final long LONGEST_NANOS = 60_000_000_000L;

    final Histogram latencies = newHistogram();
    private final StringBuilder extra = new StringBuilder();
    long messages;
    long nanos;
    long cpuNanos;
    long allocBytes;
    /** Of garbage that ran meanwhile. */
    long collections;

    long wrong;
    /** The whole line, where another process has made it. */
    private @Nullable String line;

    /** Three significant digits up to a minute; never grows, so that recording allocates nothing. */
    static Histogram newHistogram() {
        return new Histogram(1, LONGEST_NANOS, 3);
    }

    /** Records in a histogram of {@link #newHistogram}, whatever the value. */
    static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.max(1, Math.min(nanos, LONGEST_NANOS)));
    }

    /** A further figure, of a special work. */
    void put(String name, long value) {
        extra.append(",\"").append(name).append("\":").append(value);
    }

    /** A further figure, of a special work. */
    void put(String name, double value) {
        extra.append(",\"").append(name).append("\":").append(String.format(Locale.ROOT, "%.3f", value));
    }

    /** A round that another process did. */
    static RoundResult ofLine(String line) {
        RoundResult result = new RoundResult();
        result.line = line;
        return result;
    }

    String toJson() {
        String made = line;
        return made == null ? json() : made;
    }

    private String json() {
        StringBuilder json = new StringBuilder(8192);
        json.append("{\"messages\":").append(messages);
        json.append(",\"nanos\":").append(nanos);
        json.append(",\"cpuNanos\":").append(cpuNanos);
        json.append(",\"allocBytes\":").append(allocBytes);
        json.append(",\"collections\":").append(collections);
        json.append(",\"wrong\":").append(wrong).append(extra);
        json.append(",\"hist\":\"");
        String comma = "";
        for (HistogramIterationValue value : latencies.recordedValues()) {
            json.append(comma)
                    .append(latencies.lowestEquivalentValue(value.getValueIteratedTo()))
                    .append(':')
                    .append(value.getCountAtValueIteratedTo());
            comma = ",";
        }
        return json.append("\"}").toString();
    }
}
