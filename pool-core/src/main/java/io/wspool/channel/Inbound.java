package io.wspool.channel;

import io.netty.buffer.ByteBuf;
import io.wspool.api.ApplicationHeartbeat;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.wire.CloseCodes;
import io.wspool.wire.FrameSink;
import io.wspool.wire.PeerText;

/** The way in of one channel: control frames are answered here, data goes to the user's listener. Loop only. */
final class Inbound implements FrameSink {
    private final WebSocketChannel channel;
    private final ChannelLoop share;
    private final UserCalls user;
    private final Outbound out;
    private final Liveness liveness;
    private final Ending ending;

    private boolean heard;
    private long messages;
    private long bytes;

    Inbound(
            WebSocketChannel channel,
            ChannelLoop share,
            UserCalls user,
            Outbound out,
            Liveness liveness,
            Ending ending) {
        this.channel = channel;
        this.share = share;
        this.user = user;
        this.out = out;
        this.liveness = liveness;
        this.ending = ending;
    }

    @Override
    public void onMessage(boolean text, ByteBuf payload) {
        liveness.data();
        if (channel.state() != ChannelState.OPEN) {
            return; // we have sent our Close: what still comes is of no use to anybody
        }
        BorrowedMessage message = share.message.show(text, payload);
        ApplicationHeartbeat heartbeat = liveness.application();
        if (heartbeat != null) {
            int from = payload.readerIndex();
            int to = payload.writerIndex();
            if (user.isReply(heartbeat, message)) {
                return;
            }
            payload.setIndex(from, to); // it may have been read
        }
        messages++;
        bytes += payload.readableBytes();
        channel.usefulActivity();
        out.wantFlush();
        user.message(channel, message);
    }

    @Override
    public void onPing(ByteBuf payload) {
        out.pong(payload);
    }

    @Override
    public void onPong(ByteBuf payload) {
        liveness.pong(payload);
    }

    @Override
    public void onClose(int code, String reason) {
        ending.peerClosed(code, PeerText.escaped(reason, CloseCodes.MAX_REASON_BYTES));
    }

    @Override
    public void onViolation(int closeCode, String detail) {
        ending.violated(new CloseCause(
                CloseCause.Kind.PROTOCOL_ERROR, closeCode, "", false, "the peer broke RFC 6455: " + detail, null));
    }

    @Override
    public boolean takesFrames() {
        return channel.state() != ChannelState.CLOSED; // after a Close or a violation the reader stops by itself
    }

    @Override
    public void onLife() {
        heard = true;
        liveness.life();
    }

    /** Whether a complete frame has come in this life. */
    boolean heard() {
        return heard;
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }
}
