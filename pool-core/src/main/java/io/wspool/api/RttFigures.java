package io.wspool.api;

/**
 * Round trips of matched pongs, in nanoseconds, from an HdrHistogram with three significant digits for a pool, two for a channel.
 *
 * @param count matched pongs
 * @param min shortest
 * @param mean average
 * @param p50 median
 * @param p90 90th percentile
 * @param p99 99th percentile
 * @param p999 99.9th percentile
 * @param max longest
 */
public record RttFigures(long count, long min, double mean, long p50, long p90, long p99, long p999, long max) {
    /** Nothing measured. */
    public static final RttFigures NONE = new RttFigures(0, 0, 0, 0, 0, 0, 0, 0);
}
