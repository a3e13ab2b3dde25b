package io.wspool.api;

import java.time.Duration;

/**
 * Pings that follow data, to know early that a channel stalls and to confirm what was sent.
 *
 * @param gap the least time between two probes of a channel with unconfirmed data; zero switches probes off
 * @param suspectFloor a probe younger than this never makes a channel suspect
 */
public record ProbeSettings(Duration gap, Duration suspectFloor) {
    /** 1 s, 50 ms: what public servers bear. */
    public static final ProbeSettings DEFAULTS = new ProbeSettings(Duration.ofSeconds(1), Duration.ofMillis(50));

    /** 1 ms, 5 ms: for servers that you run; public ones count pings and close with 1008. */
    public static final ProbeSettings LAN = new ProbeSettings(Duration.ofMillis(1), Duration.ofMillis(5));

    /** No probes: routing without evidence, tokens end as {@link Outcome#UNKNOWN} unless a heartbeat's pong covers them. */
    public static final ProbeSettings OFF = new ProbeSettings(Duration.ZERO, Duration.ofMillis(50));

    private static final long LEAST_TICK_NANOS = 1_000_000;
    private static final long LONGEST_TICK_NANOS = 10_000_000;

    /** Refuses what cannot work. */
    public ProbeSettings {
        Check.notNegative("probe.gap", gap);
        Check.positive("probe.suspectFloor", suspectFloor);
    }

    /** Whether probes are sent at all. */
    public boolean on() {
        return !gap.isZero();
    }

    /**
     * How often a loop looks after channels that owe an answer: a tenth of the gap, 1 to 10 ms. One that only waits for its next probe is left
     * alone until then, at most 100 ms.
     */
    public Duration tick() {
        return Duration.ofNanos(tickNanos());
    }

    /** The same in nanoseconds, without an allocation. */
    public long tickNanos() {
        return Math.max(LEAST_TICK_NANOS, Math.min(gap.toNanos() / 10, LONGEST_TICK_NANOS));
    }

    /** The age of a probe beyond which its channel is suspect, in nanoseconds. */
    public long suspectAfterNanos(long srttNanos, long rttvarNanos) {
        return Math.max(suspectFloor.toNanos(), Math.max(srttNanos + 8 * rttvarNanos, 2 * srttNanos));
    }

    /**
     * The longest from the first write after a stall to the last new send on the stalled channel, another channel being
     * eligible: gap + threshold + one tick.
     */
    public Duration suspectBound(Duration srtt, Duration rttvar) {
        return gap.plusNanos(suspectAfterNanos(srtt.toNanos(), rttvar.toNanos()))
                .plus(tick());
    }
}
