package io.wspool.api;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** One whole received message, borrowed: valid during the listener's call only. Event loop only; no allocation. */
public interface Message {
    /** Whether it came as text (checked to be UTF-8); else it is binary. */
    boolean isText();

    /** Payload bytes. */
    int length();

    /**
     * The payload as a read-only view whose indices are moved for the next message: copy what you keep.
     * {@code retain} is refused, because the memory behind it belongs to the loop.
     */
    ByteBuf content();

    /** The payload as a string. Allocates. */
    String text();

    /**
     * Copies the payload behind {@code target}'s position, which moves.
     *
     * @throws java.nio.BufferOverflowException if it does not fit
     */
    void copyTo(ByteBuffer target);

    /** The payload as a new array. Allocates. */
    byte[] bytes();
}
