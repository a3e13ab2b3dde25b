package io.wspool.loop;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names a thread that drives a loop and costs garbage by its kind: one line for each pool, however many threads it has. Netty keeps
 * its objects for reuse with threads that clean up after themselves only.
 */
public final class ThreadAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadAdvice.class);
    private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

    private final String pool;
    private final AtomicBoolean given = new AtomicBoolean();

    /** For one pool. */
    public ThreadAdvice(String pool) {
        this.pool = pool;
    }

    /** Looks at the calling thread, which will drive a loop from now on. */
    void look() {
        String advice = about(Thread.currentThread());
        if (!advice.isEmpty() && given.compareAndSet(false, true)) {
            LOG.info("{}: {}", pool, advice);
        }
    }

    /** What to say of the calling thread; empty if there is nothing. */
    static String about(Thread current) {
        if (isVirtual(current)) {
            return "thread " + (current.getName().isEmpty() ? "without a name" : current.getName())
                    + " (virtual) drives a loop: it keeps its carrier thread busy or asleep in the"
                    + " kernel, and with wss or io_uring Netty makes some hundred bytes of garbage a message;"
                    + " use a platform thread, best a FastThreadLocalThread";
        }
        if (!FastThreadLocalThread.currentThreadWillCleanupFastThreadLocals()) {
            return "thread " + current.getName() + " drives a loop and is no FastThreadLocalThread:"
                    + " with wss or io_uring Netty makes some hundred bytes of garbage a message; start it as io.netty.util.concurrent.FastThreadLocalThread";
        }
        return "";
    }

    private static boolean isVirtual(Thread thread) {
        if (IS_VIRTUAL == null) {
            return false;
        }
        try {
            return (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable e) {
            throw new IllegalStateException(e); // it declares none
        }
    }

    /** {@code Thread.isVirtual()}, from Java 21 on. */
    private static @Nullable MethodHandle isVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
