package io.wspool.loop;

import io.netty.util.concurrent.Ticker;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of a loop that are looked after at each tick, and what a late tick says: that the loop was not served meanwhile. The sum
 * of such pauses is what served time is short of the ticker's. Loop only.
 */
final class Ticks {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    /** Members that may be left alone are, but not longer: a pause is noticed by ticks. */
    private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long MOST_USUAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String name;
    private final Ticker ticker;
    private final long tickNanos;
    private final Consumer<Runnable> later;
    private LongConsumer pauses = gap -> {};
    private long tellPauseNanos = Long.MAX_VALUE;
    private LoopMember[] ticking = new LoopMember[8];
    private int count;
    private long due;
    private long pausedNanos;
    private long usualLateNanos;
    private long lateBeforePause;
    private long latest;

    /**
     * Ticks each {@code tickNanos}, while there are members, or later while none needs that; {@code later} runs a task outside any call.
     */
    Ticks(String name, Ticker ticker, long tickNanos, Consumer<Runnable> later) {
        this.name = name;
        this.ticker = ticker;
        this.tickNanos = tickNanos;
        this.later = later;
        this.latest = ticker.nanoTime();
    }

    void tellPauses(long nanos, LongConsumer listener) {
        tellPauseNanos = nanos;
        pauses = listener;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** How long until the next one; below 0 when it is late. */
    long nanosToNext() {
        return due - ticker.nanoTime();
    }

    /** Until {@link LoopMember#tick} says no; at first it may be left alone for {@code calmNanos}. */
    void add(LoopMember member, long calmNanos) {
        long now = ticker.nanoTime();
        if (count == 0) {
            due = now + interval(calmNanos);
        } else {
            within(now, calmNanos);
        }
        if (count == ticking.length) {
            ticking = Arrays.copyOf(ticking, 2 * count);
        }
        ticking[count++] = member;
    }

    /** A member may not be left alone for longer than {@code calmNanos} from now on; {@code now} may be the turn's older time. */
    void within(long now, long calmNanos) {
        long from = later(now); // else the tick would be late once more by a pause that is noted
        if (due - from > interval(calmNanos)) {
            due = from + interval(calmNanos);
        }
    }

    /** Of {@code now} and the time by which pauses were looked for last the later one. */
    private long later(long now) {
        return latest + Math.max(0, now - latest);
    }

    private long interval(long calmNanos) {
        return Math.max(tickNanos, Math.min(CALM_NANOS, calmNanos));
    }

    /** The served time at {@code now} of the ticker: whoever asks first after a pause finds it. */
    long served(long now) {
        notePause(now);
        return now - pausedNanos;
    }

    /** So much time went by between two turns while there was no tick to notice it. */
    void gap(long nanos) {
        if (nanos >= tellPauseNanos) {
            pauses.accept(nanos);
        }
    }

    /** Whether a tick is due that should have been the one before, as after a slow callback. */
    boolean isLate(long now) {
        return count > 0 && Math.max(now - due, lateBeforePause) >= tickNanos;
    }

    void tickIfDue(long now) {
        if (count == 0) {
            return;
        }
        notePause(now);
        if (now - due < 0) {
            return;
        }
        long late = Math.max(now - due, lateBeforePause);
        lateBeforePause = 0;
        usualLateNanos += (Math.min(late, MOST_USUAL_NANOS) - usualLateNanos) / 8;
        due = now + CALM_NANOS;
        within(now, tick(now - pausedNanos)); // which may have brought it forward for another member
    }

    private long tick(long servedNanos) {
        int kept = 0;
        long calm = LoopMember.NO_TICK;
        for (int i = 0; i < count; i++) {
            LoopMember member = ticking[i];
            long next = 0;
            try {
                next = member.tick(servedNanos);
            } catch (Throwable t) {
                LOG.error("{}: a tick failed; the loop goes on", name, t);
            }
            if (next != LoopMember.NO_TICK) {
                ticking[kept++] = member;
                calm = Math.min(calm, next);
            }
        }
        Arrays.fill(ticking, kept, count, null);
        count = kept;
        return calm;
    }

    /** What the tick is late beyond the usual is a pause. A caller that always polls slowly must not make time stand still. */
    private void notePause(long now) {
        latest = later(now);
        long late = now - due;
        long pause = late - 2 * usualLateNanos;
        if (count > 0 && pause >= Math.max(Loop.PAUSE_NANOS, 2 * tickNanos)) {
            lateBeforePause = late;
            pausedNanos += pause;
            due += pause; // still due, in this turn, and not late by the pause
            if (pause >= tellPauseNanos) {
                later.accept(() -> pauses.accept(pause)); // this may be in the middle of a call
            }
        }
    }
}
