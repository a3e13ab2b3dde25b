package io.wspool.health;

/**
 * Smoothed round trip and its variation, as in RFC 6298 §2 with α = 1/8 and β = 1/4. In nanoseconds.
 * <p><b>Thread:</b> one, the channel's loop. <b>Cost:</b> a few additions; nothing is allocated. <b>Bound:</b> three
 * fields.
 */
public final class RttEstimator {
    /** An estimate that no sample has touched for this long must be refreshed before its channel may win a pick. */
    public static final long STALE_AFTER_NANOS = 10_000_000_000L;

    private long srttNanos;
    private long rttvarNanos;
    private long sampledAtNanos;

    /**
     * Takes the time from the upgrade's request to its 101 as the first measurement (RFC 6298 §2.2). The first pong is
     * then smoothed in like any other: one lucky pong must not make the newest channel look like the best of the pool.
     */
    public void start(long upgradeNanos, long nowNanos) {
        long first = Math.max(0, upgradeNanos);
        srttNanos = first;
        rttvarNanos = first / 2;
        sampledAtNanos = nowNanos;
    }

    /**
     * Smooths in one round trip. What a local pause leaves below zero counts as zero.
     *
     * @param rttNanos from when the kernel took the ping to reading its pong, less what this side was late by
     */
    public void sample(long rttNanos, long nowNanos) {
        long error = Math.max(0, rttNanos) - srttNanos;
        rttvarNanos += (Math.abs(error) - rttvarNanos) / 4; // before srtt moves: RFC 6298 §2.3 names the order
        srttNanos += error / 8;
        sampledAtNanos = nowNanos;
    }

    /** Whether the last sample, or the start, is {@link #STALE_AFTER_NANOS} old. */
    public boolean stale(long nowNanos) {
        return nowNanos - sampledAtNanos >= STALE_AFTER_NANOS;
    }

    /** The smoothed round trip. */
    public long srttNanos() {
        return srttNanos;
    }

    /** Its smoothed mean deviation. */
    public long rttvarNanos() {
        return rttvarNanos;
    }

    /** When the estimate was last fed. */
    public long sampledAtNanos() {
        return sampledAtNanos;
    }
}
