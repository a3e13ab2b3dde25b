package io.wspool.bench.client;

import io.wspool.bench.client.Contender.Outbox;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The server hangs before the round begins, as its process stopped would let it: the kernel still acknowledges, nothing answers. Sends
 * go on, 100 a second. When does the library, as it is when nobody configures it, say that something is wrong? Ours first suspects the
 * channel, then closes it; the others fail or close, or never do.
 */
final class Notice extends ContenderWork {
    private static final long BETWEEN_SENDS_NANOS = 10_000_000;
    private static final long NEVER = -1;

    private final Meter meter = new Meter();
    private volatile long noticedAt;
    private volatile long endedAt;
    private volatile long sent;
    private volatile boolean sending;
    private @Nullable Thread waiter;

    Notice(Contender contender) {
        super(contender);
        if (contender instanceof PolledContender) {
            throw new IllegalArgumentException("work notice is for modes in which the caller sleeps");
        }
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public RoundResult round(long millis) {
        RoundResult result = new RoundResult();
        waiter = Thread.currentThread();
        sent = 0;
        meter.begin();
        long begin = System.nanoTime();
        long end = begin + millis * 1_000_000;
        sending = true;
        Thread sender = new Thread(this::send, "sender"); // its own: some libraries make a sender wait
        sender.setDaemon(true);
        sender.start();
        for (long now = begin; endedAt == 0 && now < end; now = System.nanoTime()) {
            LockSupport.parkNanos(this, end - now);
        }
        sending = false;
        result.nanos = System.nanoTime() - begin;
        meter.end(result);
        result.messages = sent;
        result.put("noticedNanos", noticedAt == 0 ? NEVER : noticedAt - begin);
        result.put("endedNanos", endedAt == 0 ? NEVER : endedAt - begin);
        return result;
    }

    private void send() {
        Outbox out = contender.newOutbox();
        long number = 0;
        while (sending) {
            try {
                out.send(0, number, false);
            } catch (RuntimeException e) {
                onEnd(0, e.toString());
                return;
            }
            number++;
            sent = number;
            LockSupport.parkNanos(this, BETWEEN_SENDS_NANOS);
        }
    }

    @Override
    public void onMessage(int connection, long sequence, int bytes) {}

    @Override
    public void onSuspicion(int connection) {
        if (noticedAt == 0) {
            noticedAt = System.nanoTime();
        }
    }

    @Override
    public void onEnd(int connection, String why) {
        onSuspicion(connection);
        if (endedAt == 0) {
            endedAt = System.nanoTime();
        }
        LockSupport.unpark(waiter);
    }
}
