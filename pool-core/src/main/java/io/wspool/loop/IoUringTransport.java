package io.wspool.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringSocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Linux's io_uring. A write is only noted: the kernel hears of it in the loop's next turn, and until then it counts as refused. A close
 * waits for what the kernel has under way. Bytes never go past the pipeline, because a read is always under way.
 */
final class IoUringTransport extends UnixTransport {
    /** Answers of the kernel for so many sockets, and twice as many, fit into one turn; what is over costs a further call. */
    private static final int RING = 1024;

    private final IoHandlerFactory handlers =
            IoUringIoHandler.newFactory(new IoUringIoHandlerConfig().setRingSize(RING));

    @Override
    public String name() {
        return "io_uring";
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return handlers;
    }

    @Override
    Channel newSocket(@Nullable SocketProtocolFamily family) {
        return new IoUringSocketChannel(); // Netty gives it no choice of the family
    }

    @Override
    public void configure(Bootstrap bootstrap, Duration deadAfter) {
        super.configure(bootstrap, deadAfter);
        bootstrap.option(IoUringChannelOption.TCP_USER_TIMEOUT, userTimeoutMillis(deadAfter));
    }
}
