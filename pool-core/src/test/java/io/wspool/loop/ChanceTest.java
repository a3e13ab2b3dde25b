package io.wspool.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChanceTest {
    @Test
    void theSameSeedGivesTheSameDraws() {
        Chance one = Chance.seeded(42);
        Chance two = Chance.seeded(42);
        assertThat(one.nextLong()).isEqualTo(two.nextLong());
        assertThat(one.nextDouble()).isEqualTo(two.nextDouble());
        assertThat(one.bytes(33)).isEqualTo(two.bytes(33));
        assertThat(one.split().nextLong()).isEqualTo(two.split().nextLong());
        assertThat(one.nextLong()).isEqualTo(two.nextLong());
    }

    /** So that a run which somebody wrote down can be repeated with the next version of Java too. */
    @Test
    void aSeedMeansTheSameForEver() {
        Chance chance = Chance.seeded(42);
        assertThat(chance.nextLong()).isEqualTo(-4_767_286_540_954_276_203L);
        assertThat(chance.split().nextLong()).isEqualTo(-3_551_978_058_637_500_346L);
        assertThat(chance.newMaskKeys().nextKey()).isEqualTo(397_055_828);
    }

    @Test
    void anotherSeedGivesOtherDraws() {
        assertThat(Chance.seeded(42).nextLong()).isNotEqualTo(Chance.seeded(43).nextLong());
        assertThat(Chance.seeded(42).bytes(16)).isNotEqualTo(Chance.seeded(43).bytes(16));
    }

    @Test
    void theSecureOneIsNeverTheSame() {
        assertThat(Chance.secure().nextLong()).isNotEqualTo(Chance.secure().nextLong());
        assertThat(Chance.secure().bytes(16)).isNotEqualTo(Chance.secure().bytes(16));
        Chance chance = Chance.secure();
        assertThat(chance.split().bytes(16)).isNotEqualTo(chance.split().bytes(16));
        assertThat(chance.split().nextLong()).isNotEqualTo(chance.split().nextLong());
    }

    @Test
    void bytesOfTheSecureOneDoNotComeFromItsNumbers() {
        Chance one = new Chance(new SplittableRandom(42), new SecureRandom());
        Chance two = new Chance(new SplittableRandom(42), new SecureRandom());
        assertThat(one.bytes(16)).isNotEqualTo(two.bytes(16));
        assertThat(one.split().bytes(16)).isNotEqualTo(two.split().bytes(16));
        assertThat(one.nextLong()).isEqualTo(two.nextLong());
    }

    @Test
    void drawsFromOneChildLeaveTheOthersAlone() {
        Chance quiet = Chance.seeded(42);
        Chance busy = Chance.seeded(42);
        quiet.split();
        Chance first = busy.split();
        for (int i = 0; i < 100; i++) {
            first.nextLong();
            first.bytes(5);
            first.split();
        }
        assertThat(busy.split().nextLong()).isEqualTo(quiet.split().nextLong());
        assertThat(busy.nextLong()).isEqualTo(quiet.nextLong());
    }

    @Test
    void aKeyStreamIsAChildToo() {
        Chance quiet = Chance.seeded(42);
        Chance busy = Chance.seeded(42);
        quiet.newMaskKeys();
        MaskKeyStream keys = busy.newMaskKeys();
        for (int i = 0; i < 1_000; i++) {
            keys.nextKey();
        }
        assertThat(busy.nextLong()).isEqualTo(quiet.nextLong());
    }

    @Test
    void fractionsFillTheRangeFromZeroToOne() {
        Chance chance = Chance.seeded(42);
        int[] tenths = new int[10];
        for (int i = 0; i < 10_000; i++) {
            double fraction = chance.nextDouble();
            assertThat(fraction).isGreaterThanOrEqualTo(0).isLessThan(1);
            tenths[(int) (fraction * 10)]++;
        }
        assertThat(Arrays.stream(tenths).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(850, 1_150));
    }

    @Test
    void bytesAreAsManyAsAskedFor() {
        for (Chance chance : new Chance[] {Chance.secure(), Chance.seeded(42)}) {
            assertThat(chance.bytes(0)).isEmpty();
            assertThat(chance.bytes(17)).hasSize(17);
        }
    }
}
