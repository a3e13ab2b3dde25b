package io.wspool.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueuedMessageTest {
    private final LoopQueue queue = new LoopQueue(8, () -> {});
    private final QueuedMessage message = queue.take();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 4_095, 4_096, 4_097, 8_192, 1 << 20})
    void copiesAnArray(int bytes) {
        byte[] source = random(bytes + 7);
        message.fill(source, 3, bytes);
        assertThat(payload()).isEqualTo(Arrays.copyOfRange(source, 3, 3 + bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 4_095, 4_096, 4_097, 8_192, 1 << 20})
    void copiesFromABufferOfNettysAndLeavesItsIndices(int bytes) {
        byte[] expected = random(bytes);
        ByteBuf heap = Unpooled.buffer(bytes + 7);
        ByteBuf direct = Unpooled.directBuffer(bytes + 7);
        try {
            for (ByteBuf source : new ByteBuf[] {heap, direct}) {
                source.writeZero(3)
                        .writeBytes(expected)
                        .writeZero(4)
                        .readerIndex(3)
                        .writerIndex(3 + bytes);
                message.fill(source, 3, bytes);
                assertThat(payload()).isEqualTo(expected);
                assertThat(source.readerIndex()).isEqualTo(3);
                assertThat(source.writerIndex()).isEqualTo(3 + bytes);
                assertThat(source.refCnt()).isOne();
            }
        } finally {
            heap.release();
            direct.release();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 4_095, 4_096, 4_097, 8_192, 1 << 20})
    void copiesFromABufferOfTheJdkAndLeavesPositionAndLimit(int bytes) {
        byte[] expected = random(bytes);
        for (ByteBuffer whole :
                new ByteBuffer[] {ByteBuffer.allocate(bytes + 7), ByteBuffer.allocateDirect(bytes + 7)}) {
            whole.put(3, expected).position(3).limit(3 + bytes);
            for (ByteBuffer source : new ByteBuffer[] {whole, whole.asReadOnlyBuffer()}) {
                message.fill(source, 3, bytes);
                assertThat(payload()).isEqualTo(expected);
                assertThat(source.position()).isEqualTo(3);
                assertThat(source.limit()).isEqualTo(3 + bytes);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 4_095, 4_096, 4_097, 8_192, 1 << 20})
    void encodesAscii(int bytes) {
        String text = "0123456789abcdefg".repeat(bytes / 17 + 1).substring(0, bytes);
        message.fillText(text, QueuedMessage.utf8Length(text));
        assertThat(payload()).isEqualTo(text.getBytes(UTF_8));
    }

    /** Every width of a character at every place around the end of a piece: it may be cut anywhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u007f",
                "\u0080",
                "\u07ff",
                "\u0800",
                "\ud7ff",
                "\ue000",
                "\uffff",
                "\ud800\udc00",
                "\udbff\udfff"
            })
    void encodesEveryWidthAcrossTheEndOfAPiece(String character) {
        for (int end : new int[] {512, 4_096, 8_192}) {
            for (int before = end - 5; before <= end + 1; before++) {
                String text = "x".repeat(before) + character + "é" + character + "y";
                message.fillText(text, QueuedMessage.utf8Length(text));
                assertThat(payload()).as("%s after %d", character, before).isEqualTo(text.getBytes(UTF_8));
            }
        }
    }

    @Test
    void encodesLikeTheJdkWhateverTheMix() {
        SplittableRandom random = new SplittableRandom(4711);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(3_000); i > 0; i--) {
                int widest = new int[] {0x80, 0x800, 0x10000, 0x110000}[random.nextInt(4)];
                int codePoint = random.nextInt(widest);
                text.appendCodePoint(codePoint >= 0xD800 && codePoint <= 0xDFFF ? 'x' : codePoint);
            }
            byte[] expected = text.toString().getBytes(UTF_8);
            assertThat(QueuedMessage.utf8Length(text)).isEqualTo(expected.length);
            message.fillText(text, QueuedMessage.utf8Length(text));
            assertThat(payload()).isEqualTo(expected);
        }
    }

    @Test
    void refusesAnUnpairedSurrogateByItsIndexBeforeAnythingIsTaken() {
        String[] texts = {
            "\ud800", "ab\udc00", "é\ud800x", "\ud83d\ude00\ude00", "x\ud800\ud800\udc00", "xy\udfff\udbff"
        };
        int[] indices = {0, 2, 1, 2, 1, 2};
        for (int i = 0; i < texts.length; i++) {
            String text = texts[i];
            assertThatThrownBy(() -> QueuedMessage.utf8Length(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("unpaired surrogate at index " + indices[i]);
        }
    }

    @Test
    void countsPastTheLargestIntAsTheLargestInt() {
        assertThat(QueuedMessage.utf8Length(new Repeated('\u0800', Integer.MAX_VALUE / 3)))
                .isEqualTo(2_147_483_646);
        assertThat(QueuedMessage.utf8Length(new Repeated('\u0800', Integer.MAX_VALUE / 3 + 1)))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shor", "longer", "équal", "four\u0080", "\ud83d\ude00\ud83d\ude00"})
    void refusesTextThatChangedAfterItWasMeasured(String changed) {
        assertThatThrownBy(() -> message.fillText(changed, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("changed");
        message.fillText("usable", QueuedMessage.utf8Length("usable"));
        assertThat(payload()).isEqualTo("usable".getBytes(UTF_8));
    }

    @Test
    void isUsableAfterASourceThatThrows() {
        ByteBuf released = Unpooled.buffer(600).writeZero(600);
        released.release();
        assertThatThrownBy(() -> message.fill(released, 0, 600)).isInstanceOf(IllegalReferenceCountException.class);
        assertThatThrownBy(() -> message.fill(new byte[3], 1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        message.fill(new byte[] {7}, 0, 1);
        assertThat(payload()).containsExactly(7);
        queue.release(message);
    }

    @Test
    void keepsPayloadInItselfUpTo512BytesAndInChunksAbove() {
        message.fill(new byte[512], 0, 512);
        assertThat(message.array(0)).hasSize(512);
        assertThat(message.array(511)).isSameAs(message.array(0));
        message.fill(new byte[513], 0, 513);
        assertThat(message.array(0)).hasSize(4_096);
    }

    @Test
    void isReadFromAnyByteInAnyOrder() {
        byte[] source = random(20_000);
        message.fill(source, 0, source.length);
        for (int offset : new int[] {0, 19_999, 4_096, 4_095, 12_288, 8_191, 16_384, 1, 16_383, 0}) {
            assertThat(message.array(offset)[message.arrayIndex(offset)]).isEqualTo(source[offset]);
            assertThat(message.arrayBytes(offset)).isEqualTo(Math.min(4_096 - offset % 4_096, 20_000 - offset));
        }
        assertThat(message.arrayBytes(20_000)).isZero();
        assertThatThrownBy(() -> message.array(20_000)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void forgetsOnePayloadForTheNext() {
        message.fill(random(10_000), 0, 10_000);
        message.array(9_999);
        byte[] smaller = random(5_000);
        message.fill(smaller, 0, 5_000);
        assertThat(payload()).isEqualTo(smaller);
        message.fill(smaller, 0, 9);
        assertThat(payload()).isEqualTo(Arrays.copyOf(smaller, 9));
    }

    private byte[] payload() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.length);
        int offset = 0;
        while (offset < message.length) {
            int piece = message.arrayBytes(offset);
            assertThat(piece).isPositive();
            bytes.write(message.array(offset), message.arrayIndex(offset), piece);
            offset += piece;
        }
        assertThat(message.arrayBytes(offset)).isZero();
        return bytes.toByteArray();
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new SplittableRandom(bytes).nextBytes(random);
        return random;
    }

    private record Repeated(char c, int length) implements CharSequence {
        @Override
        public char charAt(int index) {
            return c;
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Repeated(c, end - start);
        }
    }
}
