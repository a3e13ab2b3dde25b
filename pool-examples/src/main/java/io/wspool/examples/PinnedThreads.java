package io.wspool.examples;

import io.netty.util.concurrent.FastThreadLocalThread;
import io.wspool.WebSocketPool;
import io.wspool.api.LoopMode;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that are bound to a core before they do anything else. The JDK cannot bind a thread: {@code pin} is a call to a library of
 * yours that binds the calling thread, for example OpenHFT's Java-Thread-Affinity, or to {@code sched_setaffinity}.
 */
public final class PinnedThreads {
    private PinnedThreads() {}

    /** Each thread runs {@code pin} first. FastThreadLocalThreads, since Netty makes garbage on others. */
    static ThreadFactory pinned(Runnable pin) {
        return task -> new FastThreadLocalThread(() -> {
            pin.run();
            task.run();
        });
    }

    /** A pool whose threads spin, each on its core. Here the thread is only named. */
    public static void main(String[] args) throws Exception {
        Runnable pin = () -> System.out.println("bind " + Thread.currentThread().getName() + " here");
        try (WebSocketPool pool = WebSocketPool.to(args[0])
                .mode(LoopMode.SPINNING)
                .threadFactory(pinned(pin))
                .start()) {
            System.out.println(pool.settings().mode());
        }
    }
}
