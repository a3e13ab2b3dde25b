package io.wspool.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.RecycleSettings;
import io.wspool.health.Staleness.Candidate;
import io.wspool.health.Staleness.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StalenessTest {
    private static final long S = 1_000_000_000L;

    /** A good channel, without a limit of its life. */
    private static Candidate good(int slot, long idle) {
        return new Candidate(slot, idle, 100 * S, 0, false, 0, false);
    }

    private static Candidate old(int slot, long idle, long openFor) {
        return new Candidate(slot, idle, openFor, 50 * S, false, 0, false);
    }

    private static Candidate suspect(int slot, long idle, long suspectFor) {
        return new Candidate(slot, idle, 100 * S, 0, true, suspectFor, false);
    }

    private static Candidate pinned(Candidate c) {
        return new Candidate(
                c.slot(), c.idleNanos(), c.openForNanos(), c.lifetimeNanos(), c.suspect(), c.suspectForNanos(), true);
    }

    @Test
    void nobodyIsReplacedWithoutAReason() {
        assertThat(Staleness.stalest(List.of(good(0, 99 * S), good(1, 1)), false, true))
                .isNull();
        assertThat(Staleness.stalest(List.of(), true, true)).isNull();
    }

    @Test
    void aChannelIsDueWhenItsLifetimeIsOver() {
        assertThat(old(0, 0, 50 * S - 1).reason(false)).isNull();
        assertThat(old(0, 0, 50 * S).reason(false)).isEqualTo(Reason.AGE);
        assertThat(good(0, 0).reason(false)).as("zero is no limit").isNull();
    }

    @Test
    void aChannelIsDueWhenItHasBeenSuspectForThreeSeconds() {
        assertThat(suspect(0, 0, 3 * S - 1).reason(false)).isNull();
        assertThat(suspect(0, 0, 3 * S).reason(false)).isEqualTo(Reason.SUSPECT);
        assertThat(new Candidate(0, 0, S, 0, false, 9 * S, false).reason(false)).isNull();
    }

    @Test
    void everyoneIsDueWhenTheUserAsks() {
        assertThat(good(0, 0).reason(true)).isEqualTo(Reason.ASKED);
        assertThat(suspect(0, 0, 3 * S).reason(true)).isEqualTo(Reason.SUSPECT);
    }

    @Test
    void theStalestOfThoseThatAreDueGoes() {
        assertThat(Staleness.stalest(
                        List.of(good(0, 9 * S), old(1, 2 * S, 60 * S), old(2, 3 * S, 60 * S)), false, true))
                .isEqualTo(old(2, 3 * S, 60 * S));
        assertThat(Staleness.stalest(List.of(good(0, 9 * S), old(1, 2 * S, 60 * S)), true, true))
                .isEqualTo(good(0, 9 * S));
    }

    @Test
    void equallyStaleOnesGoByAgeAndThenByPlace() {
        assertThat(Staleness.stalest(List.of(old(0, S, 60 * S), old(1, S, 61 * S)), false, true))
                .isEqualTo(old(1, S, 61 * S));
        assertThat(Staleness.stalest(List.of(old(2, S, 60 * S), old(1, S, 60 * S)), false, true))
                .isEqualTo(old(1, S, 60 * S));
    }

    @Test
    void theSpacingHoldsBackAgeAlone() {
        List<Candidate> both = List.of(old(0, 9 * S, 60 * S), suspect(1, S, 4 * S));
        assertThat(Staleness.stalest(both, false, true)).isEqualTo(both.get(0));
        assertThat(Staleness.stalest(both, false, false)).isEqualTo(both.get(1));
        assertThat(Staleness.stalest(both, true, false)).isEqualTo(both.get(0));
    }

    @Test
    void aPinnedChannelIsLeftAloneButItsReasonCanBeTold() {
        Candidate pinned = pinned(old(0, 9 * S, 60 * S));
        assertThat(Staleness.stalest(List.of(pinned, old(1, S, 60 * S)), false, true))
                .isEqualTo(old(1, S, 60 * S));
        assertThat(Staleness.stalest(List.of(pinned), true, true)).isNull();
        assertThat(Staleness.stalest(List.of(pinned(suspect(0, 9 * S, 9 * S))), true, true))
                .isNull();
        assertThat(pinned.reason(false)).isEqualTo(Reason.AGE);
    }

    @Test
    void theSpacingIsTheSettingUnlessTheLifetimesWouldNotFit() {
        RecycleSettings hour = RecycleSettings.DEFAULTS.withMaxLifetime(Duration.ofHours(1));
        assertThat(Staleness.spacingNanos(hour, 90)).isEqualTo(10 * S);
        assertThat(Staleness.spacingNanos(hour, 100)).isEqualTo(9 * S);
        assertThat(Staleness.spacingNanos(RecycleSettings.DEFAULTS, 100)).isEqualTo(10 * S);
    }

    @Test
    void eachLifetimeIsShortenedByAPartOfTheVariance() {
        RecycleSettings hundred = RecycleSettings.DEFAULTS.withMaxLifetime(Duration.ofSeconds(100));
        assertThat(Staleness.lifetimeNanos(hundred, 0)).isEqualTo(100 * S);
        assertThat(Staleness.lifetimeNanos(hundred, 0.5)).isEqualTo(95 * S);
        assertThat(Staleness.lifetimeNanos(hundred, 1)).isEqualTo(90 * S);
        assertThat(Staleness.lifetimeNanos(RecycleSettings.DEFAULTS, 1))
                .as("never")
                .isZero();
    }
}
