package io.wspool.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Linux's epoll. */
final class EpollTransport extends UnixTransport {
    private final IoHandlerFactory handlers = EpollIoHandler.newFactory();

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return handlers;
    }

    @Override
    Channel newSocket(@Nullable SocketProtocolFamily family) {
        return new EpollSocketChannel(family);
    }

    @Override
    public DirectSocket direct(Channel channel) {
        return new EpollDirectSocket((EpollSocketChannel) channel);
    }

    @Override
    public void configure(Bootstrap bootstrap, Duration deadAfter) {
        super.configure(bootstrap, deadAfter);
        // Keep-alive probes do not run while data is unacknowledged; this one does.
        bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, userTimeoutMillis(deadAfter));
    }
}
