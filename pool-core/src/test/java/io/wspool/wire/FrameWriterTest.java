package io.wspool.wire;

import static io.wspool.wire.ServerStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes out is what Netty's server decoder reads, and what a model made by hand reads. */
class FrameWriterTest {
    private static final int KEY = 0xA1B2C3D4;

    /** Untracked, because tracking notes every access; released below. */
    private final ByteBuf out = new UnpooledByteBufAllocator(true, true).directBuffer(1 << 20, 1 << 20);

    private final FrameWriter writer = new FrameWriter(() -> KEY);

    @AfterEach
    void release() {
        out.release();
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
    void nettysServerReadsWhatWeWrite(long seed) {
        Conversation conversation = new Conversation(seed, 60);
        Random random = new Random(seed);
        FrameWriter randomKeys = new FrameWriter(random::nextInt);
        int expectedBytes = 0;
        for (Conversation.Frame frame : conversation.frames) {
            randomKeys.begin(out, frame.opcode(), frame.fin(), frame.payload().length);
            inPieces(randomKeys, frame.payload(), random);
            expectedBytes += FrameWriter.frameBytes(frame.payload().length);
        }
        assertThat(out.readableBytes()).isEqualTo(expectedBytes);

        EmbeddedChannel server = new EmbeddedChannel(new WebSocket13FrameDecoder(true, false, 1 << 20, false));
        server.writeInbound(out.retainedDuplicate());
        assertThat(Conversation.told(server)).isEqualTo(conversation.expected);
        server.finishAndReleaseAll();
    }

    /** Pieces of random size from sources of every kind. */
    private void inPieces(FrameWriter to, byte[] payload, Random random) {
        int done = 0;
        while (done < payload.length) {
            int piece = 1 + random.nextInt(payload.length - done);
            piece = random.nextBoolean() ? Math.min(piece, 20) : piece;
            if (random.nextBoolean()) {
                to.payload(out, payload, done, piece);
            } else {
                ByteBuf source = source(random.nextInt(4), payload);
                int reader = source.readerIndex();
                to.payload(out, source, reader + done, piece);
                assertThat(source.readerIndex()).isEqualTo(reader);
                assertThat(ByteBufUtil.getBytes(source)).as("never changed").isEqualTo(payload);
                source.release();
            }
            done += piece;
        }
    }

    @SuppressWarnings("deprecation")
    private static ByteBuf source(int kind, byte[] payload) {
        return switch (kind) {
            case 0 -> Unpooled.copiedBuffer(payload);
            case 1 ->
                Unpooled.directBuffer(payload.length + 3)
                        .writeZero(3)
                        .writeBytes(payload)
                        .readerIndex(3);
            case 2 -> Unpooled.directBuffer(payload.length).writeBytes(payload).order(ByteOrder.LITTLE_ENDIAN);
            default -> {
                int half = payload.length / 2;
                yield Unpooled.wrappedBuffer(
                        Unpooled.copiedBuffer(payload, 0, half),
                        Unpooled.copiedBuffer(payload, half, payload.length - half));
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"0,2", "1,2", "125,2", "126,4", "127,4", "255,4", "256,4", "257,4", "65535,4", "65536,10", "100000,10"})
    void aFrameIsHeaderKeyAndMaskedPayload(int length, int headBytes) {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        writer.begin(out, Opcodes.BINARY, true, length);
        writer.payload(out, payload, 0, length);

        assertThat(FrameWriter.frameBytes(length)).isEqualTo(headBytes + 4 + length);
        assertThat(out.readableBytes()).isEqualTo(headBytes + 4 + length);
        assertThat(out.readUnsignedByte()).isEqualTo((short) 0x82);
        assertThat(out.readUnsignedByte())
                .isEqualTo((short) (0x80 | (headBytes == 2 ? length : headBytes == 4 ? 126 : 127)));
        if (headBytes > 2) {
            assertThat(headBytes == 4 ? out.readUnsignedShort() : out.readLong())
                    .isEqualTo(length);
        }
        assertThat(unmasked(length)).isEqualTo(payload);
    }

    /** RFC 6455 §5.3 word by word: octet i is XORed with octet i modulo 4 of the key. */
    private byte[] unmasked(int length) {
        byte[] key = new byte[4];
        out.readBytes(key);
        byte[] payload = new byte[length];
        out.readBytes(payload);
        for (int i = 0; i < length; i++) {
            payload[i] ^= key[i % 4];
        }
        return payload;
    }

    @ParameterizedTest
    @ValueSource(ints = {41, 600})
    void aPayloadMayBeWrittenInAnyTwoPieces(int length) {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        ByteBuf source = Unpooled.wrappedBuffer(payload);
        for (int cut = 0; cut <= length; cut++) {
            out.clear();
            writer.begin(out, Opcodes.TEXT, false, length);
            writer.payload(out, payload, 0, cut);
            writer.payload(out, source, cut, length - cut);
            out.skipBytes(FrameWriter.frameBytes(length) - length - Integer.BYTES);
            assertThat(unmasked(length)).as("cut at %d", cut).isEqualTo(payload);
        }
    }

    @Test
    void eachFrameTakesAFreshKeyAlsoAnEmptyOne() {
        int[] drawn = {0};
        FrameWriter counting = new FrameWriter(() -> ++drawn[0]);
        List<Integer> keys = new ArrayList<>();
        counting.begin(out, Opcodes.TEXT, true, 0);
        counting.ping(out, 0);
        counting.pong(out, new byte[0], 0);
        counting.close(out, CloseCodes.NO_CODE, "");
        for (int payload : new int[] {0, 8, 0, 0}) {
            keys.add(out.skipBytes(2).readIntLE());
            out.skipBytes(payload);
        }
        assertThat(keys).containsExactly(1, 2, 3, 4);
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void aPingCarriesItsNumberHighestByteFirst() {
        writer.ping(out, 0x0102030405060708L);
        assertThat(out.readUnsignedShort()).isEqualTo(0x89_88);
        assertThat(unmasked(8)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void aPongCarriesTheBytesGiven() {
        byte[] payload = new byte[130];
        new Random(1).nextBytes(payload);
        writer.pong(out, payload, 125);
        assertThat(out.readableBytes()).isEqualTo(FrameWriter.MAX_CONTROL_FRAME_BYTES);
        assertThat(out.readUnsignedShort()).isEqualTo(0x8A_80 | 125);
        assertThat(unmasked(125)).isEqualTo(Arrays.copyOf(payload, 125));
        assertThatThrownBy(() -> writer.pong(out, payload, 126)).hasMessageContaining("pong.length=126");
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void aCloseCarriesCodeAndReason() {
        writer.close(out, 1001, "gr\u00fc\u00dfe");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {0x03, (byte) 0xE9});
        body.writeBytes(utf8("gr\u00fc\u00dfe"));
        assertThat(out.readUnsignedShort()).isEqualTo(0x88_80 | body.size());
        assertThat(unmasked(body.size())).isEqualTo(body.toByteArray());
    }

    @Test
    void aCloseWithoutACodeHasNoBody() {
        writer.close(out, CloseCodes.NO_CODE, "ignored");
        assertThat(out.readUnsignedShort()).isEqualTo(0x88_80);
        assertThat(out.readableBytes()).isEqualTo(4);
    }

    @Test
    void aCloseThatMayNotBeSentIsRefusedAndNothingIsWritten() {
        for (int code : new int[] {0, 999, 1004, 1006, 1015, 2999, 5000}) {
            assertThatThrownBy(() -> writer.close(out, code, ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("close.code=" + code);
        }
        writer.close(out, 1000, "r".repeat(123));
        assertThat(out.readableBytes()).isEqualTo(FrameWriter.MAX_CONTROL_FRAME_BYTES);
        out.clear();
        assertThatThrownBy(() -> writer.close(out, 1000, "r".repeat(124)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("close.reason bytes=124");
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeItIsBegun() {
        ByteBuf small = Unpooled.buffer(5);
        assertThatThrownBy(() -> writer.begin(small, Opcodes.TEXT, true, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(small.writerIndex()).isZero();
        small.release();

        ByteBuf exact = Unpooled.buffer(9, 9);
        writer.begin(exact, Opcodes.TEXT, true, 3);
        assertThatThrownBy(() -> writer.payload(exact, new byte[4], 0, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(exact.writerIndex()).isEqualTo(6);
        writer.payload(exact, new byte[3], 0, 3);
        assertThat(exact.isWritable()).isFalse();
        exact.release();
    }

    @Test
    void theLengthOfAFrameDoesNotOverflow() {
        assertThat(FrameWriter.frameBytes(Integer.MAX_VALUE - 14)).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> FrameWriter.frameBytes(Integer.MAX_VALUE - 13))
                .isInstanceOf(ArithmeticException.class);
    }
}
