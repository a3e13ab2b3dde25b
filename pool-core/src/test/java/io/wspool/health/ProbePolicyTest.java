package io.wspool.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ProbeSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProbePolicyTest {
    private static final long MS = 1_000_000;
    private static final long START = Clock.overflowingIn(100 * MS);
    private static final long TICK = ProbeSettings.DEFAULTS.tick().toNanos();
    private static final long GAP = 1_000 * MS;
    private static final long TIMEOUT = 30_000 * MS;

    private final PingRing pings = new PingRing();
    private final ProbePolicy probes = policy(ProbeSettings.DEFAULTS);
    private final RttEstimator rtt = new RttEstimator();
    private long payload;

    private ProbePolicy policy(ProbeSettings settings) {
        return new ProbePolicy(settings, Duration.ofNanos(TIMEOUT), pings);
    }

    private void probeAt(long now) {
        pings.add(++payload, 0, 0, now);
        probes.probed(now);
    }

    private void pong() {
        assertThat(pings.match(payload)).isTrue();
        probes.matched();
    }

    @Test
    void nothingUnconfirmedNeedsNoProbe() {
        assertThat(probes.due(0, 0, START)).isFalse();
        assertThat(probes.due(7, 7, START + TIMEOUT)).isFalse();
        assertThat(probes.waiting()).isFalse();
    }

    @Test
    void theFirstDataIsProbedAtOnce() {
        assertThat(probes.due(1, 0, START)).isTrue();
    }

    @Test
    void theNextProbeIsDueOneGapAfterTheLast() {
        probeAt(START);
        pong();
        assertThat(probes.due(2, 1, START + 1)).isFalse();
        assertThat(probes.waiting()).isTrue();
        assertThat(probes.nextDueNanos()).isEqualTo(START + GAP);
        assertThat(probes.due(2, 1, START + GAP - 1)).isFalse();
        assertThat(probes.due(2, 1, START + GAP)).isTrue();
    }

    @Test
    void aLaterConfirmationTakesTheWishBack() {
        probeAt(START);
        pong();
        assertThat(probes.due(2, 1, START + 1)).isFalse();
        assertThat(probes.due(2, 2, START + 2)).isFalse();
        assertThat(probes.waiting()).isFalse();
        assertThat(probes.due(3, 2, START + 2 * GAP)).isTrue();
        assertThat(probes.nextDueNanos()).as("wanted now, not a gap ago").isEqualTo(START + 2 * GAP);
    }

    @Test
    void anOutstandingPingHoldsBackTheNextUntilTheHeartbeatsTimeout() {
        probeAt(START);
        assertThat(probes.due(2, 0, START + TIMEOUT - 1)).isFalse();
        assertThat(probes.waiting()).isFalse();
        assertThat(probes.due(2, 0, START + TIMEOUT)).isTrue();
        probeAt(START + TIMEOUT);
        assertThat(probes.due(2, 0, START + TIMEOUT + GAP))
                .as("the newest holds back")
                .isFalse();
    }

    @Test
    void theAgeIsThatOfTheOldestPing() {
        probeAt(START);
        pong();
        assertThat(probes.ageNanos(START + GAP)).isZero();
        probeAt(START + GAP);
        probeAt(START + 2 * GAP);
        assertThat(probes.ageNanos(START + 3 * GAP)).isEqualTo(2 * GAP);
    }

    @Test
    void aDueProbeThatCannotBeEncodedAgesFromWhenItWasDue() {
        probeAt(START);
        pong();
        assertThat(probes.due(2, 1, START + 400 * MS)).isFalse();
        assertThat(probes.ageNanos(START + GAP - 1)).isZero();
        assertThat(probes.due(2, 1, START + GAP + 3 * MS)).isTrue(); // asked late, and then the write is refused
        assertThat(probes.due(2, 1, START + GAP + 10 * MS)).isTrue();
        assertThat(probes.ageNanos(START + GAP + 10 * MS)).isEqualTo(10 * MS);
        probeAt(START + GAP + 20 * MS);
        assertThat(probes.ageNanos(START + GAP + 20 * MS)).isZero();
    }

    @Test
    void whatADueProbeIsFoundLateByBeyondOneTickIsNotThePeers() {
        for (long late : new long[] {TICK - 1, TICK, TICK + 1, 100 * TICK}) {
            ProbePolicy policy = policy(ProbeSettings.DEFAULTS);
            policy.matched();
            policy.probed(START);
            assertThat(policy.due(2, 1, START + 1)).isFalse();
            long found = START + GAP + late;
            assertThat(policy.due(2, 1, found)).isTrue();
            assertThat(policy.ageNanos(found)).isEqualTo(Math.min(late, TICK));
            assertThat(policy.due(2, 1, found + 5 * TICK)).isTrue(); // the write was refused: that is the peer's
            assertThat(policy.ageNanos(found + 5 * TICK)).isEqualTo(Math.min(late, TICK) + 5 * TICK);
        }
    }

    @Test
    void aPeerThatNeverAnsweredCannotBeLate() {
        rtt.start(MS, START);
        probeAt(START);
        assertThat(probes.evidence()).isFalse();
        assertThat(probes.ageNanos(START + TIMEOUT)).isZero();
        assertThat(probes.suspect(rtt, START + TIMEOUT)).isFalse();
    }

    @Test
    void isSuspectBeyondTheFloorWhereThatIsTheLargest() {
        rtt.start(MS, START); // srtt 1 ms, rttvar 0.5 ms: 5 ms and 2 ms are less than 50 ms
        isSuspectBeyond(50 * MS);
    }

    @Test
    void isSuspectBeyondEightVariationsWhereThatIsTheLargest() {
        rtt.start(40 * MS, START); // 40 + 8 x 20
        isSuspectBeyond(200 * MS);
    }

    @Test
    void isSuspectBeyondTwoRoundTripsWhereThatIsTheLargest() {
        rtt.start(40 * MS, START);
        for (int i = 0; i < 200; i++) {
            rtt.sample(40 * MS, START);
        }
        isSuspectBeyond(2 * 40 * MS);
    }

    private void isSuspectBeyond(long threshold) {
        probeAt(START);
        pong();
        probeAt(START + GAP);
        assertThat(probes.suspect(rtt, START + GAP + threshold)).isFalse();
        assertThat(probes.suspect(rtt, START + GAP + threshold + 1)).isTrue();
        pong();
        assertThat(probes.suspect(rtt, START + GAP + threshold + 1)).isFalse();
    }

    /** Looks at the channel on every tick, and when the probe is due. The answer never comes. */
    private long suspectAfterWrite(ProbeSettings settings, long writeAt, long tickPhase) {
        ProbePolicy policy = policy(settings);
        pings.add(++payload, 0, 0, START);
        policy.probed(START);
        assertThat(pings.match(payload)).isTrue();
        policy.matched();
        rtt.start(MS, START);
        boolean encoded = false;
        long tick = settings.tick().toNanos();
        long now = START + writeAt;
        long nextTick = now + tickPhase;
        while (!policy.suspect(rtt, now)) {
            if (!encoded && policy.due(2, 1, now)) {
                pings.add(++payload, 2, 0, now);
                policy.probed(now);
                encoded = true;
            }
            boolean probeFirst = policy.waiting() && policy.nextDueNanos() - nextTick < 0;
            now = probeFirst ? policy.nextDueNanos() : nextTick;
            nextTick += probeFirst ? 0 : tick;
        }
        assertThat(pings.match(payload)).isTrue();
        return now - START - writeAt;
    }

    @Test
    void aStallIsNoticedWithinTheBoundOfTheSettingsAndNotSooner() {
        for (ProbeSettings settings : new ProbeSettings[] {ProbeSettings.DEFAULTS, ProbeSettings.LAN}) {
            long gap = settings.gap().toNanos();
            long tick = settings.tick().toNanos();
            long bound = settings.suspectBound(Duration.ofNanos(MS), Duration.ofNanos(MS / 2))
                    .toNanos();
            assertThat(suspectAfterWrite(settings, 0, 0)).as("the worst case").isEqualTo(bound);
            for (long writeAt = 0; writeAt < 2 * gap; writeAt += gap / 7) {
                for (long phase = 0; phase < tick; phase += tick / 5) {
                    assertThat(suspectAfterWrite(settings, writeAt, phase))
                            .isBetween(settings.suspectFloor().toNanos(), bound);
                }
            }
        }
    }

    @Test
    void aPeerThatStopsReadingIsSuspectAlthoughNoProbeCanBeEncoded() {
        rtt.start(MS, START);
        probeAt(START);
        pong();
        assertThat(probes.due(2, 1, START + 2 * GAP)).isTrue();
        assertThat(probes.suspect(rtt, START + 2 * GAP + 50 * MS)).isFalse();
        assertThat(probes.suspect(rtt, START + 2 * GAP + 50 * MS + 1)).isTrue();
    }

    @Test
    void switchedOffItIsNeverDueAndKnowsNoAge() {
        ProbePolicy off = policy(ProbeSettings.OFF);
        rtt.start(MS, START);
        off.matched();
        pings.add(1, 0, 0, START);
        assertThat(off.due(5, 0, START + TIMEOUT)).isFalse();
        assertThat(off.ageNanos(START + TIMEOUT)).isZero();
        assertThat(off.suspect(rtt, START + TIMEOUT)).isFalse();
        assertThat(off.evidence()).isTrue();
    }
}
