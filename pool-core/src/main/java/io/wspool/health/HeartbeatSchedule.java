package io.wspool.health;

import io.wspool.api.HeartbeatSettings;

/**
 * When to ask a silent peer for a sign of life, and when to give it up: one <em>episode</em>, made when the peer has been silent for
 * {@code interval}, and thrown away at an answer or a complete frame.
 * <p>A ping goes at once; it is missed when {@code timeout} has passed since the kernel took it or, while it cannot be written,
 * since the kernel last took any byte. After miss k the next ping goes
 * {@link HeartbeatSettings#spacingAfterMiss spacingAfterMiss(k)} after the previous one. The last allowed miss is
 * death, at the latest {@link HeartbeatSettings#detectionBound()} after the last frame. A clock that jumps brings no
 * death nearer: every ping has its own {@code timeout}, from when it really went.
 * <p><b>Thread:</b> one, the channel's loop. <b>Cost:</b> comparisons; only a miss allocates. <b>Bound:</b> this object.
 */
public final class HeartbeatSchedule {
    /** What {@link #poll} wants done. */
    public enum Decision {
        /** Nothing yet. */
        NOTHING,
        /** Write a ping now; then say {@link #taken} or {@link #blockedSince}. */
        PING,
        /** The outstanding ping was missed; {@link #misses()} counts it. */
        MISS,
        /** The last allowed ping was missed: close. Final. */
        DEAD
    }

    private enum Phase {
        /** A ping is wanted as soon as anybody asks. */
        PING_WANTED,
        /** A ping was asked for, and waits for the kernel or for its answer. */
        PING_OUT,
        /** The last ping was missed; the next one is not due yet. */
        MISSED,
        /** Given up. */
        DEAD
    }

    private final HeartbeatSettings settings;
    private final long timeoutNanos;

    private Phase phase = Phase.PING_WANTED;
    /** What the phase's limit is measured from: the wish, the kernel's last byte, the last ping. */
    private long sinceNanos;

    private long limitNanos;
    private long pingAtNanos;
    private boolean taken;
    private int misses;

    /** The peer has been silent for the interval. */
    public HeartbeatSchedule(HeartbeatSettings settings, long nowNanos) {
        this.settings = settings;
        this.timeoutNanos = settings.timeout().toNanos();
        this.sinceNanos = nowNanos;
    }

    /**
     * What is due. Ask again until {@link Decision#NOTHING}: a late poll can find a miss and the next ping at once.
     *
     * @param nowNanos the loop's time, all unread input having been read
     */
    public Decision poll(long nowNanos) {
        if (phase == Phase.DEAD) {
            return Decision.DEAD;
        }
        if (nowNanos - sinceNanos < limitNanos) {
            return Decision.NOTHING;
        }
        return phase == Phase.PING_OUT ? miss(nowNanos) : ping(nowNanos);
    }

    /** The kernel has taken the whole of the newest ping: its time runs from here. */
    public void taken(long nowNanos) {
        if (phase == Phase.PING_OUT && !taken) {
            taken = true;
            sinceNanos = nowNanos;
        }
    }

    /**
     * The newest ping still waits to be written, and the kernel took its last byte of this channel then. Repeat it as
     * bytes go: each puts off the miss. What was taken before the ping was wanted changes nothing.
     */
    public void blockedSince(long lastByteTakenNanos) {
        if (phase == Phase.PING_OUT && !taken && lastByteTakenNanos - sinceNanos > 0) {
            sinceNanos = lastByteTakenNanos;
        }
    }

    /** When {@link #poll} will next want something, if nothing is heard; compare by difference. In the past when dead. */
    long nextDueNanos() {
        return sinceNanos + limitNanos;
    }

    /** Missed in a row. */
    public int misses() {
        return misses;
    }

    private Decision ping(long nowNanos) {
        pingAtNanos = nowNanos;
        taken = false;
        enter(Phase.PING_OUT, nowNanos, timeoutNanos);
        return Decision.PING;
    }

    private Decision miss(long nowNanos) {
        misses++;
        if (misses >= settings.misses()) {
            enter(Phase.DEAD, nowNanos, 0);
            return Decision.DEAD;
        }
        enter(Phase.MISSED, pingAtNanos, settings.spacingAfterMiss(misses).toNanos());
        return Decision.MISS;
    }

    private void enter(Phase next, long since, long limit) {
        phase = next;
        sinceNanos = since;
        limitNanos = limit;
    }
}
