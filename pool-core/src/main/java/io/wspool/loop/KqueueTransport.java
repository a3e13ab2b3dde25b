package io.wspool.loop;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import org.jspecify.annotations.Nullable;

/**
 * BSD's kqueue, on macOS. Compiled only: no test of this project runs there, so it takes no short cut past Netty's pipeline. It knows
 * no TCP_USER_TIMEOUT; the heartbeat finds a dead peer.
 */
final class KqueueTransport extends UnixTransport {
    private final IoHandlerFactory handlers = KQueueIoHandler.newFactory();

    @Override
    public String name() {
        return "kqueue";
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return handlers;
    }

    @Override
    Channel newSocket(@Nullable SocketProtocolFamily family) {
        return new KQueueSocketChannel(family);
    }
}
