package io.wspool.bench.client;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;

/** Stock Netty on a loop that the caller drives without ever sleeping. */
final class PolledNetty extends NettyContender implements PolledContender {
    private final ManualIoEventLoop loop;

    PolledNetty(ClientOptions options) {
        this(
                options,
                new ManualIoEventLoop(
                        Thread.currentThread(),
                        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory()));
    }

    private PolledNetty(ClientOptions options, ManualIoEventLoop loop) {
        super(options, loop, "a FastThreadLocalThread spins on runNow()");
        this.loop = loop;
    }

    @Override
    public void poll() {
        loop.runNow();
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
