package io.wspool;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what must come, with a limit that only a test that fails ever reaches. */
final class Wait {
    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Wait() {}

    static void until(String what, BooleanSupplier holds) {
        long since = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - since >= LIMIT.toNanos()) {
                throw new AssertionError("never came: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    static <T> T next(String what, BlockingQueue<T> queue) throws InterruptedException {
        T found = queue.poll(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        if (found == null) {
            throw new AssertionError("never came: " + what);
        }
        return found;
    }
}
