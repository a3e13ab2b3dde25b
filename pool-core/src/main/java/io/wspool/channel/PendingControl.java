package io.wspool.channel;

import io.netty.buffer.ByteBuf;
import io.wspool.wire.FrameWriter;
import java.nio.ByteBuffer;

/** Control frames of one channel that wait for room: of pongs the latest alone (RFC 6455 §5.5.3), and the one Close. Loop only. */
final class PendingControl {
    private static final int MOST_PONG_BYTES = 125;
    private static final int NONE = -1;

    private final byte[] pong = new byte[MOST_PONG_BYTES];
    private int pongLength = NONE;
    private boolean closes;
    private int closeCode;
    private String closeReason = "";

    void pong(ByteBuf payload) {
        pongLength = payload.readableBytes();
        payload.getBytes(payload.readerIndex(), pong, 0, pongLength);
    }

    boolean hasPong() {
        return pongLength != NONE;
    }

    void writePong(FrameWriter writer, ByteBuffer to) {
        writer.pong(to, pong, pongLength);
        pongLength = NONE;
    }

    void close(int code, String reason) {
        closes = true;
        closeCode = code;
        closeReason = reason;
    }

    /** Whether a Close was asked for, written or not. */
    boolean closes() {
        return closes;
    }

    void writeClose(FrameWriter writer, ByteBuffer to) {
        writer.close(to, closeCode, closeReason);
    }
}
