package io.wspool.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RttEstimatorTest {
    private static final long MS = 1_000_000;
    private final RttEstimator rtt = new RttEstimator();

    @Test
    void theUpgradeIsTheFirstMeasurement() {
        rtt.start(8 * MS, 0);
        assertThat(rtt.srttNanos()).isEqualTo(8 * MS);
        assertThat(rtt.rttvarNanos()).isEqualTo(4 * MS);
    }

    @Test
    void theFirstPongIsSmoothedInLikeAnyOther() {
        rtt.start(8 * MS, 0);
        rtt.sample(16 * MS, 1);
        assertThat(rtt.srttNanos()).isEqualTo(9 * MS); // 7/8 of 8 and 1/8 of 16
        assertThat(rtt.rttvarNanos()).isEqualTo(5 * MS); // 3/4 of 4 and 1/4 of |8 - 16|: srtt as it was before
    }

    @Test
    void aShorterRoundTripLowersTheEstimateAndRaisesTheVariation() {
        rtt.start(8 * MS, 0);
        rtt.sample(0, 1);
        assertThat(rtt.srttNanos()).isEqualTo(7 * MS);
        assertThat(rtt.rttvarNanos()).isEqualTo(5 * MS);
    }

    @Test
    void whatALocalPauseLeavesBelowZeroCountsAsZero() {
        rtt.start(8 * MS, 0);
        rtt.sample(-5 * MS, 1);
        assertThat(rtt.srttNanos()).isEqualTo(7 * MS);
    }

    @Test
    void equalRoundTripsConverge() {
        rtt.start(100 * MS, 0);
        for (int i = 0; i < 200; i++) {
            rtt.sample(MS, i);
        }
        assertThat(rtt.srttNanos()).isBetween(MS, MS + 8);
        assertThat(rtt.rttvarNanos()).isBetween(0L, 16L);
    }

    @Test
    void isStaleTenSecondsAfterItWasLastFed() {
        long start = Clock.overflowingIn(5_000 * MS);
        rtt.start(MS, start);
        assertThat(rtt.stale(start + 1))
                .as("the limit lies beyond the end of the numbers")
                .isFalse();
        assertThat(rtt.stale(start + 10_000 * MS - 1)).isFalse();
        assertThat(rtt.stale(start + 10_000 * MS)).isTrue();
        rtt.sample(MS, start + 10_000 * MS);
        assertThat(rtt.stale(start + 20_000 * MS - 1)).isFalse();
        assertThat(rtt.stale(start + 20_000 * MS)).isTrue();
        assertThat(rtt.sampledAtNanos()).isEqualTo(start + 10_000 * MS);
    }
}
