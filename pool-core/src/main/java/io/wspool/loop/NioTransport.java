package io.wspool.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/** The JDK's sockets. */
final class NioTransport extends SocketTransport {
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
}
