package io.wspool.bench.client;

import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.locks.LockSupport;

/**
 * Stock Netty on a thread of its own that never sleeps, while the caller hands over and parks. Between rounds it would take the core from
 * the others: so it parks until the next.
 */
final class SpinningNetty extends NettyContender {
    private final ManualIoEventLoop loop;
    private final Thread thread = new FastThreadLocalThread(this::spin, "spinning-loop");
    private volatile boolean resting;

    SpinningNetty(ClientOptions options) {
        this(options, new ManualIoEventLoop(null, ioHandler()));
    }

    private SpinningNetty(ClientOptions options, ManualIoEventLoop loop) {
        super(options, loop, "its thread spins on runNow(), the caller parks");
        this.loop = loop;
        thread.setDaemon(true);
        loop.setOwningThread(thread);
    }

    private void spin() {
        while (!loop.isTerminated()) {
            if (resting) {
                LockSupport.park(this);
            } else {
                loop.runNow();
            }
        }
    }

    @Override
    public void connect(Receiver receiver) throws Exception {
        thread.start();
        super.connect(receiver);
    }

    @Override
    public void rest() {
        resting = true;
    }

    @Override
    public void resume() {
        resting = false;
        LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        resume();
        super.close();
    }
}
