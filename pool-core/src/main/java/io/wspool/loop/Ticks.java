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

    /** Ticks each {@code tickNanos}, while there are members; {@code later} runs a task outside any call. */
    Ticks(String name, Ticker ticker, long tickNanos, Consumer<Runnable> later) {
        this.name = name;
        this.ticker = ticker;
        this.tickNanos = tickNanos;
        this.later = later;
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

    /** Until {@link LoopMember#tick} says no. */
    void add(LoopMember member) {
        if (count == 0) {
            due = ticker.nanoTime() + tickNanos;
        }
        if (count == ticking.length) {
            ticking = Arrays.copyOf(ticking, 2 * count);
        }
        ticking[count++] = member;
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
        due = now + tickNanos;
        tick(now - pausedNanos);
    }

    private void tick(long servedNanos) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            LoopMember member = ticking[i];
            boolean goesOn = true;
            try {
                goesOn = member.tick(servedNanos);
            } catch (Throwable t) {
                LOG.error("{}: a tick failed; the loop goes on", name, t);
            }
            if (goesOn) {
                ticking[kept++] = member;
            }
        }
        Arrays.fill(ticking, kept, count, null);
        count = kept;
    }

    /** What the tick is late beyond the usual is a pause. A caller that always polls slowly must not make time stand still. */
    private void notePause(long now) {
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
