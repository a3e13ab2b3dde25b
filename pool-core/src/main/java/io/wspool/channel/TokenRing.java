package io.wspool.channel;

import java.util.Arrays;

/**
 * The tokens of written messages that have no outcome yet, oldest first, each with the position of its message. Grown lazily to
 * the bound that {@link Admission} keeps. Loop only; no allocation once grown.
 */
final class TokenRing {
    private static final long[] NONE = {};
    private static final int FIRST_CAPACITY = 64;

    private long[] tokens = NONE;
    private long[] positions = NONE;
    private long head; // of the oldest
    private long tail; // behind the newest

    int size() {
        return (int) (tail - head);
    }

    /** Adds the token of the message at {@code position}, which is larger than all before. */
    void add(long position, long token) {
        if (size() == tokens.length) {
            grow();
        }
        int at = index(tail++);
        tokens[at] = token;
        positions[at] = position;
    }

    /** How many of the oldest belong to messages up to and including {@code position}. */
    int countUpTo(long position) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (positions[index(head + middle)] <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Of the message to which token {@code index} belongs, counted from the oldest. */
    long position(int index) {
        return positions[index(head + index)];
    }

    /** Where the tokens lie, until one is added. */
    long[] tokens() {
        return tokens;
    }

    /** Where the oldest lies, if there is one. */
    int oldest() {
        return index(head);
    }

    /** How many of the {@code count} oldest lie in one piece. */
    int inOnePiece(int count) {
        return Math.min(count, tokens.length - oldest());
    }

    /** Forgets so many of the oldest. */
    void forget(int count) {
        head += count;
    }

    private int index(long position) {
        return (int) position & (tokens.length - 1);
    }

    private void grow() {
        int size = size();
        if (size == 0) {
            tokens = new long[FIRST_CAPACITY];
            positions = new long[FIRST_CAPACITY];
            return;
        }
        int from = index(head);
        tokens = unrolled(tokens, from);
        positions = unrolled(positions, from);
        head = 0;
        tail = size;
    }

    /** A full ring, its oldest first, in an array of twice the size. */
    private static long[] unrolled(long[] ring, int from) {
        long[] grown = Arrays.copyOf(Arrays.copyOfRange(ring, from, ring.length), 2 * ring.length);
        System.arraycopy(ring, 0, grown, ring.length - from, from);
        return grown;
    }
}
