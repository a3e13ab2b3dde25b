package io.wspool.loop;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Ticker;
import io.wspool.api.Check;
import io.wspool.api.LoopMode;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The system's clock, entropy, sockets, names and threads. */
public final class SystemEnvironment implements Environment {
    private static final int MOST_LINES = 1_024;
    private static final long FAILED_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Logger LOG = LoggerFactory.getLogger(SystemEnvironment.class);

    private final LoopMode mode;
    private final ThreadFactory threads;
    private final boolean ownThreads;
    private final Transport transport;
    private final Chance chance = Chance.secure();
    private final NameResolver resolver;
    private final ExecutorService background;
    private final ExecutorService logWriter;

    /**
     * For one pool.
     *
     * @param poolName goes into thread names
     * @param mode who drives the loops
     * @param userThreads makes the loops' threads, or null for the pool's own; never closed by us
     */
    public SystemEnvironment(String poolName, LoopMode mode, Transport transport, @Nullable ThreadFactory userThreads) {
        this.mode = mode;
        this.transport = transport;
        if (mode == LoopMode.CALLER_POLLED) {
            transport.mayBeShutFromOutside();
        }
        this.ownThreads = userThreads == null;
        this.threads = userThreads == null ? new LoopThreads() : userThreads;
        this.resolver = new SystemResolver(poolName);
        ThreadPoolExecutor tls = oneDaemon("wspool-" + poolName + "-tls", Integer.MAX_VALUE);
        tls.allowCoreThreadTimeOut(true);
        this.background = tls;
        ThreadPoolExecutor log = oneDaemon("wspool-" + poolName + "-log", MOST_LINES);
        log.prestartCoreThread(); // here: a thread that a pinned loop starts would be bound to its core
        this.logWriter = log;
    }

    private static ThreadPoolExecutor oneDaemon(String name, int waiting) {
        return new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), task -> {
            Thread daemon = new Thread(task, name);
            daemon.setDaemon(true);
            return daemon;
        });
    }

    @Override
    public Ticker ticker() {
        return Ticker.systemTicker();
    }

    @Override
    public long epochMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public Chance chance() {
        return chance;
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public NameResolver resolver() {
        return resolver;
    }

    @Override
    public Executor background() {
        return background;
    }

    @Override
    public Executor logWriter() {
        return logWriter;
    }

    @Override
    public void drive(Loop loop) {
        if (mode == LoopMode.CALLER_POLLED) {
            return;
        }
        Thread thread =
                Check.notNull("threadFactory's thread", threads.newThread(() -> run(loop, mode == LoopMode.SPINNING)));
        if (ownThreads) {
            thread.setName(loop.name());
        }
        thread.start();
    }

    private static void run(Loop loop, boolean spinning) {
        loop.claim();
        long maxWaitNanos = spinning ? 0 : Long.MAX_VALUE;
        while (!loop.isTerminated()) {
            try {
                if (loop.turn(maxWaitNanos) == 0 && spinning) {
                    Thread.onSpinWait();
                }
            } catch (Throwable t) {
                LOG.error("{}: a turn failed; the loop goes on", loop.name(), t);
                LockSupport.parkNanos(FAILED_TURN_NANOS); // or a failure that stays would keep a core busy with its log
            }
        }
    }

    @Override
    public void close() {
        resolver.close();
        background.shutdown();
        logWriter.shutdown();
    }

    /** Threads for which Netty's thread-local caches work; not daemons, so an open pool keeps the process alive. */
    private static final class LoopThreads extends DefaultThreadFactory {
        LoopThreads() {
            super("wspool", false);
        }
    }
}
