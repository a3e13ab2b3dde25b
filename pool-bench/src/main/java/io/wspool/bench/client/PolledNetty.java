package io.wspool.bench.client;

import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;

/** Stock Netty on a loop that the caller drives: it spins on {@code runNow()}, or sleeps in {@code run(maxWait)}. */
final class PolledNetty extends NettyContender implements PolledContender {
    private final ManualIoEventLoop loop;
    /** Zero never sleeps. */
    private final long maxWaitNanos;

    PolledNetty(ClientOptions options, Duration maxWait) {
        this(options, maxWait, new ManualIoEventLoop(Thread.currentThread(), ioHandler()));
    }

    private PolledNetty(ClientOptions options, Duration maxWait, ManualIoEventLoop loop) {
        super(
                options,
                loop,
                maxWait.isZero()
                        ? "a FastThreadLocalThread spins on runNow()"
                        : "a FastThreadLocalThread sleeps in run(" + maxWait.toMillis() + " ms)");
        this.loop = loop;
        this.maxWaitNanos = maxWait.toNanos();
    }

    @Override
    public void poll() {
        if (maxWaitNanos == 0) {
            loop.runNow();
        } else {
            loop.run(maxWaitNanos);
        }
    }

    @Override
    void await(Future<?> future) throws Exception {
        while (!future.isDone()) {
            loop.runNow();
        }
        future.sync();
    }

    @Override
    public void close() {
        super.close();
        while (!loop.isTerminated()) {
            loop.runNow();
        }
    }
}
