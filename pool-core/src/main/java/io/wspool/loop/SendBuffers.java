package io.wspool.loop;

import java.util.ArrayDeque;

/**
 * The send buffers of one loop. A channel borrows one from its first frame in a turn to the end of its write; only a refused
 * write keeps it longer, so there are about as many as channels that are blocked, plus one. Loop only.
 */
public final class SendBuffers {
    /** Enough for a burst of blocked channels; what is over goes back to the system. */
    static final int KEPT = 16;

    private final ArrayDeque<SendBuffer> free = new ArrayDeque<>(KEPT);
    private int lent;

    /**
     * An empty buffer. Allocates only when all are lent.
     *
     * @throws OutOfMemoryError if there is no direct memory for it
     */
    public SendBuffer take() {
        SendBuffer buffer = free.pollLast();
        if (buffer == null) {
            buffer = new SendBuffer();
        }
        lent++;
        return buffer;
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
        buffer.touch();
        giveBack(buffer);
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
