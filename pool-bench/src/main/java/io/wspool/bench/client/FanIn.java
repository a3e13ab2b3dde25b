package io.wspool.bench.client;

import io.wspool.bench.client.Contender.Outbox;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The server sends as fast as the socket takes it, from the round's begin to its end; what arrives is counted and checked. */
final class FanIn extends MeasuredWork {
    private @Nullable Outbox outbox;
    private @Nullable Thread caller;
    private long seen;
    private volatile long published;
    private volatile boolean stopped;
    private long wrong;

    FanIn(ClientOptions options, Contender contender) {
        super(options, contender);
    }

    @Override
    void prepare() {
        seen = 0;
        published = 0;
        wrong = 0;
        stopped = false;
        caller = Thread.currentThread();
    }

    @Override
    long run(long begin, long end) {
        Outbox out = outbox;
        if (out == null) {
            out = contender.newOutbox();
            outbox = out;
        }
        out.sendText(0, "feed " + options.bytes);
        PolledContender mine = polled;
        long now = begin;
        while (now < end && !over()) {
            if (mine != null) {
                mine.poll();
            } else {
                LockSupport.parkNanos(this, end - now);
            }
            now = System.nanoTime();
        }
        long count = mine != null ? seen : published;
        out.sendText(0, "stop");
        return count;
    }

    /** What is on its way comes before the answer to the stop. */
    @Override
    void finish() {
        PolledContender mine = polled;
        while (!stopped && !over()) {
            if (mine != null) {
                mine.poll();
            } else {
                LockSupport.park(this);
            }
        }
    }

    @Override
    public void onMessage(int connection, long sequence, int bytes) {
        if (sequence != seen || bytes != options.bytes) {
            wrong++;
        }
        seen++;
        if (polled == null) {
            published = seen;
        }
    }

    @Override
    public void onText(int connection) {
        stopped = true;
        LockSupport.unpark(caller);
    }

    @Override
    void collect(RoundResult result) {
        result.wrong = wrong + (stopped ? 0 : 1);
    }
}
