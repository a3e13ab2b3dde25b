package io.wspool.api;

import java.time.Duration;

/**
 * How a place is refilled.
 *
 * @param first the back-off's first upper limit; each delay is drawn from 0 to the limit (full jitter)
 * @param factor the limit grows by this with each failure in a row
 * @param cap the limit's own limit
 * @param firstSpread after a stable life the first attempt is drawn from 0 to this
 * @param stableAfter how long a life must have been open, having received something, to count as a success
 * @param breakerFailures the breaker opens when one place has failed more often than this in a row
 * @param breakerOpen how long the breaker stays open before one dial is tried
 */
public record ReconnectSettings(
        Duration first,
        double factor,
        Duration cap,
        Duration firstSpread,
        Duration stableAfter,
        int breakerFailures,
        Duration breakerOpen) {
    /** 1 s doubling to 30 s; 250 ms; 10 s; 5 failures; 30 s. */
    public static final ReconnectSettings DEFAULTS = new ReconnectSettings(
            Duration.ofSeconds(1),
            2.0,
            Duration.ofSeconds(30),
            Duration.ofMillis(250),
            Duration.ofSeconds(10),
            5,
            Duration.ofSeconds(30));

    /** Refuses what cannot work. */
    public ReconnectSettings {
        Check.positive("reconnect.first", first);
        Check.within("reconnect.factor", factor, 1.0, 10.0);
        Check.positive("reconnect.cap", cap);
        Check.atLeast("reconnect.cap", cap, "reconnect.first", first);
        Check.notNegative("reconnect.firstSpread", firstSpread);
        Check.notNegative("reconnect.stableAfter", stableAfter);
        Check.within("reconnect.breakerFailures", breakerFailures, 1, 1_000_000);
        Check.positive("reconnect.breakerOpen", breakerOpen);
    }
}
