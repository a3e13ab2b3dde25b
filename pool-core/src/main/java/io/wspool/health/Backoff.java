package io.wspool.health;

import io.wspool.api.Check;
import io.wspool.api.CloseAction;
import io.wspool.api.ReconnectSettings;

/**
 * How long a place waits before it dials again. Full jitter: each delay is drawn from zero to a limit that grows with
 * every failure in a row, so that clients that fell together do not come back together (RFC 6455 §7.2.3).
 * <p><b>Thread:</b> any; immutable. Rare: allocation does not matter here.
 */
public final class Backoff {
    /** What {@link CloseAction#BACK_OFF_SLOWLY} waits at least: the peer has said that it is in trouble. */
    public static final long SLOW_NANOS = 30_000_000_000L;

    /** Over this the first retries are spread when the channels of a pool fell together; see {@link FallDetector}. */
    public static final long STORM_SPREAD_NANOS = 5_000_000_000L;

    private final long firstNanos;
    private final double factor;
    private final long capNanos;
    private final long firstSpreadNanos;

    /** With these limits. */
    public Backoff(ReconnectSettings settings) {
        this.firstNanos = settings.first().toNanos();
        this.factor = settings.factor();
        this.capNanos = settings.cap().toNanos();
        this.firstSpreadNanos = settings.firstSpread().toNanos();
    }

    /**
     * The delay that an action asks for.
     *
     * @param failures dials and short lives of this place that failed in a row; 0 after a stable life
     * @param storm whether the place lost its channel together with many others
     * @param chance uniform in 0 to 1
     * @throws IllegalArgumentException for {@code LEAVE} and {@code HALT}, after which nothing is dialled
     */
    public long delayNanos(CloseAction action, int failures, boolean storm, double chance) {
        long least = storm ? STORM_SPREAD_NANOS : 0;
        return switch (action) {
            case AT_ONCE -> draw(Math.max(least, limitNanos(failures)), chance);
            case BACK_OFF -> draw(Math.max(least, limitNanos(Math.max(1, failures))), chance);
            // 30 s and then the jitter: max(30 s, jitter) would send everybody back in the same instant
            case BACK_OFF_SLOWLY -> SLOW_NANOS + draw(Math.max(least, limitNanos(Math.max(1, failures))), chance);
            // half is certain: from zero, jitter would soon repeat what only a change on one side can mend
            case BACK_OFF_AT_CAP -> capNanos - capNanos / 2 + draw(capNanos / 2, chance);
            case LEAVE, HALT -> throw new IllegalArgumentException(action + " dials no more");
        };
    }

    /** What a delay is drawn below: the first spread, then first × factor^(failures − 1) up to the cap. */
    long limitNanos(int failures) {
        if (failures == 0) {
            return firstSpreadNanos;
        }
        return (long) Math.min((double) capNanos, (double) firstNanos * Math.pow(factor, failures - 1));
    }

    private static long draw(long limit, double chance) {
        return (long) (Check.within("chance", chance, 0.0, 1.0) * (double) limit);
    }
}
