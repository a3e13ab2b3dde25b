package io.wspool.health;

import static io.wspool.api.BreakerState.CLOSED;
import static io.wspool.api.BreakerState.HALF_OPEN;
import static io.wspool.api.BreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ReconnectSettings;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final long S = 1_000_000_000L;
    private static final long START = Clock.overflowingIn(10 * S);
    private final Breaker breaker = new Breaker(ReconnectSettings.DEFAULTS, 3);

    private void fail(int slot, int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(slot, START);
        }
    }

    private void halfOpenWith(int slot) {
        fail(slot, 6);
        breaker.dialStarted(slot, START + 30 * S);
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
    }

    @Test
    void opensWhenOnePlaceFailsTheSixthTimeInARow() {
        fail(0, 5);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        assertThat(breaker.mayDial(START)).isTrue();
        fail(0, 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(breaker.mayDial(START)).isFalse();
    }

    @Test
    void failuresOfSeveralPlacesAreNotAddedUp() {
        fail(0, 5);
        fail(1, 5);
        fail(2, 5);
        assertThat(breaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void aStableLifeAnywhereBeginsTheCountAnew() {
        fail(0, 5);
        breaker.stable(1);
        fail(0, 5);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        fail(0, 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @Test
    void aPlacesOwnFailuresAreForgottenOnlyAfterItsOwnStableLife() {
        fail(0, 4);
        breaker.stable(1);
        assertThat(breaker.failures(0)).isEqualTo(4);
        breaker.stable(0);
        assertThat(breaker.failures(0)).isZero();
    }

    @Test
    void staysOpenForThirtySecondsAndThenOneDialIsOnTrial() {
        fail(0, 6);
        assertThat(breaker.nextTrialNanos()).isEqualTo(START + 30 * S);
        assertThat(breaker.mayDial(START + 30 * S - 1)).isFalse();
        assertThat(breaker.mayDial(START + 30 * S)).isTrue();
        breaker.dialStarted(1, START + 30 * S);
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
        assertThat(breaker.mayDial(START + 300 * S)).isFalse();
    }

    @Test
    void failuresWhileOpenDoNotProlongIt() {
        fail(0, 6);
        breaker.failed(1, START + 20 * S);
        breaker.failed(0, START + 20 * S);
        assertThat(breaker.mayDial(START + 30 * S)).isTrue();
    }

    @Test
    void theFailureOfTheTrialOpensAgain() {
        halfOpenWith(1);
        breaker.failed(1, START + 35 * S);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(breaker.mayDial(START + 65 * S - 1)).isFalse();
        assertThat(breaker.mayDial(START + 65 * S)).isTrue();
    }

    @Test
    void anotherPlacesOldDialDoesNotDecideTheTrial() {
        halfOpenWith(1);
        fail(0, 7);
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
        breaker.opened101(0);
        assertThat(breaker.mayDial(START + 31 * S))
                .as("only the trial's 101 admits the rest")
                .isFalse();
    }

    @Test
    void the101OfTheTrialLetsTheRestDialButOnlyAStableLifeCloses() {
        halfOpenWith(1);
        breaker.opened101(1);
        assertThat(breaker.mayDial(START + 31 * S)).isTrue();
        breaker.dialStarted(2, START + 31 * S);
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
        breaker.stable(2);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        fail(0, 5);
        assertThat(breaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void aTrialWhoseLifeIsTooShortOpensAgain() {
        halfOpenWith(1);
        breaker.opened101(1);
        breaker.failed(1, START + 32 * S);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(breaker.mayDial(START + 33 * S)).isFalse();
    }

    @Test
    void afterThe101APlaceWithinTheLimitMayFailAndOneOverItOpensAgain() {
        halfOpenWith(1);
        breaker.opened101(1);
        fail(0, 5);
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
        fail(0, 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @Test
    void aStableLifeFromBeforeClosesAnOpenBreaker() {
        fail(0, 6);
        breaker.stable(2);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        assertThat(breaker.mayDial(START)).isTrue();
    }

    @Test
    void aWithdrawnTrialLeavesTheTrialToTheNextDial() {
        halfOpenWith(1);
        breaker.withdrawn(0); // not the trial
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
        breaker.withdrawn(1);
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(breaker.mayDial(START + 30 * S)).isTrue();
        breaker.dialStarted(2, START + 30 * S);
        assertThat(breaker.mayDial(START + 30 * S)).isFalse();
        breaker.failed(1, START + 31 * S);
        assertThat(breaker.state()).as("place 1 is not on trial any more").isEqualTo(HALF_OPEN);
    }

    @Test
    void anAdmittedTrialThatWeEndLeavesTheRestAdmitted() {
        fail(0, 6);
        breaker.dialStarted(1, START + 30 * S);
        breaker.opened101(1);
        breaker.withdrawn(1);
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
        breaker.failed(1, START + 31 * S);
        assertThat(breaker.state()).as("place 1 is like any other now").isEqualTo(HALF_OPEN);
        assertThat(breaker.mayDial(START + 31 * S)).isTrue();
        breaker.stable(0);
        assertThat(breaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void aDialWhileClosedOrBeforeTheTimeChangesNothing() {
        breaker.dialStarted(0, START);
        assertThat(breaker.state()).isEqualTo(CLOSED);
        fail(0, 6);
        breaker.dialStarted(0, START + 30 * S - 1);
        assertThat(breaker.state()).isEqualTo(OPEN);
    }
}
