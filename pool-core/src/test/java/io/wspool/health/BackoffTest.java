package io.wspool.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wspool.api.CloseAction;
import io.wspool.api.ReconnectSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BackoffTest {
    private static final long MS = 1_000_000;
    private final Backoff backoff = new Backoff(ReconnectSettings.DEFAULTS);

    @ParameterizedTest
    @CsvSource({
        "0, 250",
        "1, 1000",
        "2, 2000",
        "3, 4000",
        "4, 8000",
        "5, 16000",
        "6, 30000",
        "7, 30000",
        "2000, 30000",
        "2147483647, 30000"
    })
    void theLimitGrowsWithTheFailuresUpToTheCap(int failures, long limitMs) {
        assertThat(plainNanos(failures, 0)).isZero();
        assertThat(plainNanos(failures, 0.5)).isEqualTo(limitMs * MS / 2);
        assertThat(plainNanos(failures, 1)).isEqualTo(limitMs * MS);
    }

    @Test
    void atOnceIsTheFirstSpreadAfterAStableLifeAndTheBackOffAfterAShortOne() {
        assertThat(backoff.delayNanos(CloseAction.AT_ONCE, 0, false, 1)).isEqualTo(250 * MS);
        assertThat(backoff.delayNanos(CloseAction.AT_ONCE, 3, false, 1)).isEqualTo(4_000 * MS);
    }

    @Test
    void backOffBacksOffAfterAStableLifeToo() {
        assertThat(backoff.delayNanos(CloseAction.BACK_OFF, 0, false, 1)).isEqualTo(1_000 * MS);
        assertThat(backoff.delayNanos(CloseAction.BACK_OFF, 1, false, 1)).isEqualTo(1_000 * MS);
        assertThat(backoff.delayNanos(CloseAction.BACK_OFF, 2, false, 1)).isEqualTo(2_000 * MS);
    }

    @Test
    void slowlyIsThirtySecondsAndThenTheJitter() {
        assertThat(backoff.delayNanos(CloseAction.BACK_OFF_SLOWLY, 0, false, 0)).isEqualTo(30_000 * MS);
        assertThat(backoff.delayNanos(CloseAction.BACK_OFF_SLOWLY, 0, false, 1)).isEqualTo(31_000 * MS);
        assertThat(backoff.delayNanos(CloseAction.BACK_OFF_SLOWLY, 9, false, 1)).isEqualTo(60_000 * MS);
    }

    @Test
    void atTheCapIsBetweenHalfTheCapAndTheCapWhateverTheFailures() {
        for (int failures : new int[] {0, 1, 100}) {
            assertThat(backoff.delayNanos(CloseAction.BACK_OFF_AT_CAP, failures, false, 0))
                    .isEqualTo(15_000 * MS);
            assertThat(backoff.delayNanos(CloseAction.BACK_OFF_AT_CAP, failures, false, 1))
                    .isEqualTo(30_000 * MS);
        }
    }

    @Test
    void aStormSpreadsShortDelaysOverFiveSecondsAndLeavesLongOnes() {
        assertThat(backoff.delayNanos(CloseAction.AT_ONCE, 0, true, 1)).isEqualTo(5_000 * MS);
        assertThat(backoff.delayNanos(CloseAction.AT_ONCE, 0, true, 0)).isZero();
        assertThat(backoff.delayNanos(CloseAction.BACK_OFF, 3, true, 1)).isEqualTo(5_000 * MS);
        assertThat(backoff.delayNanos(CloseAction.BACK_OFF, 4, true, 1)).isEqualTo(8_000 * MS);
        assertThat(backoff.delayNanos(CloseAction.BACK_OFF_SLOWLY, 0, true, 1)).isEqualTo(35_000 * MS);
        assertThat(backoff.delayNanos(CloseAction.BACK_OFF_AT_CAP, 0, true, 0)).isEqualTo(15_000 * MS);
    }

    @ParameterizedTest
    @EnumSource(names = {"LEAVE", "HALT"})
    void anActionThatDialsNoMoreHasNoDelay(CloseAction action) {
        assertThatThrownBy(() -> backoff.delayNanos(action, 0, false, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(action + " dials no more");
    }

    @Test
    void aChanceOutsideZeroToOneIsRefused() {
        assertThatThrownBy(() -> plainNanos(0, 1.001)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> plainNanos(0, -0.001)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> plainNanos(0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    private long plainNanos(int failures, double chance) {
        return backoff.delayNanos(CloseAction.AT_ONCE, failures, false, chance);
    }
}
