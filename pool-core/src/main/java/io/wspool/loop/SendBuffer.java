package io.wspool.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A loop's piece of memory in which the frames of one channel are encoded, and where each message in it begins. Loop only.
 * <p>The beginnings are read when a channel dies with a buffer that the kernel has not taken whole: a message that begins
 * behind the last byte taken has left nothing on the wire.
 */
public final class SendBuffer {
    /** Capacity. One frame of the largest allowed fragment fits. */
    public static final int BYTES = 64 * 1024;

    /** So much is worth a system call of its own while the loop would wait for the peer anyway. */
    public static final int EARLY_BYTES = 12 * 1024;

    private final ByteBuf bytes = Unpooled.directBuffer(BYTES, BYTES);
    private final ByteBuffer frames = bytes.nioBuffer(0, BYTES);
    private int[] starts = new int[64];
    private int messages;

    /** Where frames are encoded, from its position on. */
    public ByteBuffer frames() {
        return frames;
    }

    /** What was encoded up to now; its reader index moves as the kernel takes bytes. */
    public ByteBuf bytes() {
        return bytes.writerIndex(frames.position());
    }

    /** Notes that a message begins where the next frame will. */
    public void markMessage() {
        if (messages == starts.length) {
            starts = Arrays.copyOf(starts, 2 * messages);
        }
        starts[messages++] = frames.position();
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

    void clear() {
        bytes.clear();
        frames.clear();
        messages = 0;
    }

    /** Whether nobody else holds it. */
    boolean isOurs() {
        return bytes.refCnt() == 1;
    }

    /** Has the system back it with memory. */
    void touch() {
        bytes.setZero(0, BYTES);
    }

    void free() {
        bytes.release();
    }
}
