package io.wspool.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * One round of one contender.
 *
 * @param messages answered
 * @param nanos the round took
 * @param cpuNanos of its whole process
 * @param allocBytes on its heap, by all threads; -1 where there is no heap
 * @param collections of garbage that ran meanwhile; 0 where there is no heap
 * @param wrong answers missing or out of order
 * @param histogram latencies in nanoseconds
 * @param extra further numbers of special works
 */
record Sample(
        long messages,
        long nanos,
        long cpuNanos,
        long allocBytes,
        long collections,
        long wrong,
        Histogram histogram,
        Map<String, Double> extra) {
    private static final Set<String> KNOWN =
            Set.of("messages", "nanos", "cpuNanos", "allocBytes", "collections", "wrong", "hist");

    /** Reads a round's line. */
    static Sample parse(String line) throws IOException {
        Map<String, Object> map = JSON.std.mapFrom(line);
        Map<String, Double> extra = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : map.entrySet()) {
            if (!KNOWN.contains(entry.getKey()) && entry.getValue() instanceof Number number) {
                extra.put(entry.getKey(), number.doubleValue());
            }
        }
        return new Sample(
                number(map, "messages"),
                number(map, "nanos"),
                number(map, "cpuNanos"),
                number(map, "allocBytes"),
                map.get("collections") instanceof Number n ? n.longValue() : 0,
                number(map, "wrong"),
                histogram(String.valueOf(map.getOrDefault("hist", ""))),
                extra);
    }

    private static long number(Map<String, Object> map, String key) throws IOException {
        if (map.get(key) instanceof Number number) {
            return number.longValue();
        }
        throw new IOException("a round's line has no " + key);
    }

    /** {@code "latency:count,latency:count"}; empty is an empty histogram. */
    private static Histogram histogram(String sparse) throws IOException {
        Histogram histogram = new Histogram(3);
        try {
            int at = 0;
            while (at < sparse.length()) {
                int colon = sparse.indexOf(':', at);
                int comma = sparse.indexOf(',', colon);
                int end = comma < 0 ? sparse.length() : comma;
                histogram.recordValueWithCount(
                        Long.parseLong(sparse, at, colon, 10), Long.parseLong(sparse, colon + 1, end, 10));
                at = end + 1;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IOException("a round's histogram is not \"value:count,…\"", e);
        }
        return histogram;
    }

    double perSecond() {
        return nanos == 0 ? 0 : messages * 1e9 / nanos;
    }

    double cpuMicrosPerMessage() {
        return messages == 0 ? 0 : cpuNanos / 1e3 / messages;
    }

    /** -1 where there is no heap. */
    double allocBytesPerMessage() {
        return allocBytes < 0 ? -1 : messages == 0 ? 0 : (double) allocBytes / messages;
    }
}
