package io.wspool.loop;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The send buffers of one loop. A channel borrows one from its first frame in a turn to the end of its write; only a refused
 * write keeps it longer, so there are about as many as channels that are blocked, plus one. Loop only.
 */
public final class SendBuffers {
    /** Enough for a burst of blocked channels; what is over goes back to the system. */
    static final int KEPT = 16;

    private static final Logger LOG = LoggerFactory.getLogger(SendBuffers.class);
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LAST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ArrayDeque<SendBuffer> free = new ArrayDeque<>(KEPT);
    private final String loop;
    private final LongSupplier nanoTime;
    private int lent;
    private long retryNanos;
    private long failedAt;

    /** Of a loop of this name. */
    SendBuffers(String loop, LongSupplier nanoTime) {
        this.loop = loop;
        this.nanoTime = nanoTime;
    }

    /** An empty buffer. Allocates only when all are lent; null while there is no memory for that: then ask again after {@link #retryNanos}. */
    public @Nullable SendBuffer take() {
        SendBuffer buffer = free.pollLast();
        if (buffer == null) {
            buffer = make();
        }
        if (buffer != null) {
            lent++;
        }
        return buffer;
    }

    /** A try that fails may take the JVM half a second of garbage collection: until the next one all are refused without a try. */
    private @Nullable SendBuffer make() {
        if (retryNanos > 0 && nanoTime.getAsLong() - failedAt < retryNanos) {
            return null;
        }
        try {
            SendBuffer made = new SendBuffer();
            retryNanos = 0;
            return made;
        } catch (OutOfMemoryError e) {
            boolean first = retryNanos == 0;
            retryNanos = first ? FIRST_RETRY_NANOS : Math.min(2 * retryNanos, LAST_RETRY_NANOS);
            failedAt = nanoTime.getAsLong();
            if (first) {
                LOG.warn("{}: no memory for a send buffer; sends wait until there is some", loop, e);
            }
            return null;
        }
    }

    /** After this time another try is due; 0 where none has failed. */
    public long retryNanos() {
        return retryNanos;
    }

    /** Gives one back; its content is gone. */
    public void giveBack(SendBuffer buffer) {
        lent--;
        if (free.size() < KEPT && buffer.isOurs()) { // else the pipeline still holds it
            buffer.clear();
            free.addLast(buffer);
        } else {
            buffer.free();
        }
    }

    /** Has the system back one buffer with memory, before a message is in a hurry. */
    void warmUp() {
        SendBuffer buffer = take();
        if (buffer != null) {
            buffer.touch();
            giveBack(buffer);
        }
    }

    /** How many are with channels now. */
    public int lent() {
        return lent;
    }

    void free() {
        free.forEach(SendBuffer::free);
        free.clear();
    }
}
