package io.wspool.wire;

import io.netty.buffer.ByteBuf;
import io.wspool.api.Check;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes masked client frames (RFC 6455 §5.2, §5.3) into a buffer that somebody else owns, from its position on: header, key and masked
 * payload, eight bytes at a time. The source is never changed, nor its indices.
 * <p>One loop. No allocation, but for a Close with a reason. A frame is {@link #begin} and then {@link #payload} until
 * the announced length is reached; between the two no other frame may be begun. No state but the mask.
 * <p>The target is a {@link ByteBuffer} of big-endian order, since each access to a {@link ByteBuf} asks first whether that was
 * released.
 */
public final class FrameWriter {
    /** The longest control frame: header, key, 125 bytes. */
    public static final int MAX_CONTROL_FRAME_BYTES = 2 + Integer.BYTES + FrameReader.MAX_CONTROL_BYTES;

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int SHORT_FOLLOWS = 126;
    private static final int LONG_FOLLOWS = 127;

    private final MaskKeys keys;

    /** The key twice, turned so that its lowest byte masks the next byte of the payload. */
    private long mask;

    /** Takes a fresh key from {@code keys} for each frame, also for an empty one. */
    public FrameWriter(MaskKeys keys) {
        this.keys = keys;
    }

    /** How long a whole masked frame with this payload is. */
    public static int frameBytes(int payloadLength) {
        return Math.addExact(headBytes(payloadLength), payloadLength);
    }

    private static int headBytes(int payloadLength) {
        int length = payloadLength < SHORT_FOLLOWS ? 0 : payloadLength <= 0xFFFF ? Short.BYTES : Long.BYTES;
        return 2 + length + Integer.BYTES;
    }

    /**
     * Writes a frame's header and key.
     *
     * @throws IndexOutOfBoundsException if they do not fit; then nothing is written
     */
    public void begin(ByteBuffer out, int opcode, boolean fin, int payloadLength) {
        assert payloadLength >= 0;
        requireRoom(out, headBytes(payloadLength));
        int firstByte = (fin ? FIN | opcode : opcode) << Byte.SIZE;
        if (payloadLength < SHORT_FOLLOWS) {
            out.putShort((short) (firstByte | MASKED | payloadLength));
        } else if (payloadLength <= 0xFFFF) {
            out.putShort((short) (firstByte | MASKED | SHORT_FOLLOWS)).putShort((short) payloadLength);
        } else {
            out.putShort((short) (firstByte | MASKED | LONG_FOLLOWS)).putLong(payloadLength);
        }
        int key = keys.nextKey();
        out.putInt(Integer.reverseBytes(key));
        mask = ((long) key << Integer.SIZE) | (key & 0xFFFFFFFFL);
    }

    /**
     * Writes the next {@code length} bytes of the frame's payload.
     *
     * @throws IndexOutOfBoundsException if they are not there or do not fit; {@code out}'s position has not moved then
     */
    public void payload(ByteBuffer out, ByteBuf source, int index, int length) {
        requireRoom(out, length);
        int from = out.position();
        long turning = mask;
        int done = 0;
        // little-endian access ignores a buffer's own byte order, so a swapped source is masked right too
        for (; done <= length - Long.BYTES; done += Long.BYTES) {
            LONGS.set(out, from + done, source.getLongLE(index + done) ^ turning);
        }
        for (; done < length; done++) {
            out.put(from + done, (byte) (source.getByte(index + done) ^ turning));
            turning = Long.rotateRight(turning, Byte.SIZE);
        }
        out.position(from + length);
        mask = turning;
    }

    /**
     * Writes the next {@code length} bytes of the frame's payload.
     *
     * @throws IndexOutOfBoundsException if they are not there or do not fit; {@code out}'s position has not moved then
     */
    public void payload(ByteBuffer out, ByteBuffer source, int index, int length) {
        requireRoom(out, length);
        int from = out.position();
        long turning = mask;
        int done = 0;
        for (; done <= length - Long.BYTES; done += Long.BYTES) {
            LONGS.set(out, from + done, (long) LONGS.get(source, index + done) ^ turning);
        }
        for (; done < length; done++) {
            out.put(from + done, (byte) (source.get(index + done) ^ turning));
            turning = Long.rotateRight(turning, Byte.SIZE);
        }
        out.position(from + length);
        mask = turning;
    }

    /**
     * Writes the next {@code length} bytes of the frame's payload.
     *
     * @throws IndexOutOfBoundsException if they are not there or do not fit; {@code out}'s position has not moved then
     */
    public void payload(ByteBuffer out, byte[] source, int index, int length) {
        requireRoom(out, length);
        int from = out.position();
        out.put(from, source, index, length);
        mask(out, from, length);
    }

    private void mask(ByteBuffer out, int from, int length) {
        long turning = mask;
        int end = from + length;
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            LONGS.set(out, at, (long) LONGS.get(out, at) ^ turning);
        }
        for (; at < end; at++) {
            out.put(at, (byte) (out.get(at) ^ turning));
            turning = Long.rotateRight(turning, Byte.SIZE);
        }
        out.position(end);
        mask = turning;
    }

    private static void requireRoom(ByteBuffer out, int bytes) {
        if (out.remaining() < bytes) {
            throw new IndexOutOfBoundsException(
                    "room for " + out.remaining() + " bytes, " + bytes + " are to be written");
        }
    }

    /** Writes a ping of eight bytes, the highest first. */
    public void ping(ByteBuffer out, long payload) {
        begin(out, Opcodes.PING, true, Long.BYTES);
        out.putLong(payload ^ Long.reverseBytes(mask));
    }

    /** Writes a pong with the first {@code length} bytes of {@code payload}, at most 125. */
    public void pong(ByteBuffer out, byte[] payload, int length) {
        if (length < 0 || length > FrameReader.MAX_CONTROL_BYTES) { // first, because Check words its bound eagerly
            Check.within("pong.length", length, 0, FrameReader.MAX_CONTROL_BYTES);
        }
        begin(out, Opcodes.PONG, true, length);
        payload(out, payload, 0, length);
    }

    /**
     * Writes a Close. Allocates.
     *
     * @param code one that {@link CloseCodes#mayBeSent}, or {@link CloseCodes#NO_CODE} for an empty body
     * @param reason at most 123 bytes of UTF-8, see {@link PeerText#clippedReason}; ignored without a code
     * @throws IllegalArgumentException if the code may not be sent or the reason is too long; then nothing is written
     */
    public void close(ByteBuffer out, int code, String reason) {
        if (code == CloseCodes.NO_CODE) {
            begin(out, Opcodes.CLOSE, true, 0);
            return;
        }
        Check.require(CloseCodes.mayBeSent(code), "close.code", code, "1000-1003, 1007-1014 or 3000-4999");
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        Check.within("close.reason bytes", text.length, 0, CloseCodes.MAX_REASON_BYTES);
        byte[] body = new byte[Short.BYTES + text.length];
        body[0] = (byte) (code >>> Byte.SIZE);
        body[1] = (byte) code;
        System.arraycopy(text, 0, body, Short.BYTES, text.length);
        begin(out, Opcodes.CLOSE, true, body.length);
        payload(out, body, 0, body.length);
    }
}
