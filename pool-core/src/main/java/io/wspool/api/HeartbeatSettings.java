package io.wspool.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a silent channel is asked for a sign of life, and when it is given up.
 *
 * @param interval silence (no complete frame) before the first ping, and the base of the spacing after a miss
 * @param timeout how long a ping may stay unanswered after the kernel took it
 * @param misses how many misses in a row end the channel
 * @param factor the spacing grows by this after each miss
 * @param cap the most the spacing grows to, never less than the timeout in effect
 * @param application what to send instead of a protocol ping, or null for protocol pings
 */
public record HeartbeatSettings(
        Duration interval,
        Duration timeout,
        int misses,
        double factor,
        Duration cap,
        @Nullable ApplicationHeartbeat application) {
    /** 15 s, 30 s, 3 misses, factor 1.5, cap 60 s. */
    public static final HeartbeatSettings DEFAULTS =
            new HeartbeatSettings(Duration.ofSeconds(15), Duration.ofSeconds(30), 3, 1.5, Duration.ofSeconds(60), null);

    /** 1 s, 1 s, 2 misses: for servers that you run. */
    public static final HeartbeatSettings LAN =
            new HeartbeatSettings(Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 1.5, Duration.ofSeconds(60), null);

    /** Refuses what cannot work. */
    public HeartbeatSettings {
        Check.positive("heartbeat.interval", interval);
        Check.positive("heartbeat.timeout", timeout);
        Check.within("heartbeat.misses", misses, 1, 100);
        Check.within("heartbeat.factor", factor, 1.0, 10.0);
        Check.positive("heartbeat.cap", cap);
        Check.atLeast("heartbeat.cap", cap, "heartbeat.interval", interval);
    }

    /** How long after ping {@code miss} the next one goes, when that ping was missed; {@code miss} counts from 1. */
    public Duration spacingAfterMiss(int miss) {
        long grown = (long) Math.min(interval.toNanos() * Math.pow(factor, miss), (double) cap.toNanos());
        return Duration.ofNanos(Math.max(timeout.toNanos(), grown));
    }

    /**
     * The longest a dead channel can stay open: from its last complete frame to the last allowed miss, apart from the
     * lateness of its own loop. 108.75 s at the defaults, 3.5 s in {@link #LAN}.
     */
    public Duration detectionBound() {
        Duration bound = interval.plus(timeout);
        for (int miss = 1; miss < misses; miss++) {
            bound = bound.plus(spacingAfterMiss(miss));
        }
        return bound;
    }

    /** With another way of asking. */
    public HeartbeatSettings withApplication(ApplicationHeartbeat heartbeat) {
        return new HeartbeatSettings(interval, timeout, misses, factor, cap, heartbeat);
    }
}
