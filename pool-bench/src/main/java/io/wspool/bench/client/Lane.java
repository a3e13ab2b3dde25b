package io.wspool.bench.client;

import io.wspool.bench.client.Contender.Outbox;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.HdrHistogram.Histogram;

/**
 * One thread's share of one connection: what it has sent there and what came back. Its messages carry the lane's number in the upper
 * 16 bits of their sequence. Sent by the keeper's thread, answered on the connection's.
 */
final class Lane {
    private static final int NUMBER_SHIFT = 48;
    /** Of so many messages one has its time taken. */
    private static final int TIMED_OF = 64;

    private static final VarHandle SEEN;

    static {
        try {
            SEEN = MethodHandles.lookup().findVarHandle(Lane.class, "seen", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Histogram latencies = RoundResult.newHistogram();
    private final WindowKeeper keeper;
    private final long tag;
    private final int connection;
    private final int bytes;
    private final int window;
    private final long[] sentAt;
    private long sent;
    private long seen;
    private long wrong;
    /** With so much room a sleeping keeper is woken. */
    private int wakeAt;

    Lane(WindowKeeper keeper, int number, int connection, int bytes, int window) {
        this.keeper = keeper;
        this.tag = (long) number << NUMBER_SHIFT;
        this.connection = connection;
        this.bytes = bytes;
        this.window = window;
        wakeAtHalf();
        this.sentAt = new long[Integer.highestOneBit(window / TIMED_OF + 1) * 2];
    }

    static int number(long sequence) {
        return (int) (sequence >>> NUMBER_SHIFT);
    }

    /** How many may be sent now. The sender's thread. */
    int room() {
        return window - (int) outstanding();
    }

    /** Whether there is enough room to wake the keeper for it. */
    boolean worthWaking() {
        return room() >= wakeAt;
    }

    /** Half of the window, so that there is something to do for who is woken. */
    private void wakeAtHalf() {
        wakeAt = Math.max(1, window / 2);
    }

    /** From now on the keeper waits for the last answer. */
    void drain() {
        wakeAt = window;
    }

    long outstanding() {
        return sent - (long) SEEN.getAcquire(this);
    }

    /** Fills the window. The sender's thread. */
    int fill(Outbox outbox, long now) {
        int room = room();
        for (int left = room - 1; left >= 0; left--) {
            if (sent % TIMED_OF == 0) {
                sentAt[stamp(sent)] = now;
            }
            long sequence = tag | sent;
            sent++; // first: the answer may overtake this thread
            outbox.send(connection, sequence, left > 0);
        }
        return room;
    }

    /** The next answer. The connection's thread. */
    void answer(int from, long sequence, int length) {
        keeper.handOver();
        long expected = seen;
        if (sequence != (tag | expected) || from != connection || length != bytes) {
            wrong++;
        }
        if (expected % TIMED_OF == 0) {
            RoundResult.record(latencies, keeper.answeredAt() - sentAt[stamp(expected)]);
        }
        if (keeper.polls()) {
            seen = expected + 1;
        } else {
            SEEN.setVolatile(this, expected + 1); // before the keeper's flag is read
            if (keeper.sleeps() && worthWaking()) {
                keeper.wake();
            }
        }
    }

    private int stamp(long sequence) {
        return (int) (sequence / TIMED_OF) & (sentAt.length - 1);
    }

    long answered() {
        return (long) SEEN.getAcquire(this);
    }

    void prepare() {
        latencies.reset();
        wrong = 0;
        wakeAtHalf();
    }

    /** Between rounds: counts what is missing, and forgets it. */
    void collect(RoundResult result) {
        long missing = outstanding();
        result.latencies.add(latencies);
        result.wrong += wrong + missing;
        sent -= missing;
    }
}
