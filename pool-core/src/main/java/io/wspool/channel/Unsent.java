package io.wspool.channel;

import io.wspool.api.Outcome;
import io.wspool.api.SendResult;
import io.wspool.loop.QueuedMessage;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of messages that wait for one channel and will not be encoded there: they move to another one, or are not sent. Made when
 * there is such a case. Loop only, at the end of a turn.
 */
final class Unsent {
    private final WebSocketChannel channel;
    private final ChannelLoop share;
    private final Ledger ledger;
    private final Admission admission;
    private final Outbound out;
    private final WaitingList waiting;

    Unsent(WebSocketChannel channel, ChannelLoop share, Ledger ledger, Admission admission, Outbound out) {
        this.channel = channel;
        this.share = share;
        this.ledger = ledger;
        this.admission = admission;
        this.out = out;
        this.waiting = out.waiting();
    }

    /** Tries to move what is not begun; the first refusal ends it, the rest stays in order. */
    void move(int mostMoves) {
        QueuedMessage before = null;
        QueuedMessage message = waiting.peek();
        while (message != null) {
            QueuedMessage next = message.next;
            if (message.moveable && !message.begun() && message.moves < mostMoves) {
                waiting.pollAfter(before);
                if (channel.owner().move(message, channel) != SendResult.ACCEPTED) {
                    putBack(before, message);
                    return;
                }
            } else {
                before = message;
            }
            message = next;
        }
    }

    private void putBack(@Nullable QueuedMessage before, QueuedMessage message) {
        if (before == null) {
            waiting.addFirst(message);
        } else {
            waiting.insertAfter(before, message);
        }
    }

    /** Ends all of them, those that are bound to this channel for the reason that it knows. */
    void end() {
        for (QueuedMessage message = waiting.poll(); message != null; message = waiting.poll()) {
            end(message);
        }
    }

    /** The same with one that was not put into the list. */
    void end(QueuedMessage message) {
        if (message.begun()) {
            admission.leave(message.length); // it counts as written; what becomes of it is decided with the others
            share.loop.queue().release(message);
            out.wantFlush();
            return;
        }
        Outcome.Reason reason = channel.ending().reasonOfRest();
        if (message.moveable) {
            SendResult moved = channel.owner().move(message, channel);
            if (moved == SendResult.ACCEPTED) {
                return;
            }
            reason = moved == SendResult.BACK_PRESSURED
                    ? Outcome.Reason.BACK_PRESSURED
                    : moved == SendResult.CLOSED ? Outcome.Reason.CLOSED : Outcome.Reason.NO_LIVE_CHANNEL;
        }
        admission.leave(message.length);
        ledger.notSent(message.hasToken, message.token, reason);
        channel.publishFigures(); // at once: this may be the loop's last turn, and the flush of this turn is over
        share.loop.queue().release(message);
        out.wantFlush(); // there may be room
    }
}
