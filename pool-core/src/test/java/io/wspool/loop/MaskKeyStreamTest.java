package io.wspool.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class MaskKeyStreamTest {
    @Test
    void theSameSeedGivesTheSameKeys() {
        MaskKeyStream one = Chance.seeded(7).newMaskKeys();
        MaskKeyStream two = Chance.seeded(7).newMaskKeys();
        for (int i = 0; i < 1_000; i++) {
            assertThat(one.nextKey()).isEqualTo(two.nextKey());
        }
    }

    @Test
    void anotherSeedGivesOtherKeys() {
        assertThat(keys(Chance.seeded(7), 100)).doesNotContainAnyElementsOf(keys(Chance.seeded(8), 100));
        assertThat(keys(Chance.secure(), 100)).doesNotContainAnyElementsOf(keys(Chance.secure(), 100));
    }

    @Test
    void twoStreamsOfOneSourceDiffer() {
        Chance chance = Chance.seeded(7);
        assertThat(keys(chance, 100)).doesNotContainAnyElementsOf(keys(chance, 100));
    }

    /** A pair of keys repeats within 100,000 with a chance of 10^-9; a stream that starts again does it at once. */
    @Test
    void doesNotRepeatItself() {
        MaskKeyStream stream = Chance.seeded(7).newMaskKeys();
        Set<Long> pairs = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            assertThat(pairs.add(stream.nextLong())).isTrue();
        }
    }

    /** Against AES-256-CTR as the JDK does it in one piece, over the end of the first AES key: 2^20, not one more. */
    @Test
    void isAesCtrWithANewKeyEvery2To20MaskingKeys() throws Exception {
        Chance seeds = Chance.seeded(7).split();
        MaskKeyStream stream = Chance.seeded(7).newMaskKeys();
        for (int seed = 0; seed < 2; seed++) {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            SecretKeySpec key = new SecretKeySpec(seeds.bytes(32), "AES");
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(seeds.bytes(16)));
            ByteBuffer expected = ByteBuffer.wrap(cipher.doFinal(new byte[4 << 20]));
            while (expected.hasRemaining()) {
                int next = expected.getInt();
                if (stream.nextKey() != next) {
                    assertThat(expected.position()).as("differs at byte").isZero();
                }
            }
        }
    }

    @Test
    void aLongIsTheNextTwoKeys() {
        MaskKeyStream keys = Chance.seeded(7).newMaskKeys();
        MaskKeyStream longs = Chance.seeded(7).newMaskKeys();
        keys.nextKey();
        longs.nextKey(); // odd, so that one long crosses the end of the buffer
        for (int i = 0; i < 400; i++) {
            long high = keys.nextKey();
            assertThat(longs.nextLong()).isEqualTo((high << 32) | Integer.toUnsignedLong(keys.nextKey()));
        }
    }

    @Test
    void wipesWhatItGaveOut() {
        MaskKeyStream stream = Chance.seeded(7).newMaskKeys();
        byte[] before = stream.buffer.clone();
        for (int i = 0; i < 100; i++) {
            stream.nextKey();
        }
        assertThat(Arrays.copyOf(stream.buffer, 400)).containsOnly(0);
        assertThat(Arrays.copyOfRange(stream.buffer, 400, 1_024)).isEqualTo(Arrays.copyOfRange(before, 400, 1_024));
    }

    @Test
    void allocatesNothingForAKey() {
        MaskKeyStream stream = Chance.secure().newMaskKeys();
        assertThat(Allocated.leastBytes(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        stream.nextKey();
                    }
                }))
                .isZero();
    }

    private static Set<Integer> keys(Chance chance, int count) {
        MaskKeyStream stream = chance.newMaskKeys();
        Set<Integer> keys = new HashSet<>();
        for (int i = 0; i < count; i++) {
            keys.add(stream.nextKey());
        }
        return keys;
    }
}
