package io.wspool.channel;

import io.wspool.api.ChannelLimits;
import io.wspool.api.ChannelState;
import io.wspool.api.SendResult;
import io.wspool.api.Standing;
import io.wspool.loop.LoopQueue;
import io.wspool.loop.QueuedMessage;

/**
 * A message's way from its sender to the loop of one channel. Any thread; senders never wait for each other; no allocation in
 * steady state.
 * <p>The sender admits the message (bounds, account), then: on the loop's own thread it is encoded where it stands if nothing is
 * in the way; from elsewhere it is copied into an entry of the loop's queue, which the loop hands to {@link #receive}.
 */
public final class SendPath implements QueuedMessage.Receiver {
    private final WebSocketChannel channel;
    private final ChannelLoop share;
    private final int maxSendBytes;
    private final Ledger ledger;
    private final Outbound out;
    private final Load load;
    private final ChannelLatency latency;

    SendPath(
            WebSocketChannel channel,
            ChannelLoop share,
            ChannelLimits limits,
            Ledger ledger,
            Outbound out,
            Load load,
            ChannelLatency latency) {
        this.channel = channel;
        this.share = share;
        this.maxSendBytes = limits.maxSendBytes();
        this.ledger = ledger;
        this.out = out;
        this.load = load;
        this.latency = latency;
    }

    /**
     * Offers {@code length} bytes from {@code index} on; {@code moveable} says that the pool chose the channel and may choose another one.
     * Kept shallow for the loop's own thread: the JIT inlines down to a depth, and each access to a buffer takes some of it.
     */
    public <S> SendResult offer(
            Source<S> kind,
            S source,
            int index,
            int length,
            boolean text,
            boolean hasToken,
            long token,
            boolean moveable) {
        kind.check(source);
        if (!share.loop.isOwner()) {
            return offerCopy(kind, source, index, length, text, hasToken, token, moveable);
        }
        boolean outside = enterTurn();
        try {
            if (length > maxSendBytes || channel.standing() == Standing.DRAINING || !out.mayEncode()) {
                return offerCopy(kind, source, index, length, text, hasToken, token, moveable);
            }
            if (hasToken && !load.enterToken(load.confirms())) {
                return backPressured(length, moveable);
            }
            share.part.offered();
            ledger.accepted();
            long written = ledger.written();
            try {
                out.encode(kind, source, index, length, text, hasToken, token, moveable);
            } catch (RuntimeException | Error e) {
                if (ledger.written() == written) {
                    refused(hasToken); // not begun: it was never accepted
                }
                throw e;
            }
            return SendResult.ACCEPTED;
        } finally {
            leaveTurn(outside);
        }
    }

    private <S> SendResult offerCopy(
            Source<S> kind,
            S source,
            int index,
            int length,
            boolean text,
            boolean hasToken,
            long token,
            boolean moveable) {
        SendResult admitted = admit(length, hasToken, moveable);
        if (admitted != SendResult.ACCEPTED) {
            return admitted;
        }
        QueuedMessage message = share.loop.queue().take();
        try {
            kind.copy(source, index, length, message);
        } catch (RuntimeException | Error e) {
            undo(message, length, hasToken);
            throw e;
        }
        return handOver(message, text, hasToken, token, moveable);
    }

    /** Offers text whose length in UTF-8 has been asked for, which checks it. */
    public SendResult offer(CharSequence source, int utf8Length, boolean hasToken, long token, boolean moveable) {
        SendResult admitted = admit(utf8Length, hasToken, moveable);
        if (admitted != SendResult.ACCEPTED) {
            return admitted;
        }
        QueuedMessage message = share.loop.queue().take();
        try {
            message.fillText(source, utf8Length);
        } catch (RuntimeException | Error e) {
            undo(message, utf8Length, hasToken);
            throw e;
        }
        return handOver(message, true, hasToken, token, moveable);
    }

    /** Whether a message may be offered here. Any thread. */
    public boolean takes(int length, boolean evenSuspect) {
        return channel.isUsable() && (evenSuspect || channel.standing() != Standing.SUSPECT) && load.hasRoomFor(length);
    }

    /**
     * Takes a message from another channel: admits it, and takes it over at once or through the loop's queue.
     *
     * @return {@code ACCEPTED}, or why it stays where it is
     */
    public SendResult offerMoved(QueuedMessage message, boolean evenSuspect) {
        if (!takes(message.length, evenSuspect)) {
            return SendResult.CLOSED;
        }
        if (!enter(message.length, message.hasToken)) {
            return SendResult.BACK_PRESSURED;
        }
        message.target = this;
        if (share.loop.isCurrent()) {
            receive(message);
            return SendResult.ACCEPTED;
        }
        if (share.loop.queue().offer(message) == LoopQueue.Offer.ACCEPTED) {
            return SendResult.ACCEPTED;
        }
        leave(message.length, message.hasToken);
        return SendResult.BACK_PRESSURED;
    }

    /** A message of this channel has gone to another one. On this channel's loop. */
    public void movedOut(int length, boolean hasToken) {
        ledger.movedOut();
        leave(length, hasToken);
        out.wantFlush();
    }

    /** Takes over a message from another thread, or one that another channel gave up. Loop only. */
    @Override
    public void receive(QueuedMessage message) {
        if (message.arrived) {
            ledger.movedIn();
        } else {
            message.arrived = true;
            ledger.accepted();
            if (latency.on) {
                latency.arrived(message);
            }
        }
        out.wantFlush();
        if (channel.state() != ChannelState.OPEN) {
            share.loop.atEndOfTurn(() -> channel.unsent().end(message));
            return;
        }
        out.take(message);
        if (message.moveable && channel.held()) {
            channel.notices().move();
        }
    }

    private void refused(boolean hasToken) {
        ledger.refused();
        share.totals.refused();
        if (hasToken) {
            load.leaveTokens(1);
        }
    }

    private SendResult admit(int length, boolean hasToken, boolean moveable) {
        if (length > maxSendBytes) {
            return SendResult.TOO_LARGE;
        }
        if (!channel.isUsable()) {
            return SendResult.CLOSED;
        }
        if (!enter(length, hasToken)) {
            return backPressured(length, moveable);
        }
        share.totals.offered();
        return SendResult.ACCEPTED;
    }

    private boolean enter(int length, boolean hasToken) {
        if (hasToken && !load.enterToken(load.confirms())) {
            return false;
        }
        if (!load.enter(length)) {
            if (hasToken) {
                load.leaveTokens(1);
            }
            return false;
        }
        return true;
    }

    private void leave(int length, boolean hasToken) {
        load.leave(length);
        if (hasToken) {
            load.leaveTokens(1);
        }
    }

    private SendResult handOver(QueuedMessage message, boolean text, boolean hasToken, long token, boolean moveable) {
        message.describe(this, text, hasToken, token, moveable);
        if (share.loop.isOwner()) {
            boolean outside = enterTurn();
            try {
                receive(message);
            } finally {
                leaveTurn(outside);
            }
            return SendResult.ACCEPTED;
        }
        if (latency.on) {
            latency.offered(message);
        }
        int length = message.length;
        return switch (share.loop.queue().offer(message)) {
            case ACCEPTED -> SendResult.ACCEPTED;
            case FULL -> {
                undo(message, message.length, message.hasToken);
                yield backPressured(length, moveable);
            }
            case CLOSED -> {
                undo(message, message.length, message.hasToken);
                yield SendResult.CLOSED;
            }
        };
    }

    private void undo(QueuedMessage message, int length, boolean hasToken) {
        leave(length, hasToken);
        share.totals.refused();
        share.loop.queue().release(message);
    }

    /** A moveable message is offered to other channels first; if all refuse, the pool owes by {@link #owe}. */
    private SendResult backPressured(int length, boolean moveable) {
        if (!moveable) {
            owe(length);
        }
        return SendResult.BACK_PRESSURED;
    }

    /** A sender of so many bytes was refused here and shall hear of room. Any thread. */
    public void owe(int length) {
        if (load.owe(length, load.confirms())) {
            // room came meanwhile, and nobody else will notice; never at once, or a listener that tries again would
            // never end
            share.loop.execute(channel.notices()::owedWritable);
        }
    }

    private boolean enterTurn() {
        boolean outside = !share.loop.isCurrent();
        if (outside) {
            share.loop.enter();
        }
        return outside;
    }

    private void leaveTurn(boolean entered) {
        if (entered) {
            share.loop.leave();
        }
    }
}
