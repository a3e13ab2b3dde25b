package io.wspool.channel;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import io.wspool.loop.QueuedMessage;
import io.wspool.wire.FrameWriter;
import java.nio.ByteBuffer;

/**
 * The kinds of object that a user's bytes may lie in. One constant for each, so that a send of one kind is compiled as if it had a way of
 * its own. No kind changes its object, nor the indices of that.
 *
 * @param <S> the object
 */
public interface Source<S> {
    /** Netty's. */
    Source<ByteBuf> BYTE_BUF = new Source<>() {
        @Override
        public void check(ByteBuf source) {
            if (source.refCnt() <= 0) {
                throw new IllegalReferenceCountException(source.refCnt());
            }
        }

        @Override
        public void copy(ByteBuf source, int index, int length, QueuedMessage to) {
            to.fill(source, index, length);
        }

        @Override
        public void write(ByteBuf source, int index, int length, FrameWriter writer, ByteBuffer out) {
            writer.payload(out, source, index, length);
        }
    };

    /** The JDK's. */
    Source<ByteBuffer> BYTE_BUFFER = new Source<>() {
        /** Memory that is closed, or another thread's, says so when it is read. */
        @Override
        public void check(ByteBuffer source) {
            if (source.hasRemaining()) {
                byte unused = source.get(source.position());
            }
        }

        @Override
        public void copy(ByteBuffer source, int index, int length, QueuedMessage to) {
            to.fill(source, index, length);
        }

        @Override
        public void write(ByteBuffer source, int index, int length, FrameWriter writer, ByteBuffer out) {
            writer.payload(out, source, index, length);
        }
    };

    /** An array. */
    Source<byte[]> ARRAY = new Source<>() {
        @Override
        public void copy(byte[] source, int index, int length, QueuedMessage to) {
            to.fill(source, index, length);
        }

        @Override
        public void write(byte[] source, int index, int length, FrameWriter writer, ByteBuffer out) {
            writer.payload(out, source, index, length);
        }
    };

    /** Throws if it cannot be read, before anything is counted or encoded. */
    default void check(S source) {}

    /** Copies {@code length} bytes from {@code index} on. */
    void copy(S source, int index, int length, QueuedMessage to);

    /** Writes them, masked, behind the head of a frame that has begun. */
    void write(S source, int index, int length, FrameWriter writer, ByteBuffer out);
}
