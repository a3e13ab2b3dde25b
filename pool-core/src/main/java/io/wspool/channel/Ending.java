package io.wspool.channel;

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
 * How one open channel ends: drain, closing handshake, cut. Loop only.
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

    private @Nullable CloseCause drainCause;
    private int drainCode;
    private String drainReason = "";
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
    void drain(CloseCause cause, int code, String reason, long drainNanos, Outcome.Reason reasonOfRest) {
        if (channel.state() != ChannelState.OPEN) {
            return;
        }
        long due = share.loop.nanoTime() + drainNanos;
        if (drainCause != null && due - drainDue >= 0) {
            return;
        }
        if (drainCause == null) {
            drainCause = cause;
            drainCode = code;
            drainReason = reason;
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
            beginHandshake(drainCause, drainCode, drainReason);
        } else if (finalPingAfter != ledger.finished()) {
            finalPingAfter = ledger.finished();
            liveness.finalPing();
        }
    }

    private void drainOver() {
        if (channel.state() == ChannelState.OPEN && drainCause != null) {
            beginHandshake(drainCause, drainCode, drainReason);
        }
    }

    /** The peer's Close: an answer to ours, or the beginning (then it is echoed). */
    void peerClosed(int code, String reason) {
        if (begun) {
            channel.bothClosesSeen();
            return;
        }
        String detail = "the peer closed with " + code + " (" + CloseCodes.name(code) + ")";
        CloseCause cause = new CloseCause(CloseCause.Kind.PEER_CLOSE, code, reason, false, detail, null);
        beginHandshake(cause, code, "");
        out.flush(); // at once: the end of the stream may lie behind it in the same batch
        channel.bothClosesSeen();
    }

    /** The peer broke the protocol: one Close with the code it deserves; its input is thrown away from here on. */
    void violated(CloseCause cause) {
        if (begun) {
            channel.cut(cause);
        } else {
            beginHandshake(cause, cause.code(), PeerText.clippedReason(cause.detail()));
        }
    }

    private void beginHandshake(CloseCause cause, int code, String reason) {
        begun = true;
        out.close(code, reason);
        channel.become(ChannelState.CLOSING, cause);
        startTimer(() -> channel.cut(cause), settings.handshake().toNanos());
        share.loop.atEndOfTurn(() -> out.endWaiting(channel.owner(), giveUp));
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
