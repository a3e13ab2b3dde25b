package io.wspool;

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
    private static final long LIMIT_SECONDS = 60;

    private Patience() {}

    static <T> T next(String what, BlockingQueue<T> queue) throws InterruptedException {
        T found = queue.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (found == null) {
            throw new AssertionError("never came: " + what);
        }
        return found;
    }

    static void await(String what, CountDownLatch latch) throws InterruptedException {
        if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("never came: " + what);
        }
    }

    static <T> T result(String what, Future<T> future) throws InterruptedException, ExecutionException {
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("never came: " + what, e);
        }
    }

    static <T> T end(String what, CompletionStage<T> stage) throws InterruptedException, ExecutionException {
        return result(what, stage.toCompletableFuture());
    }

    static void end(Thread thread) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        if (thread.isAlive()) {
            throw new AssertionError("never ended: " + thread.getName());
        }
    }

    static void until(String what, BooleanSupplier holds) {
        long since = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - since >= TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
                throw new AssertionError("never came: " + what);
            }
            LockSupport.parkNanos(100_000);
        }
    }
}
