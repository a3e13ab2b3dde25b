package io.wspool;

import io.wspool.api.Check;
import io.wspool.api.CloseCause;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Who waits for live channels. The home loop tells of changes; any other thread waits. */
final class Readiness {
    private final String pool;
    private final int places;
    private final LongSupplier nanoTime;
    private int live;
    private boolean allHalted;
    private boolean closed;
    private @Nullable CloseCause lastEnd;
    private CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
    private CompletableFuture<@Nullable Void> all = new CompletableFuture<>();

    Readiness(String pool, int places, LongSupplier nanoTime) {
        this.pool = pool;
        this.nanoTime = nanoTime;
        this.places = places;
    }

    /** Home loop only. Completes what now holds, or fails it where it cannot come any more. */
    void changed(int live, boolean allHalted, boolean closed) {
        CompletableFuture<@Nullable Void> someone = null;
        CompletableFuture<@Nullable Void> everyone = null;
        IllegalStateException hopeless;
        synchronized (this) {
            this.live = live;
            this.allHalted = allHalted;
            this.closed = closed;
            hopeless = hopeless();
            if (live > 0 || hopeless != null) {
                someone = first;
                first = new CompletableFuture<>();
            }
            if (live == places || hopeless != null) {
                everyone = all;
                all = new CompletableFuture<>();
            }
            notifyAll();
        }
        settle(someone, hopeless); // outside the lock: the user's continuations run in here
        settle(everyone, hopeless);
    }

    /** A channel, or a dial, has ended: the newest reason is told to who waits in vain. Home loop only. */
    synchronized void ended(CloseCause cause) {
        lastEnd = cause;
    }

    private static void settle(@Nullable CompletableFuture<@Nullable Void> future, @Nullable Throwable failure) {
        if (future != null) {
            if (failure == null) {
                future.complete(null);
            } else {
                future.completeExceptionally(failure);
            }
        }
    }

    /** Completed when so many channels are live; at once if they are. */
    synchronized CompletableFuture<@Nullable Void> when(boolean everyone) {
        IllegalStateException hopeless = hopeless();
        if (hopeless != null) {
            return CompletableFuture.failedFuture(hopeless);
        }
        if (holds(everyone)) {
            return CompletableFuture.completedFuture(null);
        }
        return everyone ? all : first;
    }

    /** Whether so many channels are live now. */
    synchronized boolean holds(boolean everyone) {
        IllegalStateException hopeless = hopeless();
        if (hopeless != null) {
            throw hopeless;
        }
        return live >= (everyone ? places : 1);
    }

    /** Waits on a thread that drives no loop of the pool. */
    synchronized void await(boolean everyone, Duration limit, String who)
            throws InterruptedException, TimeoutException {
        long nanos = Check.notNegative("limit", limit).toNanos();
        long since = nanoTime.getAsLong();
        while (!holds(everyone)) {
            long rest = nanos - (nanoTime.getAsLong() - since);
            if (rest <= 0) {
                throw timeout(everyone, limit, who);
            }
            TimeUnit.NANOSECONDS.timedWait(this, rest);
        }
    }

    synchronized TimeoutException timeout(boolean everyone, Duration limit, String who) {
        return new TimeoutException(pool + ": " + live + " of " + places + " channels live after " + limit.toMillis()
                + " ms, wanted " + (everyone ? places : 1) + who + newestReason());
    }

    private String newestReason() {
        return lastEnd == null ? "" : "; the last to end: " + lastEnd;
    }

    private @Nullable IllegalStateException hopeless() {
        if (closed) {
            return new IllegalStateException(pool + " is closed");
        }
        return allHalted && live == 0
                ? new IllegalStateException(pool + ": every place is HALTED, until resume()" + newestReason())
                : null;
    }
}
