package io.wspool.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes down what a reader tells, one line per call; {@link #onEvent} may do something inside the call. */
final class RecordingSink implements FrameSink {
    static final String LIFE = "life";

    final List<String> events = new ArrayList<>();
    Consumer<String> onEvent = event -> {};
    boolean takesFrames = true;

    /** Without the signs of life, whose number depends on the batches. */
    List<String> frames() {
        return events.stream().filter(event -> !event.equals(LIFE)).toList();
    }

    static String message(boolean text, byte[] payload) {
        return (text ? "text " : "binary ") + ByteBufUtil.hexDump(payload);
    }

    @Override
    public void onMessage(boolean text, ByteBuf payload) {
        record(message(text, ByteBufUtil.getBytes(payload)));
    }

    @Override
    public void onPing(ByteBuf payload) {
        record("ping " + ByteBufUtil.hexDump(payload));
    }

    @Override
    public void onPong(ByteBuf payload) {
        record("pong " + ByteBufUtil.hexDump(payload));
    }

    @Override
    public void onClose(int code, String reason) {
        record("close " + code + " " + reason);
    }

    @Override
    public void onViolation(int closeCode, String detail) {
        record("violation " + closeCode);
    }

    @Override
    public boolean takesFrames() {
        return takesFrames;
    }

    @Override
    public void onLife() {
        record(LIFE);
    }

    private void record(String event) {
        events.add(event);
        onEvent.accept(event);
    }
}
