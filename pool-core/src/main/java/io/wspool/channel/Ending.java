package io.wspool.channel;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.CloseSettings;
import io.wspool.api.Outcome;
import io.wspool.api.Standing;
import io.wspool.wire.CloseCodes;
import io.wspool.wire.PeerText;
import org.jspecify.annotations.Nullable;

/**
 * How one channel ends, and why: drain, closing handshake, cut, or the transport by itself. Loop only, save {@link #cause}.
 * <p>A <em>drain</em> writes what waits, sends a final ping, waits for its pong, then begins the handshake. The
 * <em>handshake</em> (RFC 6455 §7.1) is one Close each way; the server ends TCP, and if it has not by the deadline, even
 * because it reads nothing, the connection is cut.
 */
final class Ending {
    private final WebSocketChannel channel;
    private final ChannelLoop share;
    private final Outbound out;
    private final Ledger ledger;
    private final Liveness liveness;
    private final CloseSettings settings;

    private @Nullable Channel transport;
    private volatile @Nullable CloseCause cause;

    private @Nullable CloseCause drainCause;
    private Outcome.Reason giveUp = Outcome.Reason.CHANNEL_CLOSED;
    private long finalPingAfter = -1; // messages that were finished before the last final ping
    private boolean begun;
    private long drainDue;
    private @Nullable ScheduledFuture<?> timer;

    Ending(
            WebSocketChannel channel,
            ChannelLoop share,
            Outbound out,
            Ledger ledger,
            Liveness liveness,
            CloseSettings settings) {
        this.channel = channel;
        this.share = share;
        this.out = out;
        this.ledger = ledger;
        this.liveness = liveness;
        this.settings = settings;
    }

    /**
     * Leaves in order. A second call can only bring the deadline nearer.
     *
     * @param drainNanos for what waits and the final pong
     * @param reasonOfRest what is told of messages that the deadline finds waiting
     */
    void drain(CloseCause why, long drainNanos, Outcome.Reason reasonOfRest) {
        if (channel.state() != ChannelState.OPEN) {
            return;
        }
        long due = share.loop.nanoTime() + drainNanos;
        if (drainCause != null && due - drainDue >= 0) {
            return;
        }
        if (drainCause == null) {
            drainCause = why;
            channel.stand(Standing.DRAINING);
        }
        giveUp = reasonOfRest;
        drainDue = due;
        startTimer(this::drainOver, drainNanos);
        out.drainWaiting();
        out.wantFlush();
    }

    Outcome.Reason reasonOfRest() {
        return giveUp;
    }

    boolean draining() {
        return drainCause != null;
    }

    /** Something was written or confirmed: perhaps the drain is done. At the end of a turn. */
    void progress() {
        if (drainCause == null || begun || channel.state() != ChannelState.OPEN || !out.isIdle()) {
            return;
        }
        if (ledger.inflight() == 0 || liveness.deaf()) {
            beginHandshake(drainCause, drainCause.code(), drainCause.reason());
        } else if (finalPingAfter != ledger.finished()) {
            finalPingAfter = ledger.finished();
            liveness.finalPing();
        }
    }

    private void drainOver() {
        if (channel.state() == ChannelState.OPEN && drainCause != null) {
            beginHandshake(drainCause, drainCause.code(), drainCause.reason());
        }
    }

    /** The peer's Close: an answer to ours, or the beginning (then it is echoed). */
    void peerClosed(int code, String reason) {
        if (begun) {
            bothClosesSeen();
            return;
        }
        String detail = "the peer closed with " + code + " (" + CloseCodes.name(code) + ")";
        CloseCause why = new CloseCause(CloseCause.Kind.PEER_CLOSE, code, reason, false, detail, null);
        beginHandshake(why, code, "");
        out.flush(); // at once: the end of the stream may lie behind it in the same batch
        bothClosesSeen();
    }

    /** The peer broke the protocol: one Close with the code it deserves; its input is thrown away from here on. */
    void violated(CloseCause why) {
        if (begun) {
            cut(why);
        } else {
            beginHandshake(why, why.code(), PeerText.clippedReason(why.detail()));
        }
    }

    private void beginHandshake(CloseCause why, int code, String reason) {
        begun = true;
        out.close(code, reason);
        channel.become(ChannelState.CLOSING, why);
        if (channel.isOver()) {
            return; // the Close was written at once, and found the transport broken
        }
        startTimer(() -> cut(why), settings.handshake().toNanos());
        share.loop.atEndOfTurn(channel.unsent()::end);
    }

    /** A connection is being made for it. */
    void connecting(Channel made) {
        transport = made;
    }

    /** Why it ends, or ended, or null while it does not. Any thread. */
    @Nullable
    CloseCause cause() {
        return cause;
    }

    /** Of the reasons that are given the first counts. */
    void because(@Nullable CloseCause why) {
        if (cause == null) {
            cause = why;
        }
    }

    private void bothClosesSeen() {
        CloseCause known = cause;
        if (known != null && known.kind() != CloseCause.Kind.PROTOCOL_ERROR) {
            cause = known.withClean(true);
        }
    }

    /** The transport failed. */
    void transportFailed(Throwable error) {
        end(new CloseCause(
                CloseCause.Kind.TRANSPORT_ERROR, CloseCause.ABNORMAL, "", false, String.valueOf(error), error));
    }

    /** The transport has ended by itself. */
    void transportEnded() {
        end(new CloseCause(
                CloseCause.Kind.END_OF_STREAM,
                CloseCause.ABNORMAL,
                "",
                false,
                "the peer ended the stream without a Close frame",
                null));
    }

    /** Ends at once; nothing that the kernel still holds is sent. */
    void cut(CloseCause why) {
        if (channel.state() == ChannelState.OPEN && why.kind() == CloseCause.Kind.HEARTBEAT_TIMEOUT) {
            cause = why; // even if the write below finds the transport broken
            out.close(CloseCodes.PROTOCOL_ERROR, "heartbeat timeout"); // best effort, no answer is awaited
            out.flush();
        }
        end(why);
    }

    /** The same without a word to the peer. */
    void end(CloseCause why) {
        CloseCause known = cause;
        channel.become(ChannelState.CLOSED, known == null ? why : known);
        Channel connection = transport;
        if (connection != null) {
            share.environment.transport().cut(connection);
        }
    }

    /** Whether the descriptor is closed, or never was. */
    boolean transportIsClosed() {
        Channel connection = transport;
        return connection == null || connection.closeFuture().isDone();
    }

    /** Nothing is written any more. */
    void settled() {
        CloseCause known = cause;
        if (known != null && known.clean() && !out.closeTaken()) {
            cause = known.withClean(false); // the echo never got out
        }
    }

    /** Whether nothing is to come from the peer but the end of TCP: our Close is written, and its own has come or is not waited for. */
    boolean awaitsOnlyEnd() {
        CloseCause known = cause;
        return out.closeTaken() && known != null && (known.clean() || known.kind() == CloseCause.Kind.PROTOCOL_ERROR);
    }

    private void startTimer(Runnable task, long nanos) {
        stopTimer();
        timer = share.loop.schedule(task, nanos);
    }

    void stopTimer() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }
}
