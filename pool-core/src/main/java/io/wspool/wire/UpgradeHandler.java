package io.wspool.wire;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.wspool.api.UpgradeRefusal;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the upgrade (RFC 6455 §4.1): sends the request when the transport is ready, judges the answer
 * strictly, and leaves the pipeline. One dial; event loop only. No deadline and no close of its own: both are the
 * owner's, who may ask for {@link #partialRefusal()} when time is up.
 * <p>Frames that came in one segment with the 101 reach the handlers that {@link Listener#onUpgraded} has put behind
 * this one, after it has returned and in order.
 */
public final class UpgradeHandler extends ChannelInboundHandlerAdapter {
    private static final int MAX_INTERIM_RESPONSES = 4;

    /** Hears how the upgrade ended: one of the two, once, on the event loop. */
    public interface Listener {
        /**
         * The protocol is switched. Add what reads frames behind {@code ctx}; frames may be written at once.
         *
         * @param subprotocol what the server chose of those offered, or null
         */
        void onUpgraded(ChannelHandlerContext ctx, @Nullable String subprotocol);

        /** The answer was no valid 101. The connection is of no further use and still open, unless the peer ended it. */
        void onRefused(ChannelHandlerContext ctx, UpgradeRefusal refusal);
    }

    private enum State {
        /** Until the transport, TLS included, is ready. */
        UNSENT,
        /** For a response's head. */
        AWAITING_HEAD,
        /** For the end of a valid 101, which has no body. */
        SWITCHING,
        /** For the start of a refusal's body. */
        COLLECTING_BODY,
        /** Bytes pass to the handlers behind. */
        UPGRADED,
        /** All is thrown away. */
        REFUSED
    }

    private final UpgradeHead head;
    private final Listener listener;
    private final UpgradeResponseDecoder decoder = new UpgradeResponseDecoder();
    private State state = State.UNSENT;
    private int interimResponses;
    private @Nullable String subprotocol;
    private @Nullable RefusalDraft draft;

    /**
     * For one dial.
     *
     * @param nonce16 16 bytes of a strong source, fresh for each dial
     */
    public UpgradeHandler(UpgradeRequest request, byte[] nonce16, Listener listener) {
        this.head = new UpgradeHead(request, nonce16);
        this.listener = listener;
    }

    /** Adds the parser of the response and {@code handler} at the pipeline's end, behind TLS if there is any. */
    public static void install(ChannelPipeline pipeline, UpgradeHandler handler) {
        pipeline.addLast(handler.decoder, handler);
    }

    /** What is known of an answer that is not whole yet and no valid 101, or null if there is no such answer. */
    public @Nullable UpgradeRefusal partialRefusal() {
        return state == State.COLLECTING_BODY && draft != null ? draft.finish() : null;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            sendUnlessTls(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        sendUnlessTls(ctx);
        ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
        if (evt instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            send(ctx);
        }
        ctx.fireUserEventTriggered(evt);
    }

    private void sendUnlessTls(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null || tls.handshakeFuture().isSuccess()) {
            send(ctx);
        }
    }

    private void send(ChannelHandlerContext ctx) {
        if (state != State.UNSENT) {
            return;
        }
        state = State.AWAITING_HEAD;
        ctx.writeAndFlush(head.encode(ctx.alloc())).addListener((ChannelFuture written) -> {
            if (!written.isSuccess()) {
                ctx.fireExceptionCaught(written.cause());
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (state == State.UPGRADED) {
            ctx.fireChannelRead(msg);
            return;
        }
        try {
            if (msg instanceof HttpResponse response && state == State.AWAITING_HEAD) {
                head(ctx, response);
            }
            if (msg instanceof HttpContent content) {
                content(ctx, content);
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    private void head(ChannelHandlerContext ctx, HttpResponse response) {
        Throwable broken = response.decoderResult().cause();
        if (broken instanceof PrematureChannelClosureException) {
            return; // channelInactive follows, and tells
        }
        if (broken != null) {
            String what = PeerText.escaped(String.valueOf(broken.getMessage()), CloseCodes.MAX_REASON_BYTES);
            refuse(ctx, RefusalDraft.unreadable("the answer's head breaks RFC 9112: " + what));
            return;
        }
        boolean switches = response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code();
        if (!switches && response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            if (++interimResponses > MAX_INTERIM_RESPONSES) {
                String problem = "more than " + MAX_INTERIM_RESPONSES + " interim responses";
                refuse(ctx, new RefusalDraft(response, problem).finish());
            }
            return;
        }
        String problem = head.problem(response);
        if (problem == null) {
            state = State.SWITCHING;
            subprotocol = response.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
            return;
        }
        draft = new RefusalDraft(response, problem);
        state = State.COLLECTING_BODY;
        if (switches) {
            refuse(ctx, draft.finish()); // what follows a 101 is no body
        }
    }

    private void content(ChannelHandlerContext ctx, HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (state == State.SWITCHING && last) {
            upgraded(ctx);
        } else if (state == State.COLLECTING_BODY && draft != null && (draft.add(content.content()) || last)) {
            refuse(ctx, draft.finish());
        }
    }

    private void upgraded(ChannelHandlerContext ctx) {
        state = State.UPGRADED;
        listener.onUpgraded(ctx, subprotocol);
        // the parser goes first: what it still holds comes out as it leaves, and passes through us to those behind
        ChannelPipeline pipeline = ctx.pipeline();
        if (pipeline.context(decoder) != null) {
            pipeline.remove(decoder);
        }
        if (!ctx.isRemoved()) {
            pipeline.remove(this);
        }
    }

    private void refuse(ChannelHandlerContext ctx, UpgradeRefusal refusal) {
        state = State.REFUSED;
        draft = null;
        listener.onRefused(ctx, refusal);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (state == State.COLLECTING_BODY && draft != null) {
            refuse(ctx, draft.finish());
        } else if (state == State.AWAITING_HEAD || state == State.SWITCHING) {
            refuse(
                    ctx,
                    RefusalDraft.unreadable("the connection ended after " + decoder.bytesSeen()
                            + " bytes, before the answer's head was whole"));
        }
        ctx.fireChannelInactive();
    }
}
