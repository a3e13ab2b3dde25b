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
     * The part of a channel's cost that its loop knows: {@code (srtt + rttvar + inflight / 125 B·µs⁻¹) × slowStart}.
     *
     * @param inflightBytes encoded and not confirmed
     * @param slowStartPermille see {@link #slowStartPermille}
     */
    public static long baseNanos(long srttNanos, long rttvarNanos, long inflightBytes, int slowStartPermille) {
        return raised(srttNanos + rttvarNanos + inflightBytes * NANOS_PER_BYTE, slowStartPermille);
    }

    /**
     * {@code max(base + bytes / 125 B·µs⁻¹ × slowStart, age)}. The age is no average: it grows while a stalled channel answers
     * nothing, and takes its place away after about one round trip without any threshold.
     *
     * @param bytes accepted and not encoded, and those of the message to be sent
     * @param ageNanos of the oldest unanswered probe; 0 or less if there is none
     */
    public static long nanos(long baseNanos, long bytes, int slowStartPermille, long ageNanos) {
        return Math.max(baseNanos + raised(bytes * NANOS_PER_BYTE, slowStartPermille), ageNanos);
    }

    /** What bytes add to the cost of a channel that is past its slow start. */
    public static long ofBytes(long bytes) {
        return bytes * NANOS_PER_BYTE;
    }

    private static long raised(long nanos, int permille) {
        // mostly there is nothing to raise: a division would be the dearest part of a pick
        return permille == NO_SLOW_START ? nanos : nanos * permille / 1_000;
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
