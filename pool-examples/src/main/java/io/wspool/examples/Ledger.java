package io.wspool.examples;

import io.wspool.api.Outcome;
import io.wspool.api.OutcomeListener;
import io.wspool.api.PooledChannel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The demo's own book of its orders: one byte for each, in which what happened to it is marked. Kept beside the pool's
 * account, to be held against it. Any thread; no lock and no allocation, and an outcome may come before the acceptance.
 */
final class Ledger implements OutcomeListener {
    static final int ACCEPTED = 1;
    static final int CONFIRMED = 1 << 1;
    static final int NOT_SENT = 1 << 2;
    static final int UNKNOWN = 1 << 3;
    static final int ECHOED = 1 << 4;
    private static final int OUTCOMES = CONFIRMED | NOT_SENT | UNKNOWN;
    private static final VarHandle MARKS = MethodHandles.arrayElementVarHandle(byte[].class);

    private final byte[] marks;
    private final AtomicLong strangers = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();

    /** For the orders 0 to {@code orders - 1}. */
    Ledger(int orders) {
        marks = new byte[orders];
    }

    int capacity() {
        return marks.length;
    }

    void accepted(long order) {
        mark(order, ACCEPTED);
    }

    /** Whether this is its first echo. */
    boolean echoed(long order) {
        return (mark(order, ECHOED) & ECHOED) == 0;
    }

    @Override
    public void onOutcome(
            PooledChannel channel, Outcome outcome, Outcome.Reason reason, long[] tokens, int from, int to) {
        int bit = bit(outcome);
        for (int i = from; i < to; i++) {
            outcome(tokens[i], bit);
        }
    }

    /** Notes an outcome, given as one of the marks. */
    void outcome(long order, int bit) {
        if ((mark(order, bit) & OUTCOMES) != 0) {
            repeated.incrementAndGet();
        }
    }

    /** All marks of an order. */
    int marks(long order) {
        return (byte) MARKS.getVolatile(marks, (int) order);
    }

    /** Counts. Reads the whole book. */
    Totals totals() {
        long[] count = new long[ECHOED + 1];
        long unasked = 0;
        for (int order = 0; order < marks.length; order++) {
            int of = marks(order);
            for (int bit = ACCEPTED; bit <= ECHOED; bit <<= 1) {
                count[bit] += (of & bit) == 0 ? 0 : 1;
            }
            unasked += (of & OUTCOMES) != 0 && (of & ACCEPTED) == 0 ? 1 : 0;
        }
        return new Totals(
                count[ACCEPTED],
                count[CONFIRMED],
                count[NOT_SENT],
                count[UNKNOWN],
                count[ECHOED],
                repeated.get(),
                unasked + strangers.get());
    }

    private int mark(long order, int bit) {
        if (order < 0 || order >= marks.length) {
            strangers.incrementAndGet();
            return 0;
        }
        return (byte) MARKS.getAndBitwiseOr(marks, (int) order, (byte) bit);
    }

    private static int bit(Outcome outcome) {
        return switch (outcome) {
            case CONFIRMED -> CONFIRMED;
            case NOT_SENT -> NOT_SENT;
            case UNKNOWN -> UNKNOWN;
        };
    }

    /**
     * Orders by what is marked.
     *
     * @param repeated second outcomes of one order
     * @param strangers outcomes and echoes of orders that were never accepted
     */
    record Totals(
            long accepted, long confirmed, long notSent, long unknown, long echoed, long repeated, long strangers) {
        /** Accepted and without an outcome. */
        long open() {
            return accepted - confirmed - notSent - unknown;
        }
    }
}
