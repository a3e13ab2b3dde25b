package io.wspool.examples;

import io.wspool.api.SendResult;
import io.wspool.api.Sender;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Sends orders at a fixed rate and times their echoes. Order {@code n} is due at {@code start + n x interval}, and its round
 * trip counts from there, whenever it could really be sent: an outage makes the figures worse, never fewer (no coordinated
 * omission). A refused order is tried again until it is accepted. One thread sends, others may read; no allocation.
 */
final class OrderFlow {
    private static final long RETRY_NANOS = 1_000_000;
    private static final long LONGEST_NANOS = 3_600_000_000_000L;

    private final Ledger ledger;
    private final ByteBuffer order = OrderFormat.newOrder();
    private final ConcurrentHistogram roundTrip = new ConcurrentHistogram(1_000, LONGEST_NANOS, 3);
    private final double intervalNanos;
    private @Nullable Sender pool;
    private volatile long startNanos;
    private final AtomicLong refused = new AtomicLong();
    private long next;
    private volatile boolean stopped;

    OrderFlow(Ledger ledger, int perSecond) {
        this.ledger = ledger;
        intervalNanos = 1e9 / perSecond;
    }

    /** Order 0 is due now. Called before the sending thread is started, or by it. */
    void start(Sender pool) {
        this.pool = pool;
        startNanos = System.nanoTime();
    }

    /** Sends what is due until {@link #stop}; for a thread of its own. */
    void run() {
        while (!stopped) {
            LockSupport.parkNanos(sendDue());
        }
    }

    void stop() {
        stopped = true;
    }

    /** Sends what is due, and answers how long nothing more needs to be done; the one sending thread. */
    long sendDue() {
        Sender to = Objects.requireNonNull(pool, "not started");
        long id = next;
        while (!stopped && id < ledger.capacity()) {
            long now = System.nanoTime();
            long early = dueNanos(id) - now;
            if (early > 0) {
                return early;
            }
            order.putLong(OrderFormat.ID_AT, id).putLong(OrderFormat.SENT_AT, now);
            if (to.send(order, id) != SendResult.ACCEPTED) {
                refused.incrementAndGet();
                return RETRY_NANOS;
            }
            ledger.accepted(id);
            id++;
            next = id;
        }
        return RETRY_NANOS;
    }

    /** The echo of an order has come. Any thread. */
    void onEcho(long id) {
        if (ledger.echoed(id)) {
            roundTrip.recordValue(Math.min(LONGEST_NANOS, Math.max(0, System.nanoTime() - dueNanos(id))));
        }
    }

    /** Sends that were refused so far; each was tried again. */
    long refused() {
        return refused.get();
    }

    /** From the moment an order was due to its echo, in nanoseconds; a copy. */
    Histogram roundTrip() {
        return roundTrip.copy();
    }

    private long dueNanos(long id) {
        return startNanos + (long) (id * intervalNanos);
    }
}
