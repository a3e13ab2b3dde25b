package io.wspool.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What connections are made of: the seam between a channel and its bytes. Sockets of the operating system implement it, and so
 * does the in-memory link of the test world; nothing above knows which it has.
 */
public interface Transport {
    /** For messages: {@code nio}, {@code epoll}, {@code io_uring}, {@code kqueue}. */
    String name();

    /** Makes the selector of one loop. */
    IoHandlerFactory ioHandlers();

    /** A new connection for this address, neither registered nor connected. */
    Channel newChannel(SocketAddress remote);

    /** Sets the options of a connection to be made; {@code deadAfter} is when the kernel may give up unacknowledged data. */
    void configure(Bootstrap bootstrap, Duration deadAfter);

    /** The loop's owner may be absent one day, so connections are to be known for {@link #shutFromOutside}. Before the first one. */
    default void mayBeShutFromOutside() {}

    /**
     * Shuts every connection from outside its loop, because the loop's owner does not come: the peers see the end, nothing of the
     * loop is touched. Any thread. The loop does no I/O afterwards.
     */
    void shutFromOutside();

    /** Whether an idle poll should be a select with a time-out of 1 ns instead of a bare look. */
    boolean pollBySelect();

    /** The channel's bytes past its pipeline, or null where that is not possible. Once connected; on the channel's loop. */
    default @Nullable DirectSocket direct(Channel channel) {
        return null;
    }

    /**
     * Ends a connection so that nothing which the kernel still holds is sent, and TLS does not wait for close_notify. On the
     * channel's loop. The descriptor may stay open until the selector's next pass.
     */
    default void cut(Channel channel) {
        try {
            if (channel.isOpen()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            }
        } catch (ChannelException e) {
            // The socket is dead already: there is nothing left that it could send.
        } finally {
            channel.unsafe().close(channel.unsafe().voidPromise());
        }
    }
}
