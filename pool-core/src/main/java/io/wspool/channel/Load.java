package io.wspool.channel;

import io.wspool.api.ChannelLimits;
import io.wspool.health.Cost;
import io.wspool.health.RttEstimator;
import io.wspool.loop.Loop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What dispatch reads of one channel: words that its loop publishes and senders read without waiting. A word may be one turn old,
 * save {@link #standing}; that costs a slower send, never a lost one.
 */
@SuppressWarnings("UnusedVariable") // the words are read through their handles
public final class Load extends Admission {
    /** The lowest four bits of a {@link #score()} are zero: a reader may put the number of a channel among a few there. */
    public static final int INDEX = 15;

    /** In {@link #score()}: a probe is not answered yet, so its age may be the cost. */
    private static final long OWES = 16;

    /** In {@link #score()}: the channel is suspect, not usable, not measured or in its slow start; {@link #flags} tells. */
    public static final long UNUSUAL = 32;

    /** In {@link #score()}: any of these. */
    public static final long NOTABLE = UNUSUAL | OWES;

    private static final int SCORE_SHIFT = 6;
    private static final int UNUSABLE = 1;
    private static final int SUSPECT = 2;
    private static final int UNMEASURED = 4;
    private static final int STANDING = UNUSABLE | SUSPECT;
    private static final int SLOW_START_SHIFT = 8;

    /** Never, for moments that are compared by difference with the loop's time. */
    static final long NEVER = Long.MAX_VALUE / 2;

    private static final VarHandle SCORE = word("score", long.class);
    private static final VarHandle FLAGS = word("flags", int.class);
    private static final VarHandle OWED_SINCE = word("owedSince", long.class);
    private static final VarHandle STALE_AT = word("staleAt", long.class);
    private static final VarHandle INFLIGHT = word("inflightBytes", long.class);
    private static final VarHandle REFRESHING = word("refreshing", boolean.class);

    private final Loop loop;
    private final RttEstimator rtt;

    private long score = UNUSUAL;
    private int flags = UNUSABLE | UNMEASURED;
    private long owedSince = NEVER;
    private long staleAt = NEVER;
    private long inflightBytes;
    private boolean refreshing;

    private boolean slowStart = true;
    private volatile boolean confirms = true;
    private volatile long openedAt;
    private volatile long closedAt;
    private volatile boolean wasOpened;
    private volatile boolean isGone;
    private volatile long usefulAt;
    private long warmUpNanos;

    Load(Loop loop, ChannelLimits limits, RttEstimator rtt) {
        super(limits);
        this.loop = loop;
        this.rtt = rtt;
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
        boolean measured = liveness.evidence();
        long owed = liveness.owedSince(loop.servedTurnNanos());
        int slow = Cost.NO_SLOW_START;
        if (slowStart) {
            slowStart = warm();
            slow = slowStart ? Cost.slowStartPermille(openForNanos(), rtt.srttNanos()) : slow;
        }
        INFLIGHT.setOpaque(this, ledger.inflightBytes());
        long base = Cost.baseNanos(rtt.srttNanos(), rtt.rttvarNanos(), ledger.inflightBytes(), slow);
        OWED_SINCE.setOpaque(this, owed);
        STALE_AT.setOpaque(this, measured ? rtt.sampledAtNanos() + RttEstimator.STALE_AFTER_NANOS : NEVER);
        int now = (flags & STANDING)
                | (measured ? 0 : UNMEASURED)
                | (slow == Cost.NO_SLOW_START ? 0 : slow << SLOW_START_SHIFT);
        FLAGS.setOpaque(this, now);
        SCORE.setOpaque(this, (base << SCORE_SHIFT) | (owed == NEVER ? 0 : OWES) | (now == 0 ? 0 : UNUSUAL));
        if (confirms != liveness.confirms()) {
            confirms = liveness.confirms();
        }
    }

    /** State or standing has changed: at once, so that no later pick finds a channel that has left. */
    void standing(boolean usable, boolean suspect) {
        FLAGS.setOpaque(this, (flags & ~STANDING) | (usable ? 0 : UNUSABLE) | (suspect ? SUSPECT : 0));
        SCORE.setOpaque(this, score | UNUSUAL); // if it is as usual again, that is published at the end of the turn
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

    /**
     * Where there is nothing {@link #NOTABLE} and nothing waits, all that is to be read of a channel: the lower is the better. What
     * waits, or a probe's age, can only raise it.
     *
     * @see #cost
     */
    public long score() {
        return (long) SCORE.getOpaque(this);
    }

    /** The same with what waits and the age of the oldest probe, for a message of {@code size} bytes. */
    public long score(long score, long waiting, int size) {
        long sizeNanos = Cost.ofBytes(size);
        long estimate = cost(score) + Cost.ofBytes(bytes(waiting));
        long age = (score & OWES) == 0 ? 0 : ageNanos() - sizeNanos;
        return Math.max(estimate, age) << SCORE_SHIFT;
    }

    /** Of a {@link #score()}: the cost in nanoseconds, without the message itself. */
    public static long cost(long score) {
        return score >> SCORE_SHIFT;
    }

    /** For how long the oldest probe is unanswered; far below 0 if none is. */
    private long ageNanos() {
        return loop.publishedNanos() - (long) OWED_SINCE.getOpaque(this);
    }

    /** What is unusual, or 0. */
    public int flags() {
        return (int) FLAGS.getOpaque(this);
    }

    /** Whether new messages may go there: open, and not leaving. */
    public static boolean usable(int flags) {
        return (flags & UNUSABLE) == 0;
    }

    /** Whether it is suspect. */
    public static boolean suspect(int flags) {
        return (flags & SUSPECT) != 0;
    }

    /** Whether a pong has matched in this life, so that its cost is measured. */
    public static boolean measured(int flags) {
        return (flags & UNMEASURED) == 0;
    }

    /** The same of the flags now. */
    public boolean evidence() {
        return measured(flags());
    }

    /** Expected nanoseconds until the peer has read a message of {@code size} bytes that is sent now. No allocation. */
    public long costNanos(int size) {
        return costNanos(size, flags(), waiting());
    }

    /** The same, of words that were read already. */
    public long costNanos(int size, int flags, long waiting) {
        int slow = flags >>> SLOW_START_SHIFT;
        return Cost.nanos(cost(score()), bytes(waiting) + size, slow == 0 ? Cost.NO_SLOW_START : slow, ageNanos());
    }

    /**
     * What is compared where nothing is measured: bytes accepted and not confirmed. Where nothing confirms, only those that wait: all
     * that was ever sent would stay outstanding for good, and the youngest channel would get everything.
     */
    public long outstandingBytes() {
        return bytes() + (confirms ? (long) INFLIGHT.getOpaque(this) : 0);
    }

    /** Whether the last measurement is so old that it must be repeated before this channel may win by it. */
    public boolean stale() {
        return loop.publishedNanos() - (long) STALE_AT.getOpaque(this) >= 0;
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

    /** Other threads may see its two numbers of different samples: for snapshots only. */
    RttEstimator rtt() {
        return rtt;
    }

    long inflightBytes() {
        return (long) INFLIGHT.getOpaque(this);
    }
}
