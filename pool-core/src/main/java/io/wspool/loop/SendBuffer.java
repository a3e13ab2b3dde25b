package io.wspool.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * A loop's piece of memory in which the frames of one channel are encoded, and where each message in it begins. Loop only.
 * <p>The beginnings are read when a channel dies with a buffer that the kernel has not taken whole: a message that begins
 * behind the last byte taken has left nothing on the wire.
 */
public final class SendBuffer {
    /** Capacity. One frame of the largest allowed fragment fits. */
    public static final int BYTES = 64 * 1024;

    private final ByteBuf bytes = Unpooled.directBuffer(BYTES, BYTES);
    private int[] starts = new int[64];
    private int messages;

    /** The memory; its reader index moves as the kernel takes bytes. */
    public ByteBuf bytes() {
        return bytes;
    }

    /** Notes that a message begins at the writer index. */
    public void markMessage() {
        if (messages == starts.length) {
            starts = Arrays.copyOf(starts, 2 * messages);
        }
        starts[messages++] = bytes.writerIndex();
    }

    /** How many messages begin at or behind the reader index: none of their bytes was taken. */
    public int untakenMessages() {
        int taken = bytes.readerIndex();
        int count = 0;
        while (count < messages && starts[messages - 1 - count] >= taken) {
            count++;
        }
        return count;
    }

    /** Whether nothing is encoded in it. */
    public boolean isEmpty() {
        return bytes.writerIndex() == 0;
    }

    void clear() {
        bytes.clear();
        messages = 0;
    }

    void free() {
        bytes.release();
    }
}
