package io.wspool.channel;

import io.wspool.api.Outcome;
import io.wspool.measure.PublishedLongs;
import io.wspool.measure.Totals;

/**
 * What became of one channel's messages. Loop only.
 * <p>Messages are numbered in the order in which their first byte is encoded; a pong moves the watermark, everything up to it is
 * confirmed, save what a full ring of tokens gave up before: that is unknown for good. At the end what lies between watermark and
 * {@code written} is unknown, as a range, save a tail whose first bytes the kernel never took: that is not sent. Counts change at
 * once; tokens are told at the end of the turn.
 */
final class Ledger {
    private final Totals.Part totals;
    private final Admission admission;
    private final Outcomes outcomes;
    private final TokenRing ring = new TokenRing();
    private final TokenRing.Slices confirmedSlices;

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

    private long toldWritten;
    private long toldConfirmed;
    private long toldUnknown;
    private long toldNotSent;

    Ledger(Totals.Part totals, Admission admission, Outcomes outcomes) {
        this.totals = totals;
        this.admission = admission;
        this.outcomes = outcomes;
        this.confirmedSlices =
                (tokens, from, to) -> outcomes.tell(Outcome.CONFIRMED, Outcome.Reason.PONG, tokens, from, to);
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
            ring.add(written, token);
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
            confirmedTokens = ring.countUpTo(watermark);
        }
    }

    /** Whether more tokens wait than the bound: it does not hold senders back where nothing can confirm. */
    boolean hasTokensOverBound() {
        return ring.size() > Admission.MOST_TOKENS;
    }

    /** Ends the oldest of them without evidence. At the end of a turn. */
    void endTokensOverBound() {
        tellConfirmed(); // a heartbeat's pong may have covered the oldest in this very turn
        int count = ring.size() - Admission.MOST_TOKENS;
        if (count > 0) {
            long last = ring.position(count - 1);
            unknown += last - settled; // what is told here must not be counted as confirmed by a later pong
            settled = last;
            tell(count, Outcome.UNKNOWN, Outcome.Reason.NO_WATERMARK);
        }
    }

    /** A message that was never begun here, and will not be, has ended. */
    void notSent(boolean hasToken, long token, Outcome.Reason reason) {
        notSent++;
        if (hasToken) {
            admission.leaveTokens(1);
            outcomes.tellOne(Outcome.NOT_SENT, reason, token);
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
        tell(ring.countUpTo(written), Outcome.UNKNOWN, reason);
        tell(ring.size(), Outcome.NOT_SENT, Outcome.Reason.CHANNEL_CLOSED);
        publishTotals();
    }

    /** Tells the tokens that were confirmed in this turn. */
    void tellConfirmed() {
        int count = confirmedTokens;
        if (count > 0) {
            confirmedTokens = 0;
            admission.leaveTokens(count);
            ring.take(count, confirmedSlices);
        }
    }

    /** Whether tokens wait to be told. */
    boolean hasConfirmedTokens() {
        return confirmedTokens > 0;
    }

    /** Adds to the loop's totals what has changed since the last call. */
    void publishTotals() {
        if (written == toldWritten && confirmed == toldConfirmed && unknown == toldUnknown && notSent == toldNotSent) {
            return;
        }
        totals.add(written - toldWritten, confirmed - toldConfirmed, unknown - toldUnknown, notSent - toldNotSent);
        toldWritten = written;
        toldConfirmed = confirmed;
        toldUnknown = unknown;
        toldNotSent = notSent;
    }

    private void tell(int count, Outcome outcome, Outcome.Reason reason) {
        if (count > 0) {
            admission.leaveTokens(count);
            ring.take(count, (tokens, from, to) -> outcomes.tell(outcome, reason, tokens, from, to));
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
    long confirmed() {
        return settled;
    }

    /** Encoded and neither confirmed nor ended. */
    long inflight() {
        return written - confirmed - unknown;
    }

    long inflightBytes() {
        return inflight() == 0 ? 0 : writtenBytes - confirmedBytes;
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
