package io.wspool.channel;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import io.wspool.api.ChannelState;
import io.wspool.api.Check;
import io.wspool.api.CloseCause;
import io.wspool.api.Outcome;
import io.wspool.api.Standing;
import io.wspool.wire.CloseCodes;
import io.wspool.wire.PeerText;
import java.nio.charset.StandardCharsets;
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

    private @Nullable Channel transport;
    private volatile @Nullable CloseCause cause;

    private @Nullable Drain drain;
    private @Nullable ScheduledFuture<?> timer;

    /** What is known of a drain, once one was asked for. */
    private static final class Drain {
        final CloseCause cause;
        Outcome.Reason giveUp;
        long due;
        long finalPingAfter = -1; // messages that were finished before the last final ping

        Drain(CloseCause cause, long due, Outcome.Reason giveUp) {
            this.cause = cause;
            this.due = due;
            this.giveUp = giveUp;
        }
    }

    Ending(WebSocketChannel channel, ChannelLoop share, Outbound out, Ledger ledger, Liveness liveness) {
        this.channel = channel;
        this.share = share;
        this.out = out;
        this.ledger = ledger;
        this.liveness = liveness;
    }

    /**
     * What a user asks for.
     *
     * @throws IllegalArgumentException if it may not be sent
     */
    static CloseCause closedByUser(int code, String reason) {
        Check.require(CloseCodes.mayBeSent(code), "code", code, "1000 to 1003, 1007 to 1014 or 3000 to 4999");
        int bytes = Check.notNull("reason", reason).getBytes(StandardCharsets.UTF_8).length;
        Check.within("reason.bytes", bytes, 0, CloseCodes.MAX_REASON_BYTES);
        return new CloseCause(
                CloseCause.Kind.LOCAL_CLOSE, code, reason, false, "closed by the user of this channel", null);
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
        Drain asked = drain;
        if (asked == null) {
            drain = new Drain(why, due, reasonOfRest);
            channel.stand(Standing.DRAINING);
        } else if (due - asked.due < 0) {
            asked.due = due;
            asked.giveUp = reasonOfRest;
        } else {
            return;
        }
        startTimer(this::drainOver, drainNanos);
        out.drainWaiting();
        out.wantFlush();
    }

    Outcome.Reason reasonOfRest() {
        return drain == null ? Outcome.Reason.CHANNEL_CLOSED : drain.giveUp;
    }

    boolean draining() {
        return drain != null;
    }

    /** Something was written or confirmed: perhaps the drain is done. At the end of a turn. */
    void progress() {
        Drain asked = drain;
        if (asked == null || out.isClosing() || channel.state() != ChannelState.OPEN || !out.isIdle()) {
            return;
        }
        if (ledger.inflight() == 0 || liveness.deaf()) {
            drainOver();
        } else if (asked.finalPingAfter != ledger.finished()) {
            asked.finalPingAfter = ledger.finished();
            liveness.finalPing();
        }
    }

    private void drainOver() {
        if (channel.state() == ChannelState.OPEN && drain != null) {
            beginHandshake(drain.cause, drain.cause.code(), drain.cause.reason());
        }
    }

    /** The peer's Close: an answer to ours, or the beginning (then it is echoed). */
    void peerClosed(int code, String reason) {
        if (out.isClosing()) {
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
        if (out.isClosing()) {
            cut(why);
        } else {
            beginHandshake(why, why.code(), PeerText.clippedReason(why.detail()));
        }
    }

    private void beginHandshake(CloseCause why, int code, String reason) {
        out.close(code, reason);
        channel.become(ChannelState.CLOSING, why);
        if (channel.isOver()) {
            return; // the Close was written at once, and found the transport broken
        }
        startTimer(() -> cut(why), channel.settings().close().handshake().toNanos());
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
        end(CloseCause.abnormal(CloseCause.Kind.TRANSPORT_ERROR, String.valueOf(error), error));
    }

    /** The transport has ended by itself. */
    void transportEnded() {
        end(CloseCause.abnormal(
                CloseCause.Kind.END_OF_STREAM, "the peer ended the stream without a Close frame", null));
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
