package io.wspool.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TCP sockets: epoll where its native part is on the class path, else NIO. Both pass the same tests. One per pool: it knows its open
 * connections, so that they can be shut when the loop's owner is absent.
 */
public abstract sealed class SocketTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(SocketTransport.class);

    private final Set<Channel> open = ConcurrentHashMap.newKeySet();

    private SocketTransport() {}

    /** The JDK's sockets: everywhere. */
    public static SocketTransport nio() {
        return new Nio();
    }

    /**
     * Linux's epoll.
     *
     * @throws UnsatisfiedLinkError if its native part is not there
     */
    public static SocketTransport epoll() {
        Epoll.ensureAvailability();
        return new EpollSockets();
    }

    /** Epoll where it is available, else NIO. */
    public static SocketTransport best() {
        return Epoll.isAvailable() ? epoll() : nio();
    }

    @Override
    public final Channel newChannel(SocketAddress remote) {
        Channel channel = newSocket(family(remote));
        open.add(channel);
        channel.closeFuture().addListener(closed -> open.remove(channel));
        return channel;
    }

    abstract Channel newSocket(@Nullable SocketProtocolFamily family);

    /** IPv4 has sockets of its own: through one that also knows IPv6 each call of the system would be longer. */
    private static @Nullable SocketProtocolFamily family(SocketAddress remote) {
        boolean v4 = remote instanceof InetSocketAddress to && to.getAddress() instanceof Inet4Address;
        return v4 ? SocketProtocolFamily.INET : null;
    }

    @Override
    public void configure(Bootstrap bootstrap, Duration deadAfter) {
        bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true);
    }

    @Override
    public void shutFromOutside() {
        for (Channel channel : open) {
            try {
                shut(channel);
            } catch (IOException e) {
                LOG.debug("{} was shut already", channel, e);
            }
        }
    }

    abstract void shut(Channel channel) throws IOException;

    private static final class Nio extends SocketTransport {
        private final KeptSelectors selectors = new KeptSelectors();
        private final IoHandlerFactory handlers = NioIoHandler.newFactory(selectors);

        @Override
        public String name() {
            return "nio";
        }

        @Override
        public IoHandlerFactory ioHandlers() {
            return handlers;
        }

        @Override
        Channel newSocket(@Nullable SocketProtocolFamily family) {
            return new OutsideSocket(family);
        }

        @Override
        public DirectSocket direct(Channel channel) {
            return (OutsideSocket) channel;
        }

        @Override
        public boolean pollBySelect() {
            return true;
        }

        @Override
        void shut(Channel channel) throws IOException {
            ((OutsideSocket) channel).shut();
        }

        @Override
        public void shutFromOutside() {
            super.shutFromOutside();
            selectors.close(); // a closed channel's descriptor lives until its key is gone
        }
    }

    /** Lets the JDK's channel be read and written without the pipeline, and be closed without the loop. */
    private static final class OutsideSocket extends NioSocketChannel implements DirectSocket {
        OutsideSocket(@Nullable SocketProtocolFamily family) {
            super(SelectorProvider.provider(), family);
        }

        @Override
        public int read(ByteBuf target) throws IOException {
            int bytes = javaChannel().read(target.internalNioBuffer(target.writerIndex(), target.writableBytes()));
            if (bytes > 0) {
                target.writerIndex(target.writerIndex() + bytes);
            }
            return bytes;
        }

        @Override
        public void write(ByteBuf source) throws IOException {
            source.skipBytes(
                    javaChannel().write(source.internalNioBuffer(source.readerIndex(), source.readableBytes())));
        }

        void shut() throws IOException {
            javaChannel().close();
        }
    }

    private static final class EpollSockets extends SocketTransport {
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
        public boolean pollBySelect() {
            return false;
        }

        @Override
        public void configure(Bootstrap bootstrap, Duration deadAfter) {
            super.configure(bootstrap, deadAfter);
            // Keep-alive probes do not run while data is unacknowledged; this one does.
            int millis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, deadAfter.toMillis()));
            bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, millis);
        }

        @Override
        void shut(Channel channel) throws IOException {
            // Not closed: the number could be given to another socket while the owner still writes to this one.
            ((Socket) ((EpollSocketChannel) channel).fd()).shutdown(true, true);
        }
    }
}
