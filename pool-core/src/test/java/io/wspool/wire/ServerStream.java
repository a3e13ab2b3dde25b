package io.wspool.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a server sends, made by hand, and the ways in which it may arrive. */
final class ServerStream {
    static final int MAX_MESSAGE = 1 << 20;
    static final int MAX_FRAGMENTS = 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    ServerStream raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    ServerStream raw(byte[] values) {
        bytes.writeBytes(values);
        return this;
    }

    /** A whole frame, its length in the shortest form. */
    ServerStream frame(int opcode, boolean fin, byte[] payload) {
        return head(opcode, fin, payload.length).raw(payload);
    }

    ServerStream text(String text) {
        return frame(Opcodes.TEXT, true, utf8(text));
    }

    ServerStream close(int code, byte[] reason) {
        return head(Opcodes.CLOSE, true, 2 + reason.length)
                .raw(code >>> 8, code)
                .raw(reason);
    }

    /** The header alone. */
    ServerStream head(int opcode, boolean fin, long length) {
        bytes.write(fin ? 0x80 | opcode : opcode);
        if (length < 126) {
            bytes.write((int) length);
        } else if (length < 0x10000) {
            bytes.write(126);
            number(length, 2);
        } else {
            bytes.write(127);
            number(length, 8);
        }
        return this;
    }

    ServerStream number(long value, int size) {
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
            bytes.write((int) (value >>> shift));
        }
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** What is told when the stream comes in pieces that end at the cuts. */
    static List<String> read(byte[] stream, int... cuts) {
        RecordingSink sink = new RecordingSink();
        EmbeddedChannel channel = channel(sink);
        int from = 0;
        for (int cut : cuts) {
            feed(channel, stream, from, cut);
            from = cut;
        }
        feed(channel, stream, from, stream.length);
        channel.checkException();
        channel.finishAndReleaseAll();
        return sink.frames();
    }

    static List<String> readByteByByte(byte[] stream) {
        int[] cuts = new int[stream.length];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i;
        }
        return read(stream, cuts);
    }

    static EmbeddedChannel channel(RecordingSink sink) {
        return new EmbeddedChannel(new FrameReader(sink, new PayloadView(), MAX_MESSAGE, MAX_FRAGMENTS));
    }

    /** One batch of one read, which the reader must release. */
    static void feed(EmbeddedChannel channel, byte[] stream, int from, int to) {
        // not from the tracked allocator, which notes every byte read; so its release is looked at here
        ByteBuf buffer = Unpooled.buffer(Math.max(1, to - from)).writeBytes(stream, from, to - from);
        try {
            channel.writeInbound(buffer);
        } finally {
            assertThat(buffer.refCnt()).as("the read buffer is released").isZero();
        }
    }

    static void feed(EmbeddedChannel channel, ServerStream stream) {
        byte[] bytes = stream.bytes();
        feed(channel, bytes, 0, bytes.length);
    }
}
