package io.wspool.measure;

import io.wspool.api.LatencyStage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The latencies of one loop's channels, or of one channel: counts per stage, each made with its first value. One thread records, the
 * loop; any thread reads.
 */
public final class LatencyRecorders {
    /** Of a loop's recorders. */
    public static final int LOOP_DIGITS = 3;

    /** Of a channel's, of which there may be thousands. */
    public static final int CHANNEL_DIGITS = 2;

    private static final VarHandle STAGE = MethodHandles.arrayElementVarHandle(LatencyCounts[].class);
    private static final VarHandle OPEN = word("open");
    private static final VarHandle FORGOTTEN = word("forgotten");
    private static final VarHandle UNKNOWN = word("unknown");

    private final int digits;
    private final @Nullable LatencyCounts[] stages = new LatencyCounts[LatencyStage.values().length];
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

    /** Records a value so many times. */
    public void record(LatencyStage stage, long nanos, long times) {
        LatencyCounts counts = stages[place(stage)];
        if (counts == null) {
            counts = new LatencyCounts(digits);
            STAGE.setRelease(stages, place(stage), counts);
        }
        counts.record(nanos, times);
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

    @Nullable
    LatencyCounts counts(LatencyStage stage) {
        return (LatencyCounts) STAGE.getAcquire(stages, place(stage));
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

    @SuppressWarnings(
            "EnumOrdinal") // a place in memory, never kept anywhere: an EnumMap could not be read while it grows
    private static int place(LatencyStage stage) {
        return stage.ordinal();
    }
}
