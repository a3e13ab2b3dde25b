package io.wspool.api;

import java.time.Duration;
import java.util.Objects;

/** Words every refusal of a setting the same way: {@code name=value must be …}. A check that holds allocates nothing. */
public final class Check {
    /** About 292 years: what fits in a {@code long} of nanoseconds. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private Check() {}

    /** Refuses null, by name. */
    public static <T> T notNull(String name, T value) {
        return Objects.requireNonNull(value, () -> name + "=null must be set");
    }

    /** Refuses zero, negative values and what does not fit in 64 bits of nanoseconds. */
    public static Duration positive(String name, Duration value) {
        notNull(name, value);
        require(!value.isZero() && !value.isNegative(), name, value, "> 0");
        return fits(name, value);
    }

    /** Refuses negative values and what does not fit in 64 bits of nanoseconds. */
    public static Duration notNegative(String name, Duration value) {
        notNull(name, value);
        require(!value.isNegative(), name, value, ">= 0");
        return fits(name, value);
    }

    /** Refuses what is shorter than {@code least}, whose own name is {@code leastName}. */
    public static Duration atLeast(String name, Duration value, String leastName, Duration least) {
        notNull(name, value);
        if (value.compareTo(least) < 0) {
            throw refused(name, value, ">= " + leastName + "=" + least);
        }
        return fits(name, value);
    }

    /** Refuses what is under {@code least}. */
    public static int atLeast(String name, int value, int least) {
        if (value < least) {
            throw refused(name, value, ">= " + least);
        }
        return value;
    }

    /** Refuses what is outside {@code least..most}, both allowed. */
    public static int within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw refused(name, value, ">= " + least + " and <= " + most);
        }
        return value;
    }

    /** Refuses what is outside {@code least..most}, both allowed, and what is no number. */
    public static double within(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) { // so that what is no number is refused too
            throw refused(name, value, ">= " + least + " and <= " + most);
        }
        return value;
    }

    /**
     * Refuses with {@code name=value must be bound} unless {@code holds}.
     *
     * @throws IllegalArgumentException if {@code holds} is false
     */
    public static void require(boolean holds, String name, Object value, String bound) {
        if (!holds) {
            throw refused(name, value, bound);
        }
    }

    private static IllegalArgumentException refused(String name, Object value, String bound) {
        return new IllegalArgumentException(name + "=" + value + " must be " + bound);
    }

    private static Duration fits(String name, Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw refused(name, value, "<= " + LONGEST);
        }
        return value;
    }
}
