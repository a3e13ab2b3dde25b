package io.wspool.bench.client;

import io.wspool.bench.client.Contender.Outbox;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One message there and back at a time, on one connection. Its time is from one answer to the next: one reading of the clock each. */
final class PingPong extends MeasuredWork {
    private final Histogram latencies = RoundResult.newHistogram();
    private @Nullable Thread caller;
    private @Nullable Outbox outbox;
    private long sent;
    private long wrong;
    /** Answers so far, while they come on another thread. */
    private volatile long seen;
    /** The same, while the caller polls. */
    private long polledSeen;

    PingPong(ClientOptions options, Contender contender) {
        super(options, contender);
    }

    @Override
    void prepare() {
        latencies.reset();
        wrong = 0;
        caller = Thread.currentThread();
    }

    @Override
    long run(long begin, long end) {
        Outbox out = outbox;
        if (out == null) {
            out = contender.newOutbox();
            outbox = out;
        }
        long first = sent;
        long now = begin;
        while (now < end && !over()) {
            out.send(0, sent, false);
            sent++;
            await();
            long answered = System.nanoTime();
            RoundResult.record(latencies, answered - now);
            now = answered;
        }
        return sent - first - missing();
    }

    private void await() {
        PolledContender mine = polled;
        if (mine != null) {
            while (polledSeen < sent && !over()) {
                mine.poll();
            }
        } else {
            while (seen < sent && !over()) {
                LockSupport.park(this);
            }
        }
    }

    private long missing() {
        return sent - (polled != null ? polledSeen : seen);
    }

    @Override
    public void onMessage(int connection, long sequence, int bytes) {
        long expected = polled != null ? polledSeen : seen;
        if (sequence != expected || bytes != options.bytes) {
            wrong++;
        }
        if (polled != null) {
            polledSeen = expected + 1;
        } else {
            seen = expected + 1;
            LockSupport.unpark(caller);
        }
    }

    @Override
    void collect(RoundResult result) {
        result.latencies.add(latencies);
        result.wrong = wrong + missing();
        sent -= missing();
    }
}
