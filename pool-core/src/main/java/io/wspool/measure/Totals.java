package io.wspool.measure;

import io.wspool.api.Account;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/**
 * The pool's account. What is accepted is counted by senders, before they offer, and taken back on refusal; the rest is counted by
 * the loops, each in its own part. A reading takes the loops' parts first and {@code accepted} last, so that nothing counted
 * there was not accepted before.
 */
public final class Totals {
    private static final int WRITTEN = 0;
    private static final int CONFIRMED = 1;
    private static final int UNKNOWN = 2;
    private static final int NOT_SENT = 3;
    private static final int FIELDS = 4;

    private final LongAdder offered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Part[] parts;

    /** For a number of loops. */
    public Totals(int loops) {
        parts = new Part[loops];
        for (int i = 0; i < loops; i++) {
            parts[i] = new Part();
        }
    }

    /** A message is about to be offered. Any thread; the loop's own has {@link Part#offered}. */
    public void offered() {
        offered.increment();
    }

    /** It was refused after all. Any thread. */
    public void refused() {
        refused.increment();
    }

    /** What one loop counts. */
    public Part part(int loop) {
        return parts[loop];
    }

    /** The pool's account now. Any thread. */
    public Account account() {
        long[] sum = sum();
        long back = refused.sum(); // before the offered ones, so that no refusal is counted without its offer
        long all = offered.sum();
        for (Part part : parts) {
            all += (long) Part.OFFERED.getAcquire(part);
        }
        return new Account(all - back, sum[WRITTEN], sum[CONFIRMED], sum[UNKNOWN], sum[NOT_SENT], 0, 0);
    }

    private long[] sum() {
        long[] sum = new long[FIELDS];
        long[] one = new long[FIELDS];
        for (Part part : parts) {
            part.published.read(one);
            for (int i = 0; i < FIELDS; i++) {
                sum[i] += one[i];
            }
        }
        return sum;
    }

    /** One loop's part. That loop only. */
    public static final class Part {
        private static final VarHandle OFFERED;

        static {
            try {
                OFFERED = MethodHandles.lookup()
                        .findVarHandle(Part.class, "offered", long.class)
                        .withInvokeExactBehavior();
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        @SuppressWarnings("UnusedVariable") // by OFFERED
        private long offered;

        private final PublishedLongs published = new PublishedLongs(FIELDS);

        /** A message is about to be offered by the loop's own thread: counted apart from the rest, since it is read after it. */
        public void offered() {
            OFFERED.setRelease(this, offered + 1);
        }

        /** Adds what has changed since the last call, as one step. */
        public void add(long written, long confirmed, long unknown, long notSent) {
            published.begin();
            published.add(WRITTEN, written);
            published.add(CONFIRMED, confirmed);
            published.add(UNKNOWN, unknown);
            published.add(NOT_SENT, notSent);
            published.end();
        }
    }
}
