package io.wspool.channel;

import io.wspool.api.Outcome;
import io.wspool.api.PooledChannel;
import io.wspool.measure.PublishedLongs;
import io.wspool.measure.Totals;
import org.jspecify.annotations.Nullable;

/**
 * What became of one channel's messages. Loop only.
 * <p>Messages are numbered in the order in which their first byte is encoded; a pong moves the watermark, everything up to it is
 * confirmed, save what a full ring of tokens gave up before: that is unknown for good. At the end what lies between watermark and
 * {@code written} is unknown, as a range, save a tail whose first bytes the kernel never took: that is not sent. Counts change at
 * once; tokens are told at the end of the turn.
 */
final class Ledger {
    private final PooledChannel channel;
    private final UserCalls user;
    private final Admission admission;
    private @Nullable TokenRing ring; // with the first token

    private long accepted;
    private long written;
    private long finished;
    private long settled; // messages up to this one are confirmed or given up
    private long confirmed;
    private long unknown;
    private long notSent;
    private long movedIn;
    private long movedOut;
    private long writtenBytes;
    private long finishedBytes;
    private long confirmedBytes;
    private int confirmedTokens;

    Ledger(PooledChannel channel, UserCalls user, Admission admission) {
        this.channel = channel;
        this.user = user;
        this.admission = admission;
    }

    /** A message of the user's has come to this channel's loop. */
    void accepted() {
        accepted++;
    }

    /** It was refused after all. */
    void refused() {
        accepted--;
    }

    /** A message has come from another channel, unwritten. */
    void movedIn() {
        movedIn++;
    }

    /** A message has gone to another channel, unwritten. */
    void movedOut() {
        movedOut++;
    }

    /** The first byte of a message is about to be encoded. */
    void begin(int length, boolean hasToken, long token) {
        written++;
        writtenBytes += length;
        if (hasToken) {
            TokenRing tokens = ring;
            if (tokens == null) {
                tokens = new TokenRing();
                ring = tokens;
            }
            tokens.add(written, token);
        }
    }

    /** The last frame of the message that was begun last has been encoded. */
    void finish() {
        finished++;
        finishedBytes = writtenBytes;
    }

    /** A pong came back whose ping followed {@code watermark} messages of {@code bytes} in all. */
    void confirm(long watermark, long bytes) {
        if (watermark > settled) {
            confirmed += watermark - settled;
            settled = watermark;
            confirmedBytes = bytes;
            confirmedTokens = ring == null ? 0 : ring.countUpTo(watermark);
        }
    }

    /** Whether more tokens wait than the bound: it does not hold senders back where nothing can confirm. */
    boolean hasTokensOverBound() {
        return ring != null && ring.size() > Admission.MOST_TOKENS;
    }

    /** Tells the tokens that were confirmed in this turn, then ends the oldest of those over the bound without evidence. At the end of a turn. */
    void tellTokens() {
        tellConfirmed();
        if (ring != null && ring.size() > Admission.MOST_TOKENS) {
            int count = ring.size() - Admission.MOST_TOKENS;
            long last = ring.position(count - 1);
            unknown += last - settled; // what is told here must not be counted as confirmed by a later pong
            settled = last;
            tell(ring, count, Outcome.UNKNOWN, Outcome.Reason.NO_WATERMARK);
        }
    }

    /** A message that was never begun here, and will not be, has ended. */
    void notSent(boolean hasToken, long token, Outcome.Reason reason) {
        notSent++;
        if (hasToken) {
            admission.leaveTokens(1);
            user.outcome(channel, Outcome.NOT_SENT, reason, new long[] {token}, 0, 1);
        }
    }

    /**
     * The channel has ended.
     *
     * @param untaken how many of the last written messages have left nothing on the wire
     * @param reason why the others are unknown
     */
    void end(int untaken, Outcome.Reason reason) {
        tellConfirmed();
        int notOnTheWire = (int) Math.min(untaken, inflight());
        written -= notOnTheWire;
        notSent += notOnTheWire;
        unknown += inflight();
        if (ring != null) {
            tell(ring, ring.countUpTo(written), Outcome.UNKNOWN, reason);
            tell(ring, ring.size(), Outcome.NOT_SENT, Outcome.Reason.CHANNEL_CLOSED);
        }
    }

    private void tellConfirmed() {
        int count = confirmedTokens;
        confirmedTokens = 0;
        if (ring != null) {
            tell(ring, count, Outcome.CONFIRMED, Outcome.Reason.PONG);
        }
    }

    /** Whether tokens wait to be told. */
    boolean hasConfirmedTokens() {
        return confirmedTokens > 0;
    }

    private void tell(TokenRing ring, int count, Outcome outcome, Outcome.Reason reason) {
        if (count > 0) {
            admission.leaveTokens(count);
        }
        for (int left = count; left > 0; ) {
            int from = ring.oldest();
            int piece = ring.inOnePiece(left);
            // still ours: what the listener sends goes behind, or into a grown ring
            user.outcome(channel, outcome, reason, ring.tokens(), from, from + piece);
            ring.forget(piece);
            left -= piece;
        }
    }

    /** Messages whose last frame has been encoded: a ping's watermark. */
    long finished() {
        return finished;
    }

    long written() {
        return written;
    }

    /** Their payload. */
    long finishedBytes() {
        return finishedBytes;
    }

    /** Messages up to this one need no pong any more. */
    long settled() {
        return settled;
    }

    /** Encoded and neither confirmed nor ended. */
    long inflight() {
        return written - confirmed - unknown;
    }

    long inflightBytes() {
        return inflight() == 0 ? 0 : writtenBytes - confirmedBytes;
    }

    /** Whether no message has come here yet. */
    boolean isBlank() {
        return accepted == 0 && movedIn == 0;
    }

    /** Adds what has changed since {@code published} was set, from {@code first} on. */
    void addTo(Totals.Part totals, PublishedLongs published, int first) {
        long newWritten = written - published.get(first + 1);
        long newConfirmed = confirmed - published.get(first + 2);
        long newUnknown = unknown - published.get(first + 3);
        long newNotSent = notSent - published.get(first + 4);
        if ((newWritten | newConfirmed | newUnknown | newNotSent) != 0) {
            totals.add(newWritten, newConfirmed, newUnknown, newNotSent);
        }
    }

    /** Sets the seven numbers of an account, in its order, from {@code first} on. */
    void publish(PublishedLongs published, int first) {
        published.set(first, accepted);
        published.set(first + 1, written);
        published.set(first + 2, confirmed);
        published.set(first + 3, unknown);
        published.set(first + 4, notSent);
        published.set(first + 5, movedIn);
        published.set(first + 6, movedOut);
    }
}
