package io.wspool;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/** JMH's worker threads as threads for which Netty's recycling works. Made by JMH, by name. */
@NullMarked
public final class FastThreads extends ThreadPoolExecutor {
    /** As JMH calls it. */
    public FastThreads(int maxThreads, String prefix) {
        // a queue, because the next iteration's task may come while a thread is still returning from its last one
        super(
                maxThreads,
                maxThreads,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(prefix));
    }
}
