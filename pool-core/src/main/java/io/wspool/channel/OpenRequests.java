package io.wspool.channel;

import java.util.Arrays;

/**
 * Requests of one channel that await their reply, by token, and in the order of their sending, so that the oldest can be forgotten: a
 * hash table with chains and a list through it, all in arrays. Grown by doubling up to its bound, at most 40 bytes a request; no
 * allocation once grown. Loop only.
 */
final class OpenRequests {
    /** What {@link #close} says when no such request is open. No clock gets there. */
    static final long NOT_OPEN = Long.MIN_VALUE;

    private static final int NONE = -1;
    private static final int FIRST_CAPACITY = 64;

    // Of an entry in `numbers`, two apart, and in `links`, four apart: what is used together lies together.
    private static final int TOKEN = 0;
    private static final int SENT_AT = 1;
    private static final int OLDER = 0;
    private static final int NEWER = 1;
    /** The next of the same bucket; of a free entry the next free one. */
    private static final int CHAIN = 2;

    private final int most;
    private long[] numbers = {};
    private int[] links = {};
    private int[] buckets = {NONE};
    private int free = NONE;
    private int oldest = NONE;
    private int newest = NONE;
    private int size;

    /** Keeps at most so many. */
    OpenRequests(int most) {
        this.most = most;
    }

    int size() {
        return size;
    }

    /**
     * A request was sent.
     *
     * @return whether another one was forgotten for it: one with the same token, or the oldest
     */
    boolean open(long token, long nanos) {
        boolean forgets = close(token) != NOT_OPEN;
        if (size == most) {
            close(numbers[2 * oldest + TOKEN]);
            forgets = true;
        }
        if (free == NONE) {
            grow();
        }
        int entry = free;
        int at = 4 * entry;
        free = links[at + CHAIN];
        numbers[2 * entry + TOKEN] = token;
        numbers[2 * entry + SENT_AT] = nanos;
        chain(entry, token);
        links[at + OLDER] = newest;
        links[at + NEWER] = NONE;
        if (newest == NONE) {
            oldest = entry;
        } else {
            links[4 * newest + NEWER] = entry;
        }
        newest = entry;
        size++;
        return forgets;
    }

    /** A request is open no longer: when it was sent, or {@link #NOT_OPEN}. */
    long close(long token) {
        int bucket = bucket(token);
        int entry = buckets[bucket];
        int before = NONE;
        while (entry != NONE && numbers[2 * entry + TOKEN] != token) {
            before = entry;
            entry = links[4 * entry + CHAIN];
        }
        if (entry == NONE) {
            return NOT_OPEN;
        }
        int at = 4 * entry;
        if (before == NONE) {
            buckets[bucket] = links[at + CHAIN];
        } else {
            links[4 * before + CHAIN] = links[at + CHAIN];
        }
        links[at + CHAIN] = free;
        free = entry;
        unlink(links[at + OLDER], links[at + NEWER]);
        size--;
        return numbers[2 * entry + SENT_AT];
    }

    private void unlink(int older, int newer) {
        if (older == NONE) {
            oldest = newer;
        } else {
            links[4 * older + NEWER] = newer;
        }
        if (newer == NONE) {
            newest = older;
        } else {
            links[4 * newer + OLDER] = older;
        }
    }

    private void chain(int entry, long token) {
        int bucket = bucket(token);
        links[4 * entry + CHAIN] = buckets[bucket];
        buckets[bucket] = entry;
    }

    /** Tokens often count up: the product spreads them, and its upper bits are the good ones. */
    private int bucket(long token) {
        return (int) ((token * 0x9E3779B97F4A7C15L) >>> 32) & (buckets.length - 1);
    }

    /** All entries are in use. */
    private void grow() {
        int before = numbers.length / 2;
        int capacity = Math.min(most, Math.max(FIRST_CAPACITY, 2 * before));
        numbers = Arrays.copyOf(numbers, 2 * capacity);
        links = Arrays.copyOf(links, 4 * capacity);
        buckets = new int[Integer.highestOneBit(2 * capacity - 1)];
        Arrays.fill(buckets, NONE);
        for (int entry = 0; entry < before; entry++) {
            chain(entry, numbers[2 * entry + TOKEN]);
        }
        for (int entry = before; entry < capacity; entry++) {
            links[4 * entry + CHAIN] = entry + 1 < capacity ? entry + 1 : NONE;
        }
        free = before;
    }
}
