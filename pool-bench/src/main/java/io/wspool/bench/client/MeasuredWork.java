package io.wspool.bench.client;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A work over the connections of one contender: it is metered, every answer is checked, and a round ends even when answers are
 * missing. The thread that calls {@link #round} is the contender's owner, if it has one.
 */
abstract class MeasuredWork extends ContenderWork {
    final ClientOptions options;
    /** The contender, if the sending thread drives it. */
    final @Nullable PolledContender polled;

    private final Meter meter = new Meter();
    private final Watchdog watchdog = new Watchdog(this::stop);
    private volatile boolean stopped;
    private volatile @Nullable String failure;
    private @Nullable Thread owner;

    MeasuredWork(ClientOptions options, Contender contender) {
        super(contender);
        this.options = options;
        this.polled = contender instanceof PolledContender p ? p : null;
    }

    @Override
    public void open() throws Exception {
        owner = Thread.currentThread();
        super.open();
    }

    @Override
    public final RoundResult round(long millis) throws Exception {
        RoundResult result = new RoundResult();
        stopped = false;
        prepare();
        contender.resume();
        watchdog.arm(millis + patienceMillis());
        meter.begin();
        long begin = System.nanoTime();
        result.messages = run(begin, begin + millis * 1_000_000);
        result.nanos = System.nanoTime() - begin;
        meter.end(result);
        finish();
        watchdog.calm();
        contender.rest();
        String why = failure;
        if (why != null) {
            throw new IllegalStateException(why);
        }
        collect(result);
        return result;
    }

    /** How long after its end a round waits for answers that are missing. */
    long patienceMillis() {
        return options.patienceMillis;
    }

    /** Clears what the last round left. */
    abstract void prepare();

    /**
     * Sends and receives. Allocates nothing.
     *
     * @return messages that were answered
     */
    abstract long run(long begin, long end) throws Exception;

    /** What belongs to the round but not into its figures. */
    void finish() {}

    /** Adds histograms and the count of wrong answers. */
    abstract void collect(RoundResult result);

    /** Whether waiting is of no use any more. */
    final boolean over() {
        return stopped || failure != null;
    }

    private void stop() {
        stopped = true;
        wakeAll();
    }

    /** Wakes every thread that waits for answers. */
    void wakeAll() {
        LockSupport.unpark(owner);
    }

    @Override
    public final void onEnd(int connection, String why) {
        if (failure == null) {
            failure = "connection " + connection + ": " + why;
        }
        wakeAll();
    }
}
