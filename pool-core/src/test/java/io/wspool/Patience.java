package io.wspool;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what must come; the limit only ends a test that hangs. */
final class Patience {
    static final Duration LIMIT = Duration.ofSeconds(60);

    private Patience() {}

    static <T> T next(String what, BlockingQueue<T> queue) throws InterruptedException {
        T found = queue.poll(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        if (found == null) {
            throw new AssertionError("never came: " + what);
        }
        return found;
    }

    static void await(String what, CountDownLatch latch) throws InterruptedException {
        if (!latch.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new AssertionError("never came: " + what);
        }
    }

    static <T> T result(String what, Future<T> future) throws InterruptedException, ExecutionException {
        try {
            return future.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("never came: " + what, e);
        }
    }

    static <T> T end(String what, CompletionStage<T> stage) throws InterruptedException, ExecutionException {
        return result(what, stage.toCompletableFuture());
    }

    static void end(Thread thread) throws InterruptedException {
        thread.join(LIMIT.toMillis());
        if (thread.isAlive()) {
            throw new AssertionError("never ended: " + thread.getName());
        }
    }

    static void until(String what, BooleanSupplier holds) {
        long since = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - since >= LIMIT.toNanos()) {
                throw new AssertionError("never came: " + what);
            }
            LockSupport.parkNanos(100_000);
        }
    }
}
