package io.wspool.loop;

import io.netty.util.concurrent.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What time it is for one loop: the ticker is read once a turn, for all that needs no better. Two times: the ticker's, and
 * <em>served</em> time, which is that less local pauses. Loop only, save {@link #now} and {@link #published}.
 */
final class LoopClock {
    private static final VarHandle PUBLISHED;

    static {
        try {
            PUBLISHED = MethodHandles.lookup().findVarHandle(LoopClock.class, "published", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Ticker ticker;
    private final Ticks ticks;
    private long turn;
    private long servedTurn;
    private boolean stale;

    @SuppressWarnings("unused") // by PUBLISHED
    private long published;

    LoopClock(Ticker ticker, Ticks ticks) {
        this.ticker = ticker;
        this.ticks = ticks;
    }

    /** Reads the ticker for this caller alone. Any thread. */
    long now() {
        return ticker.nanoTime();
    }

    /** The same in served time. */
    long served() {
        return ticks.served(ticker.nanoTime());
    }

    /** Reads the ticker for all who ask for the turn's time from now on. */
    void read() {
        long now = ticker.nanoTime();
        stale = false;
        turn = now;
        servedTurn = ticks.served(now);
    }

    /** Time may have gone by since it was read: {@link #fresh} reads it again. */
    void spoil() {
        stale = true;
    }

    /** When it was read last. */
    long turn() {
        return turn;
    }

    /** The same; the first who asks after {@link #spoil} reads it, for all who ask later. */
    long fresh() {
        if (stale) {
            read();
        }
        return turn;
    }

    /** {@link #turn} in served time. */
    long servedTurn() {
        return servedTurn;
    }

    /** Shows the served time of this turn to other threads. */
    void publish() {
        PUBLISHED.setOpaque(this, servedTurn);
    }

    /** What was published last. Any thread. */
    long published() {
        return (long) PUBLISHED.getOpaque(this);
    }
}
