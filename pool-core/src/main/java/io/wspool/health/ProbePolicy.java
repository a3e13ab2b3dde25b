package io.wspool.health;

import io.wspool.api.ProbeSettings;
import java.time.Duration;

/**
 * When a ping must follow data, how long the peer has owed an answer, and whether that makes its channel suspect.
 * <p>A probe is due {@code gap} after the last one while data is unconfirmed and no ping is outstanding; one that has
 * been unanswered for the heartbeat's timeout no longer holds back the next. A due probe that cannot be encoded ages from
 * the moment it was due, so a peer that stops reading is noticed although no ping can reach it.
 * <p>Ask {@link #due} after each flush and on each tick, {@link #look} after each pong; say {@link #probed} when a probe was
 * encoded (whatever called for it), and {@link #matched} when a pong was evidence. Do not ask for a peer that is known to ignore
 * pings.
 * {@link ProbeSettings#suspectBound} holds if the loop also asks at {@link #nextDueNanos()}, not on its ticks alone; if it
 * asks later than by one tick, the peer's time begins one tick before.
 * <p><b>Thread:</b> one, the channel's loop. <b>Cost:</b> comparisons; nothing is allocated.
 */
public final class ProbePolicy {
    private final ProbeSettings settings;
    private final PingRing pings;
    private final long heartbeatTimeoutNanos;

    private boolean evidence;
    private boolean everProbed;
    private long lastProbeNanos;
    /** A probe is wanted since {@link #dueNanos}, or from then on if that is still to come. */
    private boolean wanted;

    /** Somebody has asked when it was due. */
    private boolean found;

    private long dueNanos;

    /**
     * For one life.
     *
     * @param heartbeatTimeout after this an unanswered ping no longer holds back the next probe
     * @param pings the pings of this life, of every kind
     */
    public ProbePolicy(ProbeSettings settings, Duration heartbeatTimeout, PingRing pings) {
        this.settings = settings;
        this.pings = pings;
        this.heartbeatTimeoutNanos = heartbeatTimeout.toNanos();
    }

    /**
     * Whether a probe should be encoded now.
     *
     * @param finished messages whose last frame was encoded
     * @param settled of those, how many need no pong any more
     */
    public boolean due(long finished, long settled, long nowNanos) {
        look(finished, settled, nowNanos);
        return wanted && nowNanos - dueNanos >= 0;
    }

    /** Remembers since when a probe is wanted, or forgets it; parameters as in {@link #due}. */
    public void look(long finished, long settled, long nowNanos) {
        if (finished - settled <= 0 || !settings.on() || heldBack(nowNanos)) {
            wanted = false;
            return;
        }
        if (!wanted) {
            wanted = true;
            found = false;
            long sinceLast = nowNanos - lastProbeNanos;
            dueNanos = nowNanos + (everProbed ? Math.max(0, settings.gap().toNanos() - sinceLast) : 0);
        }
        long late = nowNanos - dueNanos;
        if (late >= 0 && !found) {
            found = true;
            dueNanos = nowNanos - Math.min(late, settings.tickNanos()); // what is more is this side's lateness
        }
    }

    /** Whether a probe is only a matter of time, so that the loop needs a timer for {@link #nextDueNanos()}. */
    public boolean waiting() {
        return wanted;
    }

    /** When the wanted probe is, or was, due; means nothing unless {@link #waiting()}. Compare by difference. */
    public long nextDueNanos() {
        return dueNanos;
    }

    /** A probe was encoded. */
    public void probed(long nowNanos) {
        everProbed = true;
        lastProbeNanos = nowNanos;
        wanted = false;
    }

    /** A pong matched an outstanding ping: from now on silence of this peer means something. */
    public void matched() {
        evidence = true;
    }

    /** Whether a pong has matched in this life. */
    public boolean evidence() {
        return evidence;
    }

    /** How long an answer has been owed; zero for a peer that has never answered: it cannot be called late. */
    public long ageNanos(long nowNanos) {
        return evidence ? Math.max(0, owedNanos(nowNanos)) : 0;
    }

    /**
     * How long the oldest unanswered ping, or the probe that cannot be encoded, has been owed. Below zero if none is, and if
     * probes are off. Of a peer that has never answered too: beside others that do it is no good choice.
     */
    public long owedNanos(long nowNanos) {
        if (!settings.on()) {
            return -1;
        }
        long age = pings.anyOutstanding() ? nowNanos - pings.oldestEncodedAtNanos() : -1;
        return wanted ? Math.max(age, nowNanos - dueNanos) : age;
    }

    /** Whether {@link #ageNanos} exceeds {@code max(floor, srtt + 8·rttvar, 2·srtt)}. Local pauses are to be left out of all times. */
    public boolean suspect(RttEstimator rtt, long nowNanos) {
        return ageNanos(nowNanos) > settings.suspectAfterNanos(rtt.srttNanos(), rtt.rttvarNanos());
    }

    private boolean heldBack(long nowNanos) {
        return pings.anyOutstanding() && nowNanos - pings.newestEncodedAtNanos() < heartbeatTimeoutNanos;
    }
}
