package io.wspool.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.VoidChannelPromise;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;

/**
 * Writes a connection with TLS without an object a write, which {@link SslHandler} makes for a promise that is not void: so nobody tells
 * what became of a write, and it is looked at. For transports that have written what they can when a write returns. Loop only.
 */
final class TlsWrites {
    private final ChannelHandlerContext ctx;
    private final ChannelPromise silent;
    private final SSLEngine engine;

    /** In front of the pipeline's {@link SslHandler}. */
    TlsWrites(ChannelHandlerContext writeFrom) {
        ctx = writeFrom;
        silent = new VoidChannelPromise(writeFrom.channel(), false);
        engine = writeFrom.pipeline().get(SslHandler.class).engine();
    }

    /** Writes; {@code promise} ends when the kernel has taken all, or with the reason why it will not. */
    void write(ByteBuf bytes, ChannelPromise promise) {
        ctx.writeAndFlush(bytes.retain(), silent);
        ChannelOutboundBuffer queue = ctx.channel().unsafe().outboundBuffer();
        boolean consumed = bytes.refCnt() == 1;
        if (consumed && engine.isOutboundDone()) { // by which it is thrown away
            promise.tryFailure(new SslClosedEngineException("the peer has ended TLS"));
        } else if (consumed && queue != null && queue.isEmpty()) {
            promise.trySuccess();
        } else {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER, promise); // ends behind the rest
        }
    }
}
