package io.wspool.measure;

import io.wspool.api.LatencyStage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The latencies of one loop's channels, or of one channel: counts for each stage, made with its first value. One thread records, the loop;
 * any thread reads.
 */
public final class LatencyRecorders {
    /** Of a loop's recorders. */
    public static final int LOOP_DIGITS = 3;

    /** Of a channel's, of which there may be thousands. */
    public static final int CHANNEL_DIGITS = 2;

    private static final VarHandle OPEN = word("open");
    private static final VarHandle FORGOTTEN = word("forgotten");
    private static final VarHandle UNKNOWN = word("unknown");

    private static final LatencyCounts[] NONE = {};
    private static final VarHandle OF_STAGE = MethodHandles.arrayElementVarHandle(LatencyCounts[].class);
    private static final int STAGES = LatencyStage.values().length;

    private final int digits;
    private volatile @Nullable LatencyCounts[] stages = NONE;
    private long open;
    private long forgotten;
    private long unknown;

    /** Keeps so many significant digits. */
    public LatencyRecorders(int digits) {
        this.digits = digits;
    }

    private static VarHandle word(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(LatencyRecorders.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // The loop.

    /** Records a latency in nanoseconds of so many messages. No allocation once its power of two was seen. */
    public void record(LatencyStage stage, long nanos, long messages) {
        @Nullable LatencyCounts[] all = stages;
        LatencyCounts counts = all == NONE ? null : all[index(stage)];
        if (counts == null) {
            counts = first(stage);
        }
        counts.record(nanos, messages);
    }

    @SuppressWarnings("EnumOrdinal") // of an array that nothing outside this class sees
    private static int index(LatencyStage stage) {
        return stage.ordinal();
    }

    private LatencyCounts first(LatencyStage stage) {
        if (stages == NONE) {
            stages = new LatencyCounts[STAGES];
        }
        LatencyCounts counts = new LatencyCounts(digits);
        OF_STAGE.setRelease(stages, index(stage), counts);
        return counts;
    }

    /** So many more, or fewer, requests await their reply. */
    public void open(long change) {
        OPEN.setOpaque(this, open + change);
    }

    /** So many requests will not be measured any more. */
    public void forgotten(long requests) {
        FORGOTTEN.setOpaque(this, forgotten + requests);
    }

    /** A reply came for which no request is open. */
    public void unknown() {
        UNKNOWN.setOpaque(this, unknown + 1);
    }

    // Any thread.

    int digits() {
        return digits;
    }

    /** Null before the first value. */
    @Nullable
    LatencyCounts counts(LatencyStage stage) {
        @Nullable LatencyCounts[] all = stages;
        return all == NONE ? null : (LatencyCounts) OF_STAGE.getAcquire(all, index(stage));
    }

    long openRequests() {
        return (long) OPEN.getOpaque(this);
    }

    long forgottenRequests() {
        return (long) FORGOTTEN.getOpaque(this);
    }

    long unknownReplies() {
        return (long) UNKNOWN.getOpaque(this);
    }
}
