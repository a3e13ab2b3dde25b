package io.wspool.bench.client;

import io.wspool.bench.client.Contender.Outbox;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Messages at a fixed rate on one connection, whether answers come or not. Each one's time counts from when it was to be sent, so a
 * sender that falls behind is charged with all that waits behind it.
 */
final class OpenLoop extends MeasuredWork {
    private static final long LONGEST_SLEEP_NANOS = 10_000_000;

    private final Histogram latencies = RoundResult.newHistogram();
    private @Nullable Outbox outbox;
    private @Nullable Thread caller;
    private long firstSequence;
    private long firstDueAt;
    private double gapNanos;
    private long sent;
    private long wrong;
    /** When the first answer of this poll was handed over; 0 before. */
    private long handedOverAt;

    private volatile long seen;
    private volatile boolean draining;

    OpenLoop(ClientOptions options, Contender contender) {
        super(options, contender);
    }

    @Override
    void prepare() {
        latencies.reset();
        wrong = 0;
        draining = false;
        caller = Thread.currentThread();
    }

    @Override
    long run(long begin, long end) {
        Outbox out = outbox;
        if (out == null) {
            out = contender.newOutbox();
            outbox = out;
        }
        firstSequence = sent;
        firstDueAt = begin;
        gapNanos = 1e9 / options.rate;
        long due = begin;
        while (due < end && !over()) {
            long now = System.nanoTime();
            while (due <= now && due < end) {
                long next = dueAt(sent + 1);
                long sequence = sent;
                sent++;
                out.send(0, sequence, next <= now && next < end);
                due = next;
            }
            await(due, now);
        }
        draining = true;
        while (seen < sent && !over()) {
            await(Long.MAX_VALUE, 0);
        }
        return seen - firstSequence;
    }

    private long dueAt(long sequence) {
        return firstDueAt + (long) ((sequence - firstSequence) * gapNanos);
    }

    /** Until the next message is due, or, polling, once. */
    private void await(long due, long now) {
        PolledContender mine = polled;
        if (mine != null) {
            handedOverAt = 0;
            mine.poll();
        } else if (due > now) {
            LockSupport.parkNanos(this, Math.min(due - now, LONGEST_SLEEP_NANOS));
        }
    }

    @Override
    public void onMessage(int connection, long sequence, int bytes) {
        long expected = seen;
        if (sequence != expected || bytes != options.bytes) {
            wrong++;
        }
        if (polled == null || handedOverAt == 0) {
            handedOverAt = System.nanoTime();
        }
        RoundResult.record(latencies, handedOverAt - dueAt(expected));
        seen = expected + 1;
        if (draining && polled == null && expected + 1 == sent) {
            LockSupport.unpark(caller);
        }
    }

    @Override
    void collect(RoundResult result) {
        long missing = sent - seen;
        result.latencies.add(latencies);
        result.wrong = wrong + missing;
        sent -= missing;
    }
}
