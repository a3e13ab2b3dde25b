package io.wspool.loop;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The copied bytes of a {@link QueuedMessage}: up to 512 lie in its own array, more in a chain of 4 KiB chunks, which
 * come from the free list of its queue and go back there. Same threads as the message.
 */
abstract sealed class Payload permits QueuedMessage {
    static final int INLINE_BYTES = 512;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static final int CHUNK_BYTES = 4096;

    /** Payload bytes. Set by the fill methods. */
    public int length;

    /** The queue that made this message and takes it and its chunks back. */
    final LoopQueue home;

    private final byte[] inline = new byte[INLINE_BYTES];
    private @Nullable Chunk chunks;

    /** Where the last look into the chunks ended, so that reading from front to back never walks the chain twice. */
    private @Nullable Chunk cursor;

    private int cursorIndex;

    Payload(LoopQueue home) {
        this.home = home;
    }

    /**
     * Copies {@code count} bytes from index {@code from} on; the indices of {@code source} stay as they are. If a fill method throws, the
     * message is good for another one or for {@link LoopQueue#release}.
     */
    public void fill(ByteBuf source, int from, int count) {
        reserve(count);
        if (count <= INLINE_BYTES && !source.hasArray()) {
            fillInline(source, from, count);
            return;
        }
        for (int done = 0; done < length; ) {
            int bytes = arrayBytes(done);
            source.getBytes(from + done, array(done), arrayIndex(done), bytes);
            done += bytes;
        }
    }

    /** Eight bytes at a time: where Netty has no Unsafe, it makes an object for each copy out of a direct buffer. */
    private void fillInline(ByteBuf source, int from, int count) {
        int done = 0;
        for (; count - done >= Long.BYTES; done += Long.BYTES) {
            LONGS.set(inline, done, source.getLongLE(from + done));
        }
        for (; done < count; done++) {
            inline[done] = source.getByte(from + done);
        }
    }

    /** Copies {@code count} bytes from index {@code from} on; position and limit stay as they are. */
    public void fill(ByteBuffer source, int from, int count) {
        reserve(count);
        for (int done = 0; done < length; ) {
            int bytes = arrayBytes(done);
            source.get(from + done, array(done), arrayIndex(done), bytes);
            done += bytes;
        }
    }

    /**
     * Copies a part of an array.
     *
     * @throws IndexOutOfBoundsException if the part does not lie within the array
     */
    public void fill(byte[] source, int from, int count) {
        Objects.checkFromIndexSize(from, count, source.length);
        reserve(count);
        for (int done = 0; done < length; ) {
            int bytes = arrayBytes(done);
            System.arraycopy(source, from + done, array(done), arrayIndex(done), bytes);
            done += bytes;
        }
    }

    /**
     * Encodes text as UTF-8, whose {@link #utf8Length} the caller has asked for: that also checks it.
     *
     * @throws IllegalArgumentException if the text is not {@code utf8Length} bytes long, so it was changed meanwhile
     */
    public void fillText(CharSequence source, int utf8Length) {
        reserve(utf8Length);
        Utf8.encode(source, this);
    }

    /**
     * How many bytes the text has in UTF-8; {@link Integer#MAX_VALUE} if that is too small a number. Asked before
     * anything is taken or counted, so that a text which cannot be sent leaves no trace.
     *
     * @throws IllegalArgumentException if it has an unpaired surrogate, which UTF-8 cannot carry; names its index
     */
    public static int utf8Length(CharSequence source) {
        return Utf8.length(source);
    }

    /** The piece that holds payload byte {@code offset}, which is below {@link #length} (or 0). */
    public byte[] array(int offset) {
        return length <= INLINE_BYTES ? inline : chunkAt(offset).bytes;
    }

    /** Where in {@link #array} payload byte {@code offset} lies. */
    public int arrayIndex(int offset) {
        return length <= INLINE_BYTES ? offset : offset % CHUNK_BYTES;
    }

    /** How many payload bytes lie in one piece from {@code offset} on; 0 at the end. */
    public int arrayBytes(int offset) {
        int rest = length - offset;
        return length <= INLINE_BYTES ? rest : Math.min(rest, CHUNK_BYTES - offset % CHUNK_BYTES);
    }

    private Chunk chunkAt(int offset) {
        int index = Objects.checkIndex(offset, length) / CHUNK_BYTES;
        Chunk chunk = cursor;
        if (chunk == null || index < cursorIndex) {
            chunk = chunks;
            cursorIndex = 0;
        }
        for (int i = cursorIndex; i < index; i++) {
            chunk = Objects.requireNonNull(chunk).next;
        }
        cursor = Objects.requireNonNull(chunk);
        cursorIndex = index;
        return chunk;
    }

    private void reserve(int bytes) {
        dropPayload();
        if (bytes > INLINE_BYTES) {
            for (long reserved = 0; reserved < bytes; reserved += CHUNK_BYTES) {
                Chunk chunk = home.takeChunk();
                chunk.next = chunks;
                chunks = chunk;
            }
        }
        length = bytes;
    }

    final void dropPayload() {
        length = 0;
        cursor = null;
        for (Chunk chunk = chunks; chunk != null; chunk = chunks) {
            chunks = chunk.next;
            chunk.next = null;
            home.returnChunk(chunk);
        }
    }

    /** 4 KiB of a payload. */
    static final class Chunk {
        final byte[] bytes = new byte[CHUNK_BYTES];

        @Nullable
        Chunk next;
    }
}
