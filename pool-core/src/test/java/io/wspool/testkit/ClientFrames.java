package io.wspool.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads what a client sends after the upgrade, and is a strict judge of it (RFC 6455 §5, §7.4). Written on bytes, apart from
 * Netty and from the library, so that no bug is shared.
 */
final class ClientFrames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final byte[] NOTHING = {};

    /** What a client may send. */
    interface Sink {
        /** A whole data message, of as many frames as it was sent in. */
        void message(boolean isText, byte[] payload);

        void ping(byte[] payload);

        void pong(byte[] payload);

        /** {@code code} is 1005 where the frame has none. */
        void close(int code, byte[] payload);
    }

    private final Sink sink;
    private final Consumer<String> violations;
    private byte[] bytes = new byte[256];
    private int start;
    private int end;

    private int messageOpcode;
    private byte[] message = NOTHING;
    private boolean closed;
    private int lastMask;
    private int frames;

    ClientFrames(Sink sink, Consumer<String> violations) {
        this.sink = sink;
        this.violations = violations;
    }

    /** Takes the next bytes of the stream and tells every frame that they complete. */
    void feed(byte[] source, int offset, int length) {
        if (end + length > bytes.length) {
            byte[] larger = end - start + length > bytes.length ? new byte[2 * (end - start + length)] : bytes;
            System.arraycopy(bytes, start, larger, 0, end - start);
            end -= start;
            start = 0;
            bytes = larger;
        }
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
        while (frame()) {
            // the next one
        }
        if (start == end) {
            start = 0;
            end = 0;
        }
    }

    private boolean frame() {
        if (end - start < 2) {
            return false;
        }
        int first = bytes[start] & 0xFF;
        int second = bytes[start + 1] & 0xFF;
        int shortLength = second & 0x7F;
        int lengthBytes = shortLength < 126 ? 0 : shortLength == 126 ? 2 : 8;
        boolean masked = (second & 0x80) != 0;
        int head = 2 + lengthBytes + (masked ? 4 : 0);
        if (end - start < head) {
            return false;
        }
        long length = shortLength;
        if (lengthBytes > 0) {
            length = 0;
            for (int i = 0; i < lengthBytes; i++) {
                length = length << 8 | (bytes[start + 2 + i] & 0xFF);
            }
            check(length >= (lengthBytes == 2 ? 126 : 65536), "length " + length + " in " + lengthBytes + " bytes");
        }
        if (length < 0 || length > Integer.MAX_VALUE - head) {
            violations.accept("length " + length);
            start = end;
            return false;
        }
        if (end - start < head + length) {
            return false;
        }
        byte[] payload = Arrays.copyOfRange(bytes, start + head, start + head + (int) length);
        check(masked, "unmasked frame");
        if (masked) {
            unmask(payload, start + head - 4);
        }
        start += head + (int) length;
        frames++;
        check((first & 0x70) == 0, "reserved bits in " + Integer.toHexString(first));
        dispatch((first & 0x80) != 0, first & 0x0F, payload);
        return true;
    }

    private void unmask(byte[] payload, int keyAt) {
        int key = ByteBuffer.wrap(bytes).getInt(keyAt);
        check(frames == 0 || key != lastMask, "the same masking key twice");
        lastMask = key;
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= bytes[keyAt + (i & 3)];
        }
    }

    private void dispatch(boolean fin, int opcode, byte[] payload) {
        check(!closed, "a frame behind Close, opcode " + opcode);
        if (opcode >= CLOSE) {
            check(fin, "a control frame in fragments");
            check(payload.length <= 125, "a control frame of " + payload.length + " bytes");
        }
        switch (opcode) {
            case TEXT, BINARY -> {
                check(messageOpcode == 0, "a new message inside another");
                messageOpcode = opcode;
                message = payload;
                endMessage(fin);
            }
            case CONTINUATION -> {
                check(messageOpcode != 0, "a continuation of nothing");
                int before = message.length;
                message = Arrays.copyOf(message, before + payload.length);
                System.arraycopy(payload, 0, message, before, payload.length);
                endMessage(fin);
            }
            case PING -> sink.ping(payload);
            case PONG -> sink.pong(payload);
            case CLOSE -> close(payload);
            default -> violations.accept("opcode " + opcode);
        }
    }

    private void endMessage(boolean fin) {
        if (!fin) {
            return;
        }
        boolean isText = messageOpcode == TEXT;
        byte[] whole = message;
        messageOpcode = 0;
        message = NOTHING;
        if (isText) {
            check(isUtf8(whole), "text that is not UTF-8");
        }
        sink.message(isText, whole);
    }

    private void close(byte[] payload) {
        closed = true;
        check(payload.length != 1, "a Close with one byte");
        int code = payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        check(
                payload.length < 2
                        || (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006))
                        || (code >= 3000 && code <= 4999),
                "Close code " + code);
        byte[] reason = payload.length < 2 ? NOTHING : Arrays.copyOfRange(payload, 2, payload.length);
        check(isUtf8(reason), "a reason that is not UTF-8");
        sink.close(code, payload);
    }

    private void check(boolean legal, String violation) {
        if (!legal) {
            violations.accept(violation);
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** A frame as servers send it: whole and unmasked. */
    static byte[] serverFrame(int opcode, byte[] payload) {
        int lengthBytes = payload.length < 126 ? 0 : payload.length < 65536 ? 2 : 8;
        ByteBuffer frame = ByteBuffer.allocate(2 + lengthBytes + payload.length);
        frame.put((byte) (0x80 | opcode));
        switch (lengthBytes) {
            case 0 -> frame.put((byte) payload.length);
            case 2 -> frame.put((byte) 126).putShort((short) payload.length);
            default -> frame.put((byte) 127).putLong(payload.length);
        }
        return frame.put(payload).array();
    }
}
