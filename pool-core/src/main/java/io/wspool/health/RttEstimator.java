package io.wspool.health;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Smoothed round trip and its variation, as in RFC 6298 §2 with α = 1/8 and β = 1/4. In nanoseconds.
 * <p><b>Thread:</b> one, the channel's loop; {@link #srttNanos} and {@link #rttvarNanos} may be read by any. <b>Cost:</b> a few additions;
 * nothing is allocated. <b>Bound:</b> three fields.
 */
public final class RttEstimator {
    /** An estimate that no sample has touched for this long must be refreshed before its channel may win a pick. */
    public static final long STALE_AFTER_NANOS = 10_000_000_000L;

    private static final VarHandle SRTT = word("srttNanos");
    private static final VarHandle RTTVAR = word("rttvarNanos");

    private long srttNanos;
    private long rttvarNanos;
    private long sampledAtNanos;

    private static VarHandle word(String name) {
        try {
            return MethodHandles.lookup()
                    .findVarHandle(RttEstimator.class, name, long.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Takes the time from the upgrade's request to its 101 as the first measurement (RFC 6298 §2.2). The first pong is
     * then smoothed in like any other: one lucky pong must not make the newest channel look like the best of the pool.
     */
    public void start(long upgradeNanos, long nowNanos) {
        long first = Math.max(0, upgradeNanos);
        SRTT.setOpaque(this, first);
        RTTVAR.setOpaque(this, first / 2);
        sampledAtNanos = nowNanos;
    }

    /**
     * Smooths in one round trip. What a local pause leaves below zero counts as zero.
     *
     * @param rttNanos from when the kernel took the ping to reading its pong, less what this side was late by
     */
    public void sample(long rttNanos, long nowNanos) {
        long error = Math.max(0, rttNanos) - srttNanos;
        RTTVAR.setOpaque(
                this,
                rttvarNanos + (Math.abs(error) - rttvarNanos) / 4); // before srtt moves: RFC 6298 §2.3 names the order
        SRTT.setOpaque(this, srttNanos + error / 8);
        sampledAtNanos = nowNanos;
    }

    /** Whether the last sample, or the start, is {@link #STALE_AFTER_NANOS} old. */
    public boolean stale(long nowNanos) {
        return nowNanos - sampledAtNanos >= STALE_AFTER_NANOS;
    }

    /** The smoothed round trip. */
    public long srttNanos() {
        return (long) SRTT.getOpaque(this);
    }

    /** Its smoothed mean deviation. */
    public long rttvarNanos() {
        return (long) RTTVAR.getOpaque(this);
    }

    /** When the estimate was last fed. */
    public long sampledAtNanos() {
        return sampledAtNanos;
    }
}
