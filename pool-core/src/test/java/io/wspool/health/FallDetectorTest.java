package io.wspool.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FallDetectorTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = Clock.overflowingIn(SECOND / 2);

    @ParameterizedTest
    @CsvSource({"1, 3", "3, 3", "6, 3", "7, 4", "8, 4", "9, 5", "100, 50"})
    void aStormIsAtLeastThreeAndAtLeastHalf(int channels, int needed) {
        FallDetector falls = new FallDetector(channels);
        for (int i = 1; i < needed; i++) {
            falls.fell(START);
            assertThat(falls.storm(START)).as("%d of %d", i, channels).isFalse();
        }
        falls.fell(START);
        assertThat(falls.storm(START)).isTrue();
    }

    @Test
    void aClockThatBeginsAtZeroMakesNoStorm() {
        FallDetector falls = new FallDetector(3);
        assertThat(falls.storm(0)).isFalse();
        falls.fell(0);
        falls.fell(0);
        assertThat(falls.storm(0)).isFalse();
        falls.fell(0);
        assertThat(falls.storm(0)).isTrue();
    }

    @Test
    void theFallsMustLieWithinOneSecond() {
        FallDetector falls = new FallDetector(3);
        falls.fell(START);
        falls.fell(START + 1);
        falls.fell(START + SECOND);
        assertThat(falls.storm(START + SECOND)).isFalse();
        falls.fell(START + SECOND);
        assertThat(falls.storm(START + SECOND)).isTrue();
    }

    @Test
    void aStormIsOverOneSecondAfterItsFirstFall() {
        FallDetector falls = new FallDetector(3);
        for (int i = 0; i < 3; i++) {
            falls.fell(START + i);
        }
        assertThat(falls.storm(START + SECOND - 1)).isTrue();
        assertThat(falls.storm(START + SECOND)).isFalse();
    }

    @Test
    void singleFallsFarApartAreNoStormHoweverMany() {
        FallDetector falls = new FallDetector(4);
        for (int i = 0; i < 100; i++) {
            falls.fell(START + i * SECOND / 2);
            assertThat(falls.storm(START + i * SECOND / 2)).isFalse();
        }
    }
}
