package io.wspool.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.function.Supplier;

/** TCP sockets: epoll where its native part is on the class path, else NIO. Both pass the same tests. */
public final class SocketTransport implements Transport {
    private final boolean epoll;
    private final IoHandlerFactory handlers;
    private final Supplier<Channel> channels;

    private SocketTransport(boolean epoll, IoHandlerFactory handlers, Supplier<Channel> channels) {
        this.epoll = epoll;
        this.handlers = handlers;
        this.channels = channels;
    }

    /** The JDK's sockets: everywhere. */
    public static SocketTransport nio() {
        return new SocketTransport(false, NioIoHandler.newFactory(), NioSocketChannel::new);
    }

    /**
     * Linux's epoll.
     *
     * @throws UnsatisfiedLinkError if its native part is not there
     */
    public static SocketTransport epoll() {
        Epoll.ensureAvailability();
        return new SocketTransport(true, EpollIoHandler.newFactory(), EpollSocketChannel::new);
    }

    /** Epoll where it is available, else NIO. */
    public static SocketTransport best() {
        return Epoll.isAvailable() ? epoll() : nio();
    }

    @Override
    public String name() {
        return epoll ? "epoll" : "nio";
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return handlers;
    }

    @Override
    public Channel newChannel() {
        return channels.get();
    }

    @Override
    public boolean pollBySelect() {
        return !epoll;
    }

    @Override
    public void configure(Bootstrap bootstrap, Duration deadAfter) {
        bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true);
        if (epoll) {
            // Keep-alive probes do not run while data is unacknowledged; this one does.
            int millis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, deadAfter.toMillis()));
            bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, millis);
        }
    }
}
