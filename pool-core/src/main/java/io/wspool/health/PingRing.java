package io.wspool.health;

import java.util.Arrays;

/**
 * The pings of one life that are not answered yet, each with how much had been written before it: a pong that equals one
 * of them says that the peer's endpoint has read all of that, because a stream keeps its order.
 * <p>At most {@value #MOST} are remembered. A further one takes the place of the <em>newest</em>, so the age stays that
 * of the oldest. A match retires the ping and all older ones, as a peer may answer the latest alone (RFC 6455 §5.5.3);
 * what matches nothing changes nothing, because only a payload that could not be guessed is evidence.
 * <p><b>Thread:</b> one, the channel's loop. <b>Cost:</b> at most four comparisons; an array of 5 words, made for the
 * first ping, one of 20 words for the first that goes before the one before is answered, and nothing after that.
 */
public final class PingRing {
    /** How many unanswered pings are remembered. */
    public static final int MOST = 4;

    // one ping is five words in a row
    private static final int PAYLOAD = 0;
    private static final int MESSAGES = 1;
    private static final int BYTES = 2;
    private static final int ENCODED_AT = 3;
    private static final int TAKEN_AT = 4;
    private static final int WORDS = 5;

    private static final long[] NONE = {};

    private long[] pings = NONE;
    /** Where the oldest outstanding one is, in pings. */
    private int oldest;

    private int outstanding;
    /** How many of the outstanding, the oldest ones, the kernel has taken. */
    private int taken;

    /** Where the words of the last match are, until a ping is added. */
    private int matched;

    /**
     * A ping entered the byte stream.
     *
     * @param payload its eight fresh random bytes
     * @param messages how many messages of this life have their last frame before it
     * @param bytes their payload bytes
     */
    public void add(long payload, long messages, long bytes, long nowNanos) {
        int index = Math.min(outstanding, MOST - 1);
        if (pings.length <= index * WORDS) {
            pings = Arrays.copyOf(pings, index == 0 ? WORDS : MOST * WORDS); // mostly there is one at a time
        }
        outstanding = index + 1;
        taken = Math.min(taken, index);
        int at = at(index);
        pings[at + PAYLOAD] = payload;
        pings[at + MESSAGES] = messages;
        pings[at + BYTES] = bytes;
        pings[at + ENCODED_AT] = nowNanos;
        pings[at + TAKEN_AT] = nowNanos;
    }

    /** Whether the kernel has still to take one. */
    public boolean waitsForKernel() {
        return taken < outstanding;
    }

    /** The kernel has taken everything that was encoded so far. */
    public void taken(long nowNanos) {
        while (taken < outstanding) {
            pings[at(taken) + TAKEN_AT] = nowNanos;
            taken++;
        }
    }

    /**
     * A pong came. If it answers an outstanding ping, that and all older ones are retired and the {@code matched…} methods
     * tell what was known of it, until the next ping is added.
     *
     * @return whether it is evidence
     */
    public boolean match(long payload) {
        for (int i = outstanding - 1; i >= 0; i--) {
            int at = at(i);
            if (pings[at + PAYLOAD] == payload) {
                matched = at;
                retire(i + 1);
                return true;
            }
        }
        return false;
    }

    /** The watermark: how many messages the peer has read, by the last match. */
    public long matchedMessages() {
        return pings[matched + MESSAGES];
    }

    /** The payload bytes of those. */
    public long matchedBytes() {
        return pings[matched + BYTES];
    }

    /** When the kernel took the ping of the last match; when it was encoded, where that was never told. */
    public long matchedTakenAtNanos() {
        return pings[matched + TAKEN_AT];
    }

    /** How many pings are remembered and unanswered. */
    int outstanding() {
        return outstanding;
    }

    /** Whether any ping is unanswered. */
    public boolean anyOutstanding() {
        return outstanding > 0;
    }

    /**
     * When the oldest unanswered ping was encoded.
     *
     * @throws IllegalStateException if none is outstanding
     */
    public long oldestEncodedAtNanos() {
        return encodedAt(0);
    }

    /**
     * When the newest unanswered ping was encoded.
     *
     * @throws IllegalStateException if none is outstanding
     */
    public long newestEncodedAtNanos() {
        return encodedAt(outstanding - 1);
    }

    private long encodedAt(int index) {
        if (outstanding == 0) {
            throw new IllegalStateException("no ping is outstanding");
        }
        return pings[at(index) + ENCODED_AT];
    }

    private void retire(int count) {
        outstanding -= count;
        taken = Math.max(0, taken - count);
        oldest = (oldest + count) % (pings.length / WORDS);
    }

    /** Where the words of an outstanding ping begin, counted from the oldest. */
    private int at(int index) {
        return (oldest + index) * WORDS % pings.length;
    }
}
