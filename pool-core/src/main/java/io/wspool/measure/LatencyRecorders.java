package io.wspool.measure;

import io.wspool.api.LatencyStage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The latencies of one loop's channels, or of one channel: counts for each stage. One thread records, the loop; any thread reads.
 */
public final class LatencyRecorders {
    /** Of a loop's recorders. */
    public static final int LOOP_DIGITS = 3;

    /** Of a channel's, of which there may be thousands. */
    public static final int CHANNEL_DIGITS = 2;

    private static final VarHandle OPEN = word("open");
    private static final VarHandle FORGOTTEN = word("forgotten");
    private static final VarHandle UNKNOWN = word("unknown");

    private final int digits;
    private final LatencyCounts queueWait;
    private final LatencyCounts write;
    private final LatencyCounts pong;
    private final LatencyCounts application;
    private long open;
    private long forgotten;
    private long unknown;

    /** Keeps so many significant digits. */
    public LatencyRecorders(int digits) {
        this.digits = digits;
        this.queueWait = new LatencyCounts(digits);
        this.write = new LatencyCounts(digits);
        this.pong = new LatencyCounts(digits);
        this.application = new LatencyCounts(digits);
    }

    private static VarHandle word(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(LatencyRecorders.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // The loop.

    /** Records a wait in the loop's queue. */
    public void queueWait(long nanos) {
        queueWait.record(nanos, 1);
    }

    /** Records so many messages, for each of which the write took so long. */
    public void write(long nanos, long messages) {
        write.record(nanos, messages);
    }

    /** Records the round trip of a ping. */
    public void pong(long nanos) {
        pong.record(nanos, 1);
    }

    /** Records the round trip of a request. */
    public void application(long nanos) {
        application.record(nanos, 1);
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

    LatencyCounts counts(LatencyStage stage) {
        return switch (stage) {
            case QUEUE_WAIT -> queueWait;
            case WRITE -> write;
            case PONG -> pong;
            case APPLICATION -> application;
        };
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
