package io.wspool.channel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.wspool.api.HeartbeatSettings;
import java.util.concurrent.TimeUnit;

/**
 * The pipeline's end while the channel is open: silence, errors, the end. Loop only.
 * <p>Behind the frame reader it sees no reads: only what the reader calls life ({@link #resetReadTimeout}) puts silence off.
 */
final class Tail extends IdleStateHandler {
    private final WebSocketChannel channel;

    Tail(WebSocketChannel channel, HeartbeatSettings heartbeat) {
        super(heartbeat.interval().toNanos(), 0, 0, TimeUnit.NANOSECONDS);
        this.channel = channel;
    }

    @Override
    protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
        try {
            channel.silent();
        } catch (RuntimeException | Error e) {
            exceptionCaught(ctx, e); // nobody is behind this handler who could be told
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
        channel.ending().transportFailed(error);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx); // its timer ends
        channel.ending().transportEnded();
    }
}
