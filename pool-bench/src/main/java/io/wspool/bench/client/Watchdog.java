package io.wspool.bench.client;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends the waiting of a round whose answers do not come, so that the waiting itself needs no clock. */
final class Watchdog {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "watchdog");
        thread.setDaemon(true);
        return thread;
    });
    private final Runnable bark;
    private final AtomicInteger round = new AtomicInteger();

    Watchdog(Runnable bark) {
        this.bark = bark;
    }

    /** Barks after so long, unless {@link #calm} comes first. */
    void arm(long millis) {
        int armed = round.get();
        timer.schedule(
                () -> {
                    if (round.get() == armed) {
                        bark.run();
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    void calm() {
        timer.getQueue().clear();
        round.incrementAndGet();
    }
}
