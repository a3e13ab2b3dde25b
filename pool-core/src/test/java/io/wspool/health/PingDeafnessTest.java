package io.wspool.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PingDeafnessTest {
    private static final long TIMEOUT = 30_000;
    private static final long START = Clock.overflowingIn(10_000);
    private final PingDeafness deafness = new PingDeafness(Duration.ofNanos(TIMEOUT));

    private void pingWithDataAt(long at) {
        deafness.pinged(START + at);
        deafness.data(START + at + TIMEOUT - 1);
    }

    @Test
    void threePingsUnansweredWhileDataCameAreEnoughAndSaidOnce() {
        pingWithDataAt(0);
        pingWithDataAt(TIMEOUT);
        pingWithDataAt(2 * TIMEOUT);
        assertThat(deafness.becameDeaf(START + 3 * TIMEOUT - 1)).isFalse();
        assertThat(deafness.deaf()).isFalse();
        assertThat(deafness.becameDeaf(START + 3 * TIMEOUT)).isTrue();
        assertThat(deafness.becameDeaf(START + 3 * TIMEOUT)).isFalse();
        assertThat(deafness.deaf()).isTrue();
    }

    @Test
    void twoAreNotEnough() {
        pingWithDataAt(0);
        pingWithDataAt(TIMEOUT);
        assertThat(deafness.becameDeaf(START + 100 * TIMEOUT)).isFalse();
    }

    @Test
    void aPingWithoutDataInItsTimeExcusesThePeer() {
        pingWithDataAt(0);
        deafness.pinged(START + TIMEOUT);
        pingWithDataAt(2 * TIMEOUT); // this data comes when the second ping's time is over
        pingWithDataAt(3 * TIMEOUT); // a fourth ping does not count
        assertThat(deafness.becameDeaf(START + 10 * TIMEOUT)).isFalse();
    }

    @Test
    void dataCountsForEveryPingThatWaits() {
        deafness.pinged(START);
        deafness.pinged(START + 1);
        deafness.pinged(START + 2);
        deafness.data(START + 3);
        assertThat(deafness.becameDeaf(START + TIMEOUT + 1)).isFalse();
        assertThat(deafness.becameDeaf(START + TIMEOUT + 2)).isTrue();
    }

    @Test
    void dataAtTheEndOfAPingsTimeIsTooLateForIt() {
        deafness.pinged(START);
        deafness.pinged(START + 1);
        deafness.pinged(START + 2);
        deafness.data(START + TIMEOUT);
        assertThat(deafness.becameDeaf(START + 10 * TIMEOUT)).isFalse();
    }

    @Test
    void dataBeforeAPingSaysNothingAboutIt() {
        deafness.data(START - 1);
        deafness.pinged(START);
        deafness.pinged(START + 1);
        deafness.pinged(START + 2);
        assertThat(deafness.becameDeaf(START + 10 * TIMEOUT)).isFalse();
    }
}
