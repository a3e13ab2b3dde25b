package io.wspool.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** What the sockets of one loop are read into, one after the other: two buffers, made when they are first asked for. Loop only. */
public final class ReceiveBuffers {
    private static final int BYTES = 64 * 1024;

    private @Nullable ByteBuf shared;
    private @Nullable ByteBuf keepable;

    /** For a reader that keeps nothing of it; empty. */
    public ByteBuf shared() {
        ByteBuf buffer = shared;
        if (buffer == null) {
            buffer = Unpooled.directBuffer(BYTES, BYTES);
            shared = buffer;
        }
        return buffer.clear();
    }

    /** The same for one that may keep what it is given, by its count: then the next call finds another buffer. */
    public ByteBuf keepable() {
        ByteBuf buffer = keepable;
        if (buffer == null || buffer.refCnt() > 1) {
            freeKeepable();
            buffer = PooledByteBufAllocator.DEFAULT.ioBuffer(ReceiveAllocator.BYTES);
            keepable = buffer;
        }
        return buffer.clear();
    }

    /** Has the system back the buffers with memory, before bytes are in a hurry. */
    void warmUp() {
        shared().setZero(0, BYTES);
        keepable().setZero(0, ReceiveAllocator.BYTES);
    }

    void free() {
        if (shared != null) {
            shared.release();
            shared = null;
        }
        freeKeepable();
    }

    private void freeKeepable() {
        if (keepable != null) {
            keepable.release();
            keepable = null;
        }
    }
}
