package io.wspool.bench.client;

import io.wspool.bench.client.Contender.Outbox;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread that keeps its lanes full: it sends what there is room for, then waits for answers. It polls, or it parks until half of a
 * lane's window is free.
 */
final class WindowKeeper {
    private final @Nullable PolledContender polled;
    private final BooleanSupplier over;
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private @Nullable Outbox outbox;
    private Lane[] lanes = {};
    private volatile @Nullable Thread thread;
    /** When the first answer of this poll was handed over; 0 before. */
    private long handedOverAt;

    WindowKeeper(@Nullable PolledContender polled, BooleanSupplier over) {
        this.polled = polled;
        this.over = over;
    }

    void lanes(Lane... its) {
        lanes = its;
    }

    /** Sends until {@code end} and waits for the last answers. Returns how many were answered. */
    long run(Contender contender, long begin, long end) {
        thread = Thread.currentThread();
        Outbox out = outbox;
        if (out == null) {
            out = contender.newOutbox();
            outbox = out;
        }
        long before = answered();
        long now = begin;
        while (now < end && !over.getAsBoolean()) {
            for (Lane lane : lanes) {
                lane.fill(out, now);
            }
            now = awaitRoom();
        }
        for (Lane lane : lanes) {
            lane.drain();
        }
        while (outstanding() > 0 && !over.getAsBoolean()) {
            awaitRoom();
        }
        return answered() - before;
    }

    /** Waits for answers; the time at which they came. */
    private long awaitRoom() {
        PolledContender mine = polled;
        if (mine != null) {
            handedOverAt = 0;
            while (handedOverAt == 0 && !over.getAsBoolean()) {
                mine.poll();
            }
            return handedOverAt;
        }
        sleeping.set(true); // before the room is looked at
        if (!anyRoom() && !over.getAsBoolean()) {
            LockSupport.park(this);
        }
        sleeping.set(false);
        return System.nanoTime();
    }

    private boolean anyRoom() {
        for (Lane lane : lanes) {
            if (lane.worthWaking()) {
                return true;
            }
        }
        return false;
    }

    private long outstanding() {
        long sum = 0;
        for (Lane lane : lanes) {
            sum += lane.outstanding();
        }
        return sum;
    }

    private long answered() {
        long sum = 0;
        for (Lane lane : lanes) {
            sum += lane.answered();
        }
        return sum;
    }

    // What its lanes ask, on the threads on which answers come.

    boolean polls() {
        return polled != null;
    }

    /** Whether the keeper waits to be woken. */
    boolean sleeps() {
        return sleeping.get();
    }

    void wake() {
        if (sleeping.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    /** An answer of this poll. */
    void handOver() {
        if (polled != null && handedOverAt == 0) {
            handedOverAt = System.nanoTime();
        }
    }

    /** When the answer that is just handed over came: a poll has one time for all. */
    long answeredAt() {
        return polled != null ? handedOverAt : System.nanoTime();
    }
}
