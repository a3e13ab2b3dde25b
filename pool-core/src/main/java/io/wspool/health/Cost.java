package io.wspool.health;

/**
 * What a send over a channel costs: the expected time, in nanoseconds, until the peer has read it. All terms are times,
 * so there are no weights to tune.
 * <p><b>Thread:</b> any; pure functions, called for each channel and send. <b>Cost:</b> integer arithmetic. Costs stay
 * below 2^61; {@link Long#MAX_VALUE} may stand for "none".
 */
public final class Cost {
    /** 125 bytes a microsecond: 1 Gbit/s, the rate that is assumed for what waits and what is under way. */
    static final long NANOS_PER_BYTE = 8;

    /** A factor of one, in the units of {@link #slowStartPermille}. */
    public static final int NO_SLOW_START = 1_000;

    private static final int MOST_SLOW_START = 10_000;
    private static final long LEAST_WARM_UP_NANOS = 200_000_000L;
    private static final long WARM_UP_ROUND_TRIPS = 50;
    private static final long DEAD_BAND_NANOS = 20_000;

    private Cost() {}

    /**
     * {@code max((srtt + rttvar + bytes / 125 B·µs⁻¹) × slowStart, age − lateness)}. The age is no average: it grows while
     * a stalled channel answers nothing, and takes its place away after about one round trip without any threshold.
     *
     * @param queuedBytes accepted and not encoded
     * @param inflightBytes encoded and not confirmed
     * @param size of the message to be sent
     * @param slowStartPermille see {@link #slowStartPermille}
     * @param ageNanos of the oldest unanswered probe, 0 if there is none or no evidence
     * @param localLatenessNanos what of that age this side caused
     */
    public static long nanos(
            long srttNanos,
            long rttvarNanos,
            long queuedBytes,
            long inflightBytes,
            long size,
            int slowStartPermille,
            long ageNanos,
            long localLatenessNanos) {
        long estimate = srttNanos + rttvarNanos + (queuedBytes + inflightBytes + size) * NANOS_PER_BYTE;
        if (slowStartPermille != NO_SLOW_START) { // mostly it is not: a division would be the dearest part of a pick
            estimate = estimate * slowStartPermille / 1_000;
        }
        return Math.max(estimate, ageNanos - localLatenessNanos);
    }

    /**
     * By how much the estimate of a young channel is raised, in thousandths: {@code 1 / max(0.1, open / warmUp)}. A new
     * connection has a small congestion window and often a cold server behind it.
     */
    public static int slowStartPermille(long openForNanos, long srttNanos) {
        long warmUp = warmUpNanos(srttNanos);
        if (openForNanos >= warmUp) {
            return NO_SLOW_START;
        }
        if (openForNanos <= warmUp / 10) {
            return MOST_SLOW_START;
        }
        return (int) (warmUp * 1_000 / openForNanos);
    }

    /** How long a channel is warming up after it opened: {@code max(200 ms, 50 · srtt)}. */
    public static long warmUpNanos(long srttNanos) {
        return Math.max(LEAST_WARM_UP_NANOS, WARM_UP_ROUND_TRIPS * srttNanos);
    }

    /**
     * Whether the best channel is so much better that leaving the current one pays: under 85 % of its cost less 20 µs.
     * The dead band stops flapping between equals; near equality a switch is worth less than order.
     */
    public static boolean worthSwitching(long bestNanos, long currentNanos) {
        return bestNanos < currentNanos / 20 * 17 - DEAD_BAND_NANOS; // divided first: MAX_VALUE must not overflow
    }
}
