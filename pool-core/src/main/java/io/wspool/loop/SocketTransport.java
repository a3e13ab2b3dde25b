package io.wspool.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TCP sockets of the operating system; {@link TransportChoice} makes them. Every kind passes the same tests. One per pool: where a loop's
 * owner may be absent it remembers its open connections, so that they can be shut.
 */
public abstract sealed class SocketTransport implements Transport permits NioTransport, UnixTransport {
    private static final Logger LOG = LoggerFactory.getLogger(SocketTransport.class);

    private @Nullable Set<Channel> open;

    SocketTransport() {}

    @Override
    public final Channel newChannel(SocketAddress remote) {
        Channel channel = newSocket(family(remote));
        Set<Channel> remembered = open;
        if (remembered != null) {
            remembered.add(channel);
            channel.closeFuture().addListener(closed -> remembered.remove(channel));
        }
        return channel;
    }

    @Override
    public final void mayBeShutFromOutside() {
        open = ConcurrentHashMap.newKeySet();
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

    /** Linux's TCP_USER_TIMEOUT for it. */
    static int userTimeoutMillis(Duration deadAfter) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, deadAfter.toMillis()));
    }

    @Override
    public void shutFromOutside() {
        for (Channel channel : Objects.requireNonNullElse(open, Set.<Channel>of())) {
            try {
                shut(channel);
            } catch (IOException e) {
                LOG.debug("{} was shut already", channel, e);
            }
        }
    }

    abstract void shut(Channel channel) throws IOException;
}
