package io.wspool.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PingRingTest {
    private final PingRing pings = new PingRing();

    /** Ping k has the payload 1000 + k, follows 10·k messages of 100·k bytes and goes at k. */
    private void add(int... pingNumbers) {
        for (int k : pingNumbers) {
            pings.add(1000 + k, 10L * k, 100L * k, k);
        }
    }

    @Test
    void aMatchTellsWhatWasWrittenBeforeThePing() {
        add(1);
        pings.taken(7);
        assertThat(pings.match(1001)).isTrue();
        assertThat(pings.matchedMessages()).isEqualTo(10);
        assertThat(pings.matchedBytes()).isEqualTo(100);
        assertThat(pings.matchedTakenAtNanos()).isEqualTo(7);
        assertThat(pings.anyOutstanding()).isFalse();
    }

    @Test
    void anUnknownPayloadMatchesNothingAndChangesNothing() {
        assertThat(pings.match(0)).as("nothing was ever sent").isFalse();
        add(1, 2, 3);
        assertThat(pings.match(1001)).isTrue();
        assertThat(pings.match(1004)).isFalse();
        assertThat(pings.match(0)).isFalse();
        assertThat(pings.outstanding()).isEqualTo(2);
        assertThat(pings.matchedMessages()).as("of the last match").isEqualTo(10);
    }

    @Test
    void aRingThatIsWoundKeepsItsOrder() {
        add(1, 2, 3);
        for (int k = 4; k < 40; k++) { // three wait, the oldest wherever it lies
            assertThat(pings.match(1000 + k - 3)).as("ping %d", k - 3).isTrue();
            assertThat(pings.matchedMessages()).isEqualTo(10L * (k - 3));
            assertThat(pings.matchedBytes()).isEqualTo(100L * (k - 3));
            add(k);
            assertThat(pings.outstanding()).isEqualTo(3);
            assertThat(pings.oldestEncodedAtNanos()).isEqualTo(k - 2);
            assertThat(pings.newestEncodedAtNanos()).isEqualTo(k);
        }
    }

    @Test
    void aPongIsEvidenceOnce() {
        add(1);
        assertThat(pings.match(1001)).isTrue();
        assertThat(pings.match(1001)).isFalse();
    }

    @Test
    void aMatchRetiresThePingAndAllOlderOnes() {
        add(1, 2, 3);
        assertThat(pings.match(1002)).isTrue();
        assertThat(pings.outstanding()).isEqualTo(1);
        assertThat(pings.oldestEncodedAtNanos()).isEqualTo(3);
        assertThat(pings.match(1001)).as("too late").isFalse();
        assertThat(pings.match(1003)).isTrue();
        assertThat(pings.matchedMessages()).isEqualTo(30);
    }

    @Test
    void theOldestStaysOutstandingWhenALaterMatchNeverComes() {
        add(1, 2);
        assertThat(pings.match(1001)).isTrue();
        assertThat(pings.oldestEncodedAtNanos()).isEqualTo(2);
        assertThat(pings.newestEncodedAtNanos()).isEqualTo(2);
    }

    @Test
    void fourAreRememberedAndTheFifthTakesThePlaceOfTheNewest() {
        add(1, 2, 3, 4);
        assertThat(pings.newestEncodedAtNanos()).isEqualTo(4);
        add(5);
        assertThat(pings.outstanding()).isEqualTo(4);
        assertThat(pings.oldestEncodedAtNanos()).isEqualTo(1);
        assertThat(pings.newestEncodedAtNanos()).isEqualTo(5);
        assertThat(pings.match(1004)).as("forgotten").isFalse();
        add(6);
        assertThat(pings.match(1003)).isTrue();
        assertThat(pings.match(1006)).isTrue();
        assertThat(pings.anyOutstanding()).isFalse();
    }

    @Test
    void oneLostPongLocksNothing() {
        add(1); // never answered
        for (int k = 2; k < 1_000; k++) {
            add(k);
            assertThat(pings.match(1000 + k)).isTrue();
            assertThat(pings.matchedMessages()).isEqualTo(10L * k);
            assertThat(pings.anyOutstanding()).isFalse();
        }
    }

    @Test
    void theKernelTakesWhatWasEncodedUntilThen() {
        add(1, 2);
        pings.taken(20);
        add(3);
        assertThat(pings.match(1002)).isTrue();
        assertThat(pings.matchedTakenAtNanos()).isEqualTo(20);
        pings.taken(30);
        pings.taken(40);
        assertThat(pings.match(1003)).isTrue();
        assertThat(pings.matchedTakenAtNanos()).isEqualTo(30);
    }

    @Test
    void whatTheKernelTookBeforeAMatchStaysTaken() {
        add(1, 2);
        pings.taken(20);
        assertThat(pings.match(1001)).isTrue();
        pings.taken(30);
        assertThat(pings.match(1002)).isTrue();
        assertThat(pings.matchedTakenAtNanos()).isEqualTo(20);
    }

    @Test
    void aPingInTheNewestsPlaceHasNotBeenTakenYet() {
        add(1, 2, 3, 4);
        pings.taken(20);
        add(5);
        pings.taken(30);
        assertThat(pings.match(1005)).isTrue();
        assertThat(pings.matchedTakenAtNanos()).isEqualTo(30);
    }

    @Test
    void whatTheKernelWasNeverSaidToHaveTakenCountsFromItsEncoding() {
        add(4);
        assertThat(pings.match(1004)).isTrue();
        assertThat(pings.matchedTakenAtNanos()).isEqualTo(4);
    }

    @Test
    void askingForAnAgeThatIsNotThereIsRefused() {
        assertThatThrownBy(pings::oldestEncodedAtNanos).isInstanceOf(IllegalStateException.class);
        add(1);
        pings.match(1001);
        assertThatThrownBy(pings::newestEncodedAtNanos).isInstanceOf(IllegalStateException.class);
    }
}
