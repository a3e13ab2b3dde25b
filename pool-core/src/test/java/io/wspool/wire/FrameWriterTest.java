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
import io.netty.util.IllegalReferenceCountException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
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

    /** Where frames are written, in the same memory. */
    private final ByteBuffer frames = out.nioBuffer(0, 1 << 20);

    private final FrameWriter writer = new FrameWriter(() -> KEY);

    /** What was written up to now. */
    private ByteBuf written() {
        return out.writerIndex(frames.position());
    }

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
            randomKeys.begin(frames, frame.opcode(), frame.fin(), frame.payload().length);
            inPieces(randomKeys, frame.payload(), random);
            expectedBytes += FrameWriter.frameBytes(frame.payload().length);
        }
        assertThat(written().readableBytes()).isEqualTo(expectedBytes);

        EmbeddedChannel server = new EmbeddedChannel(new WebSocket13FrameDecoder(true, false, 1 << 20, false));
        server.writeInbound(written().retainedDuplicate());
        assertThat(Conversation.told(server)).isEqualTo(conversation.expected);
        server.finishAndReleaseAll();
    }

    /** Pieces of random size from sources of every kind. */
    private void inPieces(FrameWriter to, byte[] payload, Random random) {
        int done = 0;
        while (done < payload.length) {
            int piece = 1 + random.nextInt(payload.length - done);
            piece = random.nextBoolean() ? Math.min(piece, 20) : piece;
            int kind = random.nextInt(3);
            if (kind == 0) {
                to.payload(frames, payload, done, piece);
            } else if (kind == 1) {
                ByteBuffer source = jdkSource(random.nextInt(4), payload);
                int position = source.position();
                to.payload(frames, source, position + done, piece);
                assertThat(source.position()).isEqualTo(position);
                assertThat(source.get(position + done)).as("never changed").isEqualTo(payload[done]);
            } else {
                ByteBuf source = source(random.nextInt(4), payload);
                int reader = source.readerIndex();
                to.payload(frames, source, reader + done, piece);
                assertThat(source.readerIndex()).isEqualTo(reader);
                assertThat(ByteBufUtil.getBytes(source)).as("never changed").isEqualTo(payload);
                source.release();
            }
            done += piece;
        }
    }

    private static ByteBuffer jdkSource(int kind, byte[] payload) {
        ByteBuffer whole =
                kind % 2 == 0 ? ByteBuffer.allocate(payload.length + 8) : ByteBuffer.allocateDirect(payload.length + 8);
        whole.put(5, payload).position(5).limit(5 + payload.length);
        return kind < 2 ? whole : whole.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
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
        writer.begin(frames, Opcodes.BINARY, true, length);
        writer.payload(frames, payload, 0, length);

        assertThat(FrameWriter.frameBytes(length)).isEqualTo(headBytes + 4 + length);
        assertThat(written().readableBytes()).isEqualTo(headBytes + 4 + length);
        assertThat(written().readUnsignedByte()).isEqualTo((short) 0x82);
        assertThat(written().readUnsignedByte())
                .isEqualTo((short) (0x80 | (headBytes == 2 ? length : headBytes == 4 ? 126 : 127)));
        if (headBytes > 2) {
            assertThat(
                            headBytes == 4
                                    ? written().readUnsignedShort()
                                    : written().readLong())
                    .isEqualTo(length);
        }
        assertThat(unmasked(length)).isEqualTo(payload);
    }

    /** RFC 6455 §5.3 word by word: octet i is XORed with octet i modulo 4 of the key. */
    private byte[] unmasked(int length) {
        byte[] key = new byte[4];
        written().readBytes(key);
        byte[] payload = new byte[length];
        written().readBytes(payload);
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
            frames.clear();
            writer.begin(frames, Opcodes.TEXT, false, length);
            writer.payload(frames, payload, 0, cut);
            writer.payload(frames, source, cut, length - cut);
            written().skipBytes(FrameWriter.frameBytes(length) - length - Integer.BYTES);
            assertThat(unmasked(length)).as("cut at %d", cut).isEqualTo(payload);
        }
    }

    @Test
    void eachFrameTakesAFreshKeyAlsoAnEmptyOne() {
        int[] drawn = {0};
        FrameWriter counting = new FrameWriter(() -> ++drawn[0]);
        List<Integer> keys = new ArrayList<>();
        counting.begin(frames, Opcodes.TEXT, true, 0);
        counting.ping(frames, 0);
        counting.pong(frames, new byte[0], 0);
        counting.close(frames, CloseCodes.NO_CODE, "");
        for (int payload : new int[] {0, 8, 0, 0}) {
            keys.add(written().skipBytes(2).readIntLE());
            written().skipBytes(payload);
        }
        assertThat(keys).containsExactly(1, 2, 3, 4);
        assertThat(written().isReadable()).isFalse();
    }

    @Test
    void aPingCarriesItsNumberHighestByteFirst() {
        writer.ping(frames, 0x0102030405060708L);
        assertThat(written().readUnsignedShort()).isEqualTo(0x89_88);
        assertThat(unmasked(8)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void aPongCarriesTheBytesGiven() {
        byte[] payload = new byte[130];
        new Random(1).nextBytes(payload);
        writer.pong(frames, payload, 125);
        assertThat(written().readableBytes()).isEqualTo(FrameWriter.MAX_CONTROL_FRAME_BYTES);
        assertThat(written().readUnsignedShort()).isEqualTo(0x8A_80 | 125);
        assertThat(unmasked(125)).isEqualTo(Arrays.copyOf(payload, 125));
        assertThatThrownBy(() -> writer.pong(frames, payload, 126)).hasMessageContaining("pong.length=126");
        assertThat(written().isReadable()).isFalse();
    }

    @Test
    void aCloseCarriesCodeAndReason() {
        writer.close(frames, 1001, "gr\u00fc\u00dfe");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {0x03, (byte) 0xE9});
        body.writeBytes(utf8("gr\u00fc\u00dfe"));
        assertThat(written().readUnsignedShort()).isEqualTo(0x88_80 | body.size());
        assertThat(unmasked(body.size())).isEqualTo(body.toByteArray());
    }

    @Test
    void aCloseWithoutACodeHasNoBody() {
        writer.close(frames, CloseCodes.NO_CODE, "ignored");
        assertThat(written().readUnsignedShort()).isEqualTo(0x88_80);
        assertThat(written().readableBytes()).isEqualTo(4);
    }

    @Test
    void aCloseThatMayNotBeSentIsRefusedAndNothingIsWritten() {
        for (int code : new int[] {0, 999, 1004, 1006, 1015, 2999, 5000}) {
            assertThatThrownBy(() -> writer.close(frames, code, ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("close.code=" + code);
        }
        writer.close(frames, 1000, "r".repeat(123));
        assertThat(written().readableBytes()).isEqualTo(FrameWriter.MAX_CONTROL_FRAME_BYTES);
        out.clear();
        frames.clear();
        assertThatThrownBy(() -> writer.close(frames, 1000, "r".repeat(124)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("close.reason bytes=124");
        assertThat(written().isReadable()).isFalse();
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeItIsBegun() {
        ByteBuffer small = ByteBuffer.allocateDirect(5);
        assertThatThrownBy(() -> writer.begin(small, Opcodes.TEXT, true, 0))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("room for 5 bytes, 6 are to be written");
        assertThat(small.position()).isZero();

        ByteBuffer exact = ByteBuffer.allocateDirect(9);
        writer.begin(exact, Opcodes.TEXT, true, 3);
        ByteBuf source = Unpooled.directBuffer(4).writeZero(4);
        assertThatThrownBy(() -> writer.payload(exact, new byte[4], 0, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> writer.payload(exact, source, 0, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> writer.payload(exact, ByteBuffer.allocate(4), 0, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(exact.position()).isEqualTo(6);
        writer.payload(exact, source, 0, 3);
        assertThat(exact.hasRemaining()).isFalse();
        source.release();
    }

    @Test
    void whatIsNotThereIsRefusedAndNothingIsWritten() {
        writer.begin(frames, Opcodes.TEXT, true, 4);
        ByteBuf source = Unpooled.directBuffer(4, 4);
        for (int index : new int[] {-1, 1}) {
            assertThatThrownBy(() -> writer.payload(frames, source, index, 4))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> writer.payload(frames, new byte[4], index, 4))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        source.release();
        assertThatThrownBy(() -> writer.payload(frames, source, 0, 4))
                .isInstanceOf(IllegalReferenceCountException.class);
        assertThat(frames.position()).isEqualTo(6);
        assertThat(frames.limit()).isEqualTo(frames.capacity());
    }

    @Test
    void theLengthOfAFrameDoesNotOverflow() {
        assertThat(FrameWriter.frameBytes(Integer.MAX_VALUE - 14)).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> FrameWriter.frameBytes(Integer.MAX_VALUE - 13))
                .isInstanceOf(ArithmeticException.class);
    }
}
