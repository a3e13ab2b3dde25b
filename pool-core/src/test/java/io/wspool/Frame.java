package io.wspool;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One frame of RFC 6455, of the test's own making: shares no code with the pool. */
final class Frame {
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private final int opcode;
    private final boolean fin;
    private final byte[] payload;

    Frame(int opcode, boolean fin, byte[] payload) {
        this.opcode = opcode;
        this.fin = fin;
        this.payload = payload;
    }

    static byte[] text(String text) {
        return server(0x80 | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] binary(byte[] payload) {
        return server(0x80 | BINARY, payload);
    }

    static byte[] ping(byte[] payload) {
        return server(0x80 | PING, payload);
    }

    static byte[] pong(byte[] payload) {
        return server(0x80 | PONG, payload);
    }

    static byte[] close(int code) {
        return close(code, "");
    }

    static byte[] close(int code, String reason) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(code >>> 8);
        body.write(code);
        body.writeBytes(reason.getBytes(StandardCharsets.UTF_8));
        return server(0x80 | CLOSE, body.toByteArray());
    }

    /** A server's frame: not masked, its length in the shortest form. */
    static byte[] server(int firstByte, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 10);
        frame.write(firstByte);
        if (payload.length <= 125) {
            frame.write(payload.length);
        } else if (payload.length <= 0xFFFF) {
            frame.write(126);
            frame.write(payload.length >>> 8);
            frame.write(payload.length);
        } else {
            frame.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >>> shift));
            }
        }
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** Bytes as they would stand in a specification. */
    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    int opcode() {
        return opcode;
    }

    /** Whether it is the last of its message. */
    boolean fin() {
        return fin;
    }

    /** Unmasked. */
    byte[] payload() {
        return payload;
    }

    boolean isClose() {
        return opcode == CLOSE;
    }

    /** Of a Close frame; 1005 if it has none. */
    int closeCode() {
        return payload.length == 0 ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    }

    String utf8() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        String what = isClose() ? "close " + closeCode() : "opcode " + opcode;
        return what + (fin ? "" : " (not the last)") + ", " + payload.length + " bytes";
    }
}
