package io.wspool;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/** JMH's worker threads as threads for which Netty's recycling works. Made by JMH, by name. */
@NullMarked
public final class FastThreads extends ThreadPoolExecutor {
    /** As JMH calls it. */
    public FastThreads(int maxThreads, String prefix) {
        super(maxThreads, maxThreads, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), new DefaultThreadFactory(prefix));
    }
}
