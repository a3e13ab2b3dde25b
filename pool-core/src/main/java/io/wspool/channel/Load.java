package io.wspool.channel;

import io.wspool.health.Cost;
import io.wspool.health.RttEstimator;
import io.wspool.loop.Loop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What dispatch reads of one channel: words that its loop publishes at the end of a turn and senders read without waiting. A word
 * may be one turn old; that costs a slower send, never a lost one.
 */
@SuppressWarnings("UnusedVariable") // the words are read through their handles
public final class Load {
    private static final VarHandle SRTT = word("srttNanos", long.class);
    private static final VarHandle RTTVAR = word("rttvarNanos", long.class);
    private static final VarHandle SAMPLED_AT = word("sampledAt", long.class);
    private static final VarHandle OWED_SINCE = word("owedSince", long.class);
    private static final VarHandle INFLIGHT = word("inflightBytes", long.class);
    private static final VarHandle SLOW_START = word("slowStartPermille", int.class);
    private static final VarHandle EVIDENCE = word("evidence", boolean.class);
    private static final VarHandle REFRESHING = word("refreshing", boolean.class);

    private final Loop loop;
    private final Admission admission;

    private long srttNanos;
    private long rttvarNanos;
    private long sampledAt;
    private long owedSince;
    private long inflightBytes;
    private int slowStartPermille = Cost.slowStartPermille(0, 0);
    private boolean evidence;

    private boolean refreshing;

    private volatile boolean confirms = true;
    private volatile long openedAt;
    private volatile long closedAt;
    private volatile boolean wasOpened;
    private volatile boolean isGone;
    private volatile long usefulAt;
    private long warmUpNanos;

    Load(Loop loop, Admission admission) {
        this.loop = loop;
        this.admission = admission;
    }

    private static VarHandle word(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Load.class, name, type).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Loop only.

    void opened(long upgradeNanos) {
        openedAt = loop.nanoTime();
        usefulAt = openedAt;
        warmUpNanos = Cost.warmUpNanos(upgradeNanos);
        wasOpened = true;
    }

    void publish(Liveness liveness, Ledger ledger) {
        RttEstimator rtt = liveness.rtt();
        SRTT.setOpaque(this, rtt.srttNanos());
        RTTVAR.setOpaque(this, rtt.rttvarNanos());
        SAMPLED_AT.setOpaque(this, rtt.sampledAtNanos());
        INFLIGHT.setOpaque(this, ledger.inflightBytes());
        EVIDENCE.setOpaque(this, liveness.evidence());
        OWED_SINCE.setOpaque(this, liveness.owedSince(loop.servedTurnNanos()));
        if (slowStartPermille != Cost.NO_SLOW_START) {
            SLOW_START.setOpaque(
                    this, warm() ? Cost.slowStartPermille(openForNanos(), rtt.srttNanos()) : Cost.NO_SLOW_START);
        }
        if (confirms != liveness.confirms()) {
            confirms = liveness.confirms();
        }
    }

    boolean warm() {
        return openForNanos() < warmUpNanos;
    }

    long warmUpNanos() {
        return warmUpNanos;
    }

    void useful() {
        usefulAt = loop.turnNanos();
    }

    void gone() {
        closedAt = loop.nanoTime();
        isGone = true;
    }

    void refreshed() {
        REFRESHING.setOpaque(this, false);
    }

    // Any thread.

    /** Expected nanoseconds until the peer has read a message of {@code size} bytes that is sent now. No allocation. */
    public long costNanos(int size) {
        long owed = (long) OWED_SINCE.getOpaque(this);
        long age = owed == 0 ? 0 : loop.publishedNanos() - owed;
        return Cost.nanos(
                (long) SRTT.getOpaque(this),
                (long) RTTVAR.getOpaque(this),
                admission.bytes(),
                (long) INFLIGHT.getOpaque(this),
                size,
                (int) SLOW_START.getOpaque(this),
                age,
                0); // the loop's own lateness is not in served time
    }

    /**
     * What is compared where nothing is measured: bytes accepted and not confirmed. Where nothing confirms, only those that wait: all
     * that was ever sent would stay outstanding for good, and the youngest channel would get everything.
     */
    public long outstandingBytes() {
        return admission.bytes() + (confirms ? (long) INFLIGHT.getOpaque(this) : 0);
    }

    /** Whether a pong has matched in this life, so that its cost is measured. */
    public boolean evidence() {
        return (boolean) EVIDENCE.getOpaque(this);
    }

    /** Whether the last measurement is so old that it must be repeated before this channel may win by it. */
    public boolean stale() {
        return loop.publishedNanos() - (long) SAMPLED_AT.getOpaque(this) >= RttEstimator.STALE_AFTER_NANOS;
    }

    boolean askRefresh() {
        return (boolean) REFRESHING.compareAndSet(this, false, true);
    }

    /** Whether tokens can hope for a pong. */
    boolean confirms() {
        return confirms;
    }

    /** Since the last application data in either direction, by the ticker. */
    public long usefulAtNanos() {
        return usefulAt;
    }

    /** When it opened, by the ticker. */
    public long openedAtNanos() {
        return openedAt;
    }

    /** How long it has been open, or was. */
    public long openForNanos() {
        if (!wasOpened) {
            return 0;
        }
        return Math.max(0, (isGone ? closedAt : loop.nanoTime()) - openedAt);
    }

    long idleForNanos() {
        return wasOpened ? Math.max(0, loop.nanoTime() - usefulAt) : 0;
    }

    long srttNanos() {
        return (long) SRTT.getOpaque(this);
    }

    long rttvarNanos() {
        return (long) RTTVAR.getOpaque(this);
    }

    long inflightBytes() {
        return (long) INFLIGHT.getOpaque(this);
    }
}
