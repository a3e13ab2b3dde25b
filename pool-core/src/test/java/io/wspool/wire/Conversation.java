package io.wspool.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A random, legal sequence of frames, and what a reader must make of it, both from one seed. */
final class Conversation {
    private static final int[] SIZES = {0, 1, 2, 7, 8, 9, 63, 125, 126, 127, 300};

    final List<Frame> frames = new ArrayList<>();
    final List<String> expected = new ArrayList<>();
    private final Random random;

    @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
    record Frame(int opcode, boolean fin, byte[] payload) {}

    Conversation(long seed, int messages) {
        random = new Random(seed);
        for (int i = 0; i < messages; i++) {
            maybeControl();
            message(random.nextBoolean());
        }
        maybeControl();
        close();
    }

    private void message(boolean text) {
        byte[] payload = text ? randomText() : randomBytes(SIZES[random.nextInt(SIZES.length)]);
        int pieces = 1 + Math.max(0, random.nextInt(6) - 2);
        int from = 0;
        for (int piece = 0; piece < pieces; piece++) {
            boolean last = piece == pieces - 1;
            int to = last ? payload.length : from + random.nextInt(payload.length - from + 1);
            byte[] part = Arrays.copyOfRange(payload, from, to);
            frames.add(new Frame(piece > 0 ? Opcodes.CONTINUATION : text ? Opcodes.TEXT : Opcodes.BINARY, last, part));
            from = to;
            if (!last) {
                maybeControl();
            }
        }
        expected.add(RecordingSink.message(text, payload));
    }

    private void maybeControl() {
        while (random.nextInt(3) == 0) {
            boolean ping = random.nextBoolean();
            byte[] payload = randomBytes(random.nextInt(10) == 0 ? 125 : random.nextInt(12));
            frames.add(new Frame(ping ? Opcodes.PING : Opcodes.PONG, true, payload));
            expected.add((ping ? "ping " : "pong ") + ByteBufUtil.hexDump(payload));
        }
    }

    private void close() {
        byte[] body = {(byte) (4000 >>> 8), (byte) 4000, 'e', 'n', 'd'};
        frames.add(new Frame(Opcodes.CLOSE, true, body));
        expected.add("close 4000 end");
    }

    private byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] randomText() {
        int size = SIZES[random.nextInt(SIZES.length)];
        StringBuilder text = new StringBuilder();
        while (text.length() < size) {
            int codePoint = switch (random.nextInt(6)) {
                case 0 -> 0x80 + random.nextInt(0x780);
                case 1 -> 0x800 + random.nextInt(0xD000);
                case 2 -> 0xE000 + random.nextInt(0x2000);
                case 3 -> 0x10000 + random.nextInt(0x100000);
                default -> random.nextInt(0x80);
            };
            text.appendCodePoint(codePoint);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The frames as Netty's objects; the caller releases them. */
    static WebSocketFrame netty(Frame frame, ByteBuf payload) {
        return switch (frame.opcode()) {
            case Opcodes.CONTINUATION -> new ContinuationWebSocketFrame(frame.fin(), 0, payload);
            case Opcodes.TEXT -> new TextWebSocketFrame(frame.fin(), 0, payload);
            case Opcodes.BINARY -> new BinaryWebSocketFrame(frame.fin(), 0, payload);
            case Opcodes.PING -> new PingWebSocketFrame(payload);
            case Opcodes.PONG -> new PongWebSocketFrame(payload);
            default -> new CloseWebSocketFrame(true, 0, payload);
        };
    }

    /** What Netty's decoder and aggregation of our own make of it, in the words of {@link RecordingSink}. */
    static List<String> told(EmbeddedChannel decoder) {
        List<String> events = new ArrayList<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        boolean text = false;
        for (WebSocketFrame frame = decoder.readInbound(); frame != null; frame = decoder.readInbound()) {
            byte[] payload = ByteBufUtil.getBytes(frame.content());
            if (frame instanceof PingWebSocketFrame) {
                events.add("ping " + ByteBufUtil.hexDump(payload));
            } else if (frame instanceof PongWebSocketFrame) {
                events.add("pong " + ByteBufUtil.hexDump(payload));
            } else if (frame instanceof CloseWebSocketFrame close) {
                events.add("close " + close.statusCode() + " " + close.reasonText());
            } else {
                text = frame instanceof ContinuationWebSocketFrame ? text : frame instanceof TextWebSocketFrame;
                message.writeBytes(payload);
                if (frame.isFinalFragment()) {
                    events.add(RecordingSink.message(text, message.toByteArray()));
                    message.reset();
                }
            }
            frame.release();
        }
        return events;
    }
}
