package io.wspool.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The JDK's decoder is the judge. */
class Utf8ValidatorTest {
    private final CharsetDecoder judge = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer decoded = CharBuffer.allocate(4096);
    private final Utf8Validator validator = new Utf8Validator();

    @Test
    void agreesWithTheJdkOnEveryInputOfUpToTwoBytes() {
        check(new byte[0]);
        for (int value = 0; value < 1 << 8; value++) {
            check(new byte[] {(byte) value});
        }
        for (int value = 0; value < 1 << 16; value++) {
            check(new byte[] {(byte) (value >>> 8), (byte) value});
        }
    }

    @Test
    void agreesWithTheJdkOnEveryInputOfThreeBytesWhoseLeadWantsTwoMore() {
        for (int value = 0xE0 << 16; value < 0xF0 << 16; value++) {
            check(new byte[] {(byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
        }
    }

    @Test
    void agreesWithTheJdkOnEveryLeadOfFourWithBytesFromTheEdges() {
        int[] edges = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
        for (int lead = 0xE0; lead <= 0xFF; lead++) {
            for (int b : edges) {
                for (int c : edges) {
                    for (int d : edges) {
                        for (int e : edges) {
                            check(new byte[] {(byte) lead, (byte) b, (byte) c, (byte) d, (byte) e});
                        }
                    }
                }
            }
        }
    }

    @Test
    void agreesWithTheJdkOnRandomTextsWithOneByteChangedAtAllSplits() {
        Random random = new Random(3629);
        for (int round = 0; round < 3000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(20);
            for (int i = 0; i < length; i++) {
                int codePoint = random.nextInt(3) == 0 ? random.nextInt(0x110000) : random.nextInt(0x80);
                text.appendCodePoint(codePoint >= 0xD800 && codePoint <= 0xDFFF ? 'x' : codePoint);
            }
            byte[] input = text.toString().getBytes(StandardCharsets.UTF_8);
            check(input);
            if (input.length > 0) {
                input[random.nextInt(input.length)] = (byte) random.nextInt();
                check(input);
            }
        }
    }

    @Test
    void findsTheFirstBadByteWhenItComes() {
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            byte[] input = new byte[1 + random.nextInt(12)];
            for (int i = 0; i < input.length; i++) {
                input[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : 0xE0 + random.nextInt(4) * 4);
            }
            ByteBuf buffer = Unpooled.wrappedBuffer(input);
            validator.reset();
            boolean good = true;
            for (int i = 0; good && i < input.length; i++) {
                good = validator.feed(buffer, i, 1);
                assertThat(good)
                        .as("prefix of %d of %s", i + 1, Arrays.toString(input))
                        .isEqualTo(prefix(input, i + 1));
            }
        }
    }

    @Test
    void anUnfinishedCharacterIsForgottenByAReset() {
        ByteBuf half = Unpooled.wrappedBuffer(new byte[] {(byte) 0xE2, (byte) 0x82});
        assertThat(validator.feed(half, 0, 2)).isTrue();
        assertThat(validator.complete()).isFalse();
        validator.reset();
        assertThat(validator.complete()).isTrue();
        assertThat(validator.feed(Unpooled.wrappedBuffer(new byte[] {'a'}), 0, 1))
                .isTrue();
    }

    /** Whole, and in all splits of two. */
    private void check(byte[] input) {
        boolean expected = valid(input);
        ByteBuf buffer = Unpooled.wrappedBuffer(input);
        for (int cut = 0; cut <= input.length; cut++) {
            validator.reset();
            boolean actual = validator.feed(buffer, 0, cut)
                    && validator.feed(buffer, cut, input.length - cut)
                    && validator.complete();
            if (actual != expected) { // the fluent form costs more than the check, millions of times
                assertThat(actual)
                        .as("cut at %d of %s", cut, Arrays.toString(input))
                        .isEqualTo(expected);
            }
        }
    }

    private boolean valid(byte[] input) {
        return decode(input, input.length, true);
    }

    /** Whether a valid text may begin so. */
    private boolean prefix(byte[] input, int length) {
        return decode(input, length, false);
    }

    private boolean decode(byte[] input, int length, boolean end) {
        judge.reset();
        decoded.clear();
        CoderResult result = judge.decode(ByteBuffer.wrap(input, 0, length), decoded, end);
        return !result.isError();
    }
}
