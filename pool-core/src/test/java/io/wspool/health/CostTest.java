package io.wspool.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostTest {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;

    private static long cost(long srtt, long rttvar, long queued, long inflight, long size) {
        long base = Cost.baseNanos(srtt, rttvar, inflight, Cost.NO_SLOW_START);
        return Cost.nanos(base, queued + size, Cost.NO_SLOW_START, 0);
    }

    @Test
    void theEstimateIsRoundTripVariationAndBytesAtOneGigabit() {
        assertThat(cost(200 * US, 50 * US, 0, 0, 0)).isEqualTo(250 * US);
        assertThat(cost(200 * US, 50 * US, 1_250, 0, 0)).isEqualTo(260 * US);
        assertThat(cost(200 * US, 50 * US, 0, 1_250, 0)).isEqualTo(260 * US);
        assertThat(cost(200 * US, 50 * US, 0, 0, 125)).isEqualTo(251 * US);
        assertThat(cost(0, 0, 1, 2, 3)).isEqualTo(48);
    }

    @Test
    void anAgeBelowTheEstimateIsNoNewsAndAboveItIsTheCost() {
        assertThat(Cost.nanos(250, 0, Cost.NO_SLOW_START, 250)).isEqualTo(250);
        assertThat(Cost.nanos(250, 0, Cost.NO_SLOW_START, 251)).isEqualTo(251);
        assertThat(Cost.nanos(250, 0, Cost.NO_SLOW_START, -1)).as("none").isEqualTo(250);
    }

    @Test
    void slowStartRaisesTheEstimateButNotTheAge() {
        long base = Cost.baseNanos(200, 40, 0, 10_000);
        assertThat(base).isEqualTo(2_400);
        assertThat(Cost.nanos(base, 0, 10_000, 0)).isEqualTo(2_400);
        assertThat(Cost.nanos(base, 1, 10_000, 0)).isEqualTo(2_480);
        assertThat(Cost.nanos(base, 0, 10_000, 2_600)).isEqualTo(2_600);
    }

    @ParameterizedTest
    @CsvSource({
        // open for ms, srtt ms, permille
        "0, 1, 10000",
        "20, 1, 10000",
        "40, 1, 5000",
        "100, 1, 2000",
        "160, 1, 1250",
        "199, 1, 1005",
        "200, 1, 1000",
        "250, 1, 1000",
        "99999, 1, 1000",
        "200, 4, 1000", // 50 x 4 ms is just 200 ms
        "200, 8, 2000",
        "399, 8, 1002",
        "400, 8, 1000",
    })
    void slowStartFallsFromTenfoldToOneOverTheWarmUp(long openMs, long srttMs, int permille) {
        assertThat(Cost.slowStartPermille(openMs * MS, srttMs * MS)).isEqualTo(permille);
    }

    @Test
    void slowStartBeginsToFallAtATenthOfTheWarmUp() {
        assertThat(Cost.slowStartPermille(20 * MS, 0)).isEqualTo(10_000);
        assertThat(Cost.slowStartPermille(20 * MS + MS / 10, 0)).isEqualTo(9_950);
    }

    @Test
    void warmUpIs200MillisecondsOrFiftyRoundTrips() {
        assertThat(Cost.warmUpNanos(4 * MS - 1)).isEqualTo(200 * MS);
        assertThat(Cost.warmUpNanos(4 * MS + 1)).isEqualTo(200 * MS + 50);
    }

    @Test
    void aSwitchNeedsFifteenPercentAndTwentyMicroseconds() {
        assertThat(Cost.worthSwitching(829_999, MS)).isTrue();
        assertThat(Cost.worthSwitching(830_000, MS)).isFalse();
        assertThat(Cost.worthSwitching(0, 23_520)).as("85 % of it is 19.99 us").isFalse();
        assertThat(Cost.worthSwitching(0, 23_540)).isTrue();
        assertThat(Cost.worthSwitching(0, 0)).isFalse();
    }

    @Test
    void anyCostIsBetterThanNoCurrentOne() {
        assertThat(Cost.worthSwitching(60_000 * MS, Long.MAX_VALUE)).isTrue();
        assertThat(Cost.worthSwitching(1L << 59, 1L << 60)).as("no overflow").isTrue();
    }
}
