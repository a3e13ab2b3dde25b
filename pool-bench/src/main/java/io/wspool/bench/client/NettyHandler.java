package io.wspool.bench.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.Future;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection of stock Netty: shakes hands, then hands on what comes, as in Netty's own example of a WebSocket client. Where a
 * {@code WebSocketClientProtocolHandler} shakes hands it only hears of that, and pings when an {@code IdleStateHandler} says so.
 */
final class NettyHandler extends SimpleChannelInboundHandler<Object> {
    private final @Nullable WebSocketClientHandshaker handshaker;
    private final int connection;
    private final Receiver receiver;
    private @Nullable ChannelPromise open;

    NettyHandler(URI uri, boolean handshakes, int connection, Receiver receiver) {
        this.handshaker = handshakes
                ? WebSocketClientHandshakerFactory.newHandshaker(
                        uri, WebSocketVersion.V13, null, false, EmptyHttpHeaders.INSTANCE)
                : null;
        this.connection = connection;
        this.receiver = receiver;
    }

    /** Done when the upgrade is. Once connected. */
    Future<?> open() {
        return Objects.requireNonNull(open, "connected");
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        open = ctx.newPromise();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (handshaker != null) {
            handshaker.handshake(ctx.channel());
        }
        ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            Objects.requireNonNull(open).setSuccess();
        } else if (event instanceof IdleStateEvent) {
            ctx.writeAndFlush(new PingWebSocketFrame());
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Object message) {
        if (message instanceof BinaryWebSocketFrame frame) {
            ByteBuf content = frame.content();
            receiver.onMessage(connection, content.getLong(content.readerIndex()), content.readableBytes());
        } else if (message instanceof FullHttpResponse response) {
            Objects.requireNonNull(handshaker).finishHandshake(ctx.channel(), response);
            Objects.requireNonNull(open).setSuccess();
        } else if (message instanceof TextWebSocketFrame) {
            receiver.onText(connection);
        } else if (message instanceof PingWebSocketFrame ping) {
            ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
        } else if (message instanceof CloseWebSocketFrame) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end("closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(cause.toString());
        ctx.close();
    }

    private void end(String why) {
        Objects.requireNonNull(open).tryFailure(new IllegalStateException(why));
        receiver.onEnd(connection, why);
    }
}
