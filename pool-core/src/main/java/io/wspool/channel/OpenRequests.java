package io.wspool.channel;

import java.util.Arrays;

/**
 * Requests of one channel that await their reply, by token, and in the order of their sending, so that the oldest can be forgotten: a
 * hash table with chains and a list through it, all in arrays. Grown by doubling up to its bound, 44 bytes a request; no allocation
 * once grown. Loop only.
 */
final class OpenRequests {
    static final int NONE = -1;
    private static final int FIRST_CAPACITY = 64;

    private final int most;
    private long[] tokens = {};
    private long[] sentAt = {};
    private int[] older = {};
    private int[] newer = {};
    /** The next of the same bucket; of a free entry the next free one. */
    private int[] chain = {};

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
        int same = find(token);
        boolean forgets = same != NONE || size == most;
        if (forgets) {
            remove(same != NONE ? same : oldest);
        }
        if (free == NONE) {
            grow();
        }
        int entry = free;
        free = chain[entry];
        tokens[entry] = token;
        sentAt[entry] = nanos;
        int bucket = bucket(token);
        chain[entry] = buckets[bucket];
        buckets[bucket] = entry;
        older[entry] = newest;
        newer[entry] = NONE;
        if (newest == NONE) {
            oldest = entry;
        } else {
            newer[newest] = entry;
        }
        newest = entry;
        size++;
        return forgets;
    }

    /** The entry of an open request, or {@link #NONE}. */
    int find(long token) {
        int entry = buckets[bucket(token)];
        while (entry != NONE && tokens[entry] != token) {
            entry = chain[entry];
        }
        return entry;
    }

    long sentAt(int entry) {
        return sentAt[entry];
    }

    /** It is open no longer. */
    void remove(int entry) {
        unchain(entry);
        int before = older[entry];
        int behind = newer[entry];
        if (before == NONE) {
            oldest = behind;
        } else {
            newer[before] = behind;
        }
        if (behind == NONE) {
            newest = before;
        } else {
            older[behind] = before;
        }
        chain[entry] = free;
        free = entry;
        size--;
    }

    private void unchain(int entry) {
        int bucket = bucket(tokens[entry]);
        int at = buckets[bucket];
        if (at == entry) {
            buckets[bucket] = chain[entry];
            return;
        }
        while (chain[at] != entry) {
            at = chain[at];
        }
        chain[at] = chain[entry];
    }

    /** Tokens often count up: the product spreads them, and its upper bits are the good ones. */
    private int bucket(long token) {
        return (int) ((token * 0x9E3779B97F4A7C15L) >>> 32) & (buckets.length - 1);
    }

    /** All entries are in use. */
    private void grow() {
        int before = tokens.length;
        int capacity = Math.min(most, Math.max(FIRST_CAPACITY, 2 * before));
        tokens = Arrays.copyOf(tokens, capacity);
        sentAt = Arrays.copyOf(sentAt, capacity);
        older = Arrays.copyOf(older, capacity);
        newer = Arrays.copyOf(newer, capacity);
        chain = new int[capacity];
        buckets = new int[Integer.highestOneBit(2 * capacity - 1)];
        Arrays.fill(buckets, NONE);
        for (int entry = 0; entry < before; entry++) {
            int bucket = bucket(tokens[entry]);
            chain[entry] = buckets[bucket];
            buckets[bucket] = entry;
        }
        for (int entry = before; entry < capacity; entry++) {
            chain[entry] = entry + 1 < capacity ? entry + 1 : NONE;
        }
        free = before;
    }
}
