package io.wspool.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerTextTest {
    @Test
    void whatPrintsStaysAsItIs() {
        assertThat(PeerText.escaped("going away: 50 % \u4f60\u597d \u00fc \ud83d\ude00", 123))
                .isEqualTo("going away: 50 % \u4f60\u597d \u00fc \ud83d\ude00");
    }

    @Test
    void whatDoesNotPrintIsEscaped() {
        assertThat(PeerText.escaped("a\r\nb\tc\u0000\u001b[31m\u007f\u0085", 123))
                .isEqualTo("a\\r\\nb\\tc\\u0000\\u001b[31m\\u007f\\u0085");
        assertThat(PeerText.escaped("\u2028\u2029\u202e\u200b\ufeff\u00a0\ue000\ud800", 123))
                .isEqualTo("\\u2028\\u2029\\u202e\\u200b\\ufeff\\u00a0\\ue000\\ud800");
    }

    @Test
    void anEscapeCannotBeForged() {
        assertThat(PeerText.escaped("\\n", 123)).isEqualTo("\\\\n");
    }

    @ParameterizedTest
    @CsvSource({"abcdef,6,abcdef", "abcdefg,6,abc...", "abcdefg,3,...", "abcdefg,2,''", "'',0,''", "a,0,''"})
    void isCutAtTheLimit(String text, int maxBytes, String expected) {
        assertThat(PeerText.escaped(text, maxBytes)).isEqualTo(expected);
    }

    @Test
    void noLimitIsEverExceededAndNoCharacterIsHalved() {
        Random random = new Random(9);
        for (int round = 0; round < 5000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.appendCodePoint(random.nextInt(3) == 0 ? random.nextInt(0x110000) : random.nextInt(0x100));
            }
            int limit = random.nextInt(40);
            String escaped = PeerText.escaped(text, limit);
            byte[] bytes = escaped.getBytes(StandardCharsets.UTF_8);
            assertThat(bytes.length).isLessThanOrEqualTo(limit);
            assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(escaped);
            assertThat(escaped.chars().noneMatch(Character::isISOControl)).isTrue();
        }
    }

    @Test
    void aReasonOf123BytesIsKeptAndALongerOneCut() {
        String fits = "r".repeat(123);
        assertThat(PeerText.clippedReason(fits)).isEqualTo(fits);
        assertThat(PeerText.clippedReason(fits + "r")).isEqualTo(fits);
        assertThat(PeerText.clippedReason("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"\u00fc,2", "\u4f60,3", "\ud83d\ude00,4"})
    void aReasonIsCutBetweenCharacters(String character, int bytes) {
        for (int before = 123 - bytes; before <= 123; before++) {
            String reason = "r".repeat(before) + character + "tail".repeat(30);
            String clipped = PeerText.clippedReason(reason);
            assertThat(clipped.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(123);
            assertThat(reason).startsWith(clipped);
            assertThat(clipped.contains(character)).isEqualTo(before == 123 - bytes);
        }
    }
}
