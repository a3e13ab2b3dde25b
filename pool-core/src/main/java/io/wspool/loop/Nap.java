package io.wspool.loop;

import java.util.concurrent.TimeUnit;

/** The sleep of an owner that waits for more than I/O. Not in the selector, which hides interrupts: NIO's clears them, epoll's sleeps on. */
public final class Nap {
    private static final long NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private Nap() {}

    /** Sleeps shortly, at most for {@code mostNanos}. */
    public static void take(long mostNanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Math.min(mostNanos, NANOS));
    }
}
