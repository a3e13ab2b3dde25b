package io.wspool.channel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** The pipeline's end, for the whole life: errors, the end, silence. While a dial runs they are the dial's. Loop only. */
final class Tail extends ChannelInboundHandlerAdapter {
    private final WebSocketChannel channel;
    private @Nullable Dial dial;

    Tail(WebSocketChannel channel, Dial dial) {
        this.channel = channel;
        this.dial = dial;
    }

    void dialOver() {
        dial = null;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (dial != null) {
            dial.active();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            channel.silent();
        } else if (dial != null && event instanceof SslHandshakeCompletionEvent tls && tls.isSuccess()) {
            dial.handshaken();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
        if (dial == null) {
            channel.ending().transportFailed(error);
        } else {
            dial.failed(error);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (dial == null) {
            channel.ending().transportEnded();
        } else {
            dial.inactive();
        }
    }
}
