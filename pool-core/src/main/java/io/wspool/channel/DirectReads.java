package io.wspool.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.wspool.loop.DirectSocket;
import io.wspool.loop.HotReader;
import io.wspool.loop.ReceiveBuffers;
import io.wspool.wire.FrameReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a connection on its polling loop without the selector: a plain one past the pipeline too, into the same {@link FrameReader}; what
 * TLS has to open first goes through the pipeline, in a buffer that it may keep, because TLS keeps parts of records. Loop only.
 * <p>The end of the stream and an error leave by the pipeline, in the order in which Netty would tell them: Netty does not know of
 * what was read behind its back.
 */
final class DirectReads implements HotReader {
    private final ChannelLoop share;
    private final Channel netty;
    private final DirectSocket socket;
    private final @Nullable FrameReader reader;

    /** For an open connection, or null where its transport has no such way. */
    static @Nullable DirectReads of(ChannelLoop share, Channel netty, boolean tls) {
        DirectSocket socket = share.environment.transport().direct(netty);
        return socket == null
                ? null
                : new DirectReads(
                        share, netty, socket, tls ? null : netty.pipeline().get(FrameReader.class));
    }

    private DirectReads(ChannelLoop share, Channel netty, DirectSocket socket, @Nullable FrameReader reader) {
        this.share = share;
        this.netty = netty;
        this.socket = socket;
        this.reader = reader;
    }

    @Override
    public int readHot() {
        if (!netty.isActive()) {
            return -1;
        }
        ReceiveBuffers buffers = share.loop.receiveBuffers();
        ByteBuf in = reader == null ? buffers.keepable() : buffers.shared();
        int bytes;
        try {
            bytes = socket.read(in);
        } catch (IOException e) {
            netty.pipeline().fireExceptionCaught(e);
            bytes = -1;
        }
        if (bytes > 0) {
            share.loop.received();
            handOn(in);
        } else if (bytes < 0) {
            netty.unsafe().close(netty.unsafe().voidPromise());
        }
        return bytes;
    }

    /** TLS stays with the selector: after a part of a record Netty's handler would ask for it again. */
    @Override
    public void selectable(boolean whether) {
        if (reader != null && netty.isActive()) {
            netty.config().setAutoRead(whether);
        }
    }

    private void handOn(ByteBuf in) {
        try {
            if (reader == null) {
                netty.pipeline().fireChannelRead(in.retain());
                netty.pipeline().fireChannelReadComplete();
            } else {
                reader.read(in);
                reader.endOfBatch();
            }
        } catch (RuntimeException | Error e) {
            netty.pipeline().fireExceptionCaught(e);
        }
    }
}
