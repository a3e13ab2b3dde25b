package io.wspool.examples;

import java.util.Arrays;

/**
 * What the server says it has read: order by order, with the connection. It knows nothing of the pool. Any thread; one short
 * lock, which only the server's threads meet.
 */
final class ServerLog {
    private long[] orders = new long[4096];
    private int[] connections = new int[4096];
    private int size;

    synchronized void read(long order, int connection) {
        if (size == orders.length) {
            orders = Arrays.copyOf(orders, size * 2);
            connections = Arrays.copyOf(connections, size * 2);
        }
        orders[size] = order;
        connections[size] = connection;
        size++;
    }

    synchronized int size() {
        return size;
    }

    /** Every entry, in the order of reading. */
    synchronized void forEach(Reader reader) {
        for (int i = 0; i < size; i++) {
            reader.entry(orders[i], connections[i]);
        }
    }

    /** Is shown the log. */
    @FunctionalInterface
    interface Reader {
        void entry(long order, int connection);
    }
}
