package io.wspool.api;

/**
 * What was recorded for one stage, in nanoseconds. Of a pool to three significant digits, of a single channel to two; what took over
 * 73 minutes counts as 73 minutes.
 *
 * @param count values
 * @param min shortest
 * @param mean average
 * @param p50 median
 * @param p90 90th percentile
 * @param p99 99th percentile
 * @param p999 99.9th percentile
 * @param p9999 99.99th percentile
 * @param max longest
 */
public record LatencyFigures(
        long count, long min, double mean, long p50, long p90, long p99, long p999, long p9999, long max) {
    /** Nothing recorded. */
    public static final LatencyFigures NONE = new LatencyFigures(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
