package io.wspool.api;

import java.time.Duration;

/**
 * When a healthy channel is replaced by a younger one.
 *
 * @param maxLifetime after this a channel is due; zero means never. For a venue that cuts after 24 h set 23 h
 * @param variance each life's own limit is shortened by a random part from 0 to this, so that channels do not age together
 * @param spacing the least time between two recycles by age, or {@code maxLifetime / (4 x channels)} where that is less
 */
public record RecycleSettings(Duration maxLifetime, double variance, Duration spacing) {
    /** Never; 10 %; 10 s. */
    public static final RecycleSettings DEFAULTS = new RecycleSettings(Duration.ZERO, 0.10, Duration.ofSeconds(10));

    /** Refuses what cannot work. */
    public RecycleSettings {
        Check.notNegative("recycle.maxLifetime", maxLifetime);
        Check.within("recycle.variance", variance, 0.0, 0.5);
        Check.notNegative("recycle.spacing", spacing);
    }

    /** Whether age recycles at all. */
    public boolean byAge() {
        return !maxLifetime.isZero();
    }

    /** With another lifetime. */
    public RecycleSettings withMaxLifetime(Duration lifetime) {
        return new RecycleSettings(lifetime, variance, spacing);
    }
}
