package io.wspool.health;

import static io.wspool.health.HeartbeatSchedule.Decision.DEAD;
import static io.wspool.health.HeartbeatSchedule.Decision.MISS;
import static io.wspool.health.HeartbeatSchedule.Decision.NOTHING;
import static io.wspool.health.HeartbeatSchedule.Decision.PING;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.HeartbeatSettings;
import io.wspool.health.HeartbeatSchedule.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeartbeatScheduleTest {
    private static final long MS = 1_000_000;
    /** The last frame. */
    private static final long START = Clock.overflowingIn(10_000 * MS);

    private final HeartbeatSchedule schedule = new HeartbeatSchedule(HeartbeatSettings.DEFAULTS, START + 15_000 * MS);
    private final List<String> events = new ArrayList<>();

    private Decision pollAt(long millis) {
        return schedule.poll(START + millis * MS);
    }

    /** Polls in steps until the time given, as a loop would; each ping is taken by the kernel at once. */
    private void stepUntil(long millis, long stepMillis) {
        for (long at = stepMillis; at <= millis; at += stepMillis) {
            Decision decision = pollAt(at);
            while (decision != NOTHING) {
                events.add(decision + " " + at);
                if (decision == DEAD) {
                    return;
                }
                if (decision == PING) {
                    schedule.taken(START + at * MS);
                }
                decision = pollAt(at);
            }
        }
    }

    @Test
    void pingsAtFifteenFortyFiveAndSeventyEightSecondsAndThenGivesUp() {
        stepUntil(200_000, 50);
        assertThat(events)
                .containsExactly("PING 15000", "MISS 45000", "PING 45000", "MISS 75000", "PING 78750", "DEAD 108750");
    }

    @Test
    void isOpenAt108Point7SecondsAndDeadAt108Point8() {
        stepUntil(108_700, 50);
        assertThat(events).doesNotContain("DEAD 108700").hasSize(5);
        assertThat(pollAt(108_700)).isEqualTo(NOTHING);
        assertThat(pollAt(108_800)).isEqualTo(DEAD);
        assertThat(schedule.misses()).isEqualTo(3);
    }

    static Stream<HeartbeatSettings> settings() {
        return Stream.of(
                HeartbeatSettings.DEFAULTS,
                HeartbeatSettings.LAN,
                of(300, 300, 2, 1.5, 60_000),
                of(300, 300, 1, 1.5, 60_000),
                of(1_000, 100, 5, 1.0, 60_000),
                of(1_000, 100, 8, 2.0, 4_000),
                of(1_000, 5_000, 8, 10.0, 2_000));
    }

    private static HeartbeatSettings of(long interval, long timeout, int misses, double factor, long cap) {
        return new HeartbeatSettings(
                Duration.ofMillis(interval), Duration.ofMillis(timeout), misses, factor, Duration.ofMillis(cap), null);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theBoundOfTheSettingsIsTheTimeOfDeathToTheNanosecond(HeartbeatSettings settings) {
        HeartbeatSchedule punctual =
                new HeartbeatSchedule(settings, START + settings.interval().toNanos());
        long bound = settings.detectionBound().toNanos();
        while (punctual.nextDueNanos() - START < bound) {
            long now = punctual.nextDueNanos();
            assertThat(punctual.poll(now - 1)).isEqualTo(NOTHING);
            if (punctual.poll(now) == PING) {
                punctual.taken(now);
            }
        }
        assertThat(punctual.poll(START + bound - 1)).isEqualTo(NOTHING);
        assertThat(punctual.poll(START + bound)).isEqualTo(DEAD);
        assertThat(punctual.misses()).isEqualTo(settings.misses());
    }

    @Test
    void theBoundsAreTheOnesThatWePromise() {
        assertThat(HeartbeatSettings.DEFAULTS.detectionBound()).isEqualTo(Duration.ofMillis(108_750));
        assertThat(HeartbeatSettings.LAN.detectionBound()).isEqualTo(Duration.ofMillis(3_500));
        assertThat(of(300, 300, 2, 1.5, 60_000).detectionBound()).isEqualTo(Duration.ofMillis(1_050));
    }

    @Test
    void thePingsTimeRunsFromWhenTheKernelTookIt() {
        assertThat(pollAt(15_000)).isEqualTo(PING);
        schedule.taken(START + 20_000 * MS);
        schedule.taken(START + 30_000 * MS); // said again: the first counts
        assertThat(pollAt(49_999)).isEqualTo(NOTHING);
        assertThat(pollAt(50_000)).isEqualTo(MISS);
        assertThat(pollAt(50_000)).as("30 s after the first ping are over").isEqualTo(PING);
    }

    @Test
    void everyPingHasItsOwnTimeFromTheKernel() {
        assertThat(pollAt(15_000)).isEqualTo(PING);
        schedule.taken(START + 15_000 * MS);
        assertThat(pollAt(45_000)).isEqualTo(MISS);
        assertThat(pollAt(45_000)).isEqualTo(PING);
        schedule.taken(START + 50_000 * MS);
        assertThat(pollAt(79_999)).isEqualTo(NOTHING);
        assertThat(pollAt(80_000)).isEqualTo(MISS);
    }

    @Test
    void aPingThatCannotBeWrittenIsMissedAllTheSame() {
        assertThat(pollAt(15_000)).isEqualTo(PING);
        schedule.blockedSince(START + 3_000 * MS); // before the ping: takes nothing away from its own 30 s
        assertThat(pollAt(44_999)).isEqualTo(NOTHING);
        assertThat(pollAt(45_000)).isEqualTo(MISS);
    }

    @Test
    void eachByteTakenPutsOffTheMissOfABlockedPing() {
        assertThat(pollAt(15_000)).isEqualTo(PING);
        schedule.blockedSince(START + 40_000 * MS);
        schedule.blockedSince(START + 35_000 * MS); // an older word changes nothing
        assertThat(pollAt(69_999)).isEqualTo(NOTHING);
        assertThat(pollAt(70_000)).isEqualTo(MISS);
    }

    @Test
    void bytesTakenBehindAWrittenPingProveNothing() {
        assertThat(pollAt(15_000)).isEqualTo(PING);
        schedule.taken(START + 15_000 * MS);
        schedule.blockedSince(START + 40_000 * MS);
        assertThat(pollAt(45_000)).isEqualTo(MISS);
    }

    @Test
    void aChannelThatNeverTakesAByteDiesWithinTheSameBound() {
        List<Long> deaths = new ArrayList<>();
        for (long at = 50; at <= 200_000 && deaths.isEmpty(); at += 50) {
            for (Decision d = pollAt(at); d != NOTHING && deaths.isEmpty(); d = pollAt(at)) {
                schedule.blockedSince(START);
                if (d == DEAD) {
                    deaths.add(at);
                }
            }
        }
        assertThat(deaths).containsExactly(108_750L);
    }

    @Test
    void aJumpOfTheClockFindsOneMissAtMostAndNeverDeath() {
        assertThat(pollAt(3_600_000)).isEqualTo(PING);
        assertThat(pollAt(3_600_000)).isEqualTo(NOTHING);
        assertThat(pollAt(7_200_000)).isEqualTo(MISS);
        assertThat(pollAt(7_200_000)).isEqualTo(PING);
        assertThat(pollAt(7_200_000)).isEqualTo(NOTHING);
    }

    @Test
    void deathIsFinal() {
        stepUntil(200_000, 50);
        assertThat(pollAt(109_000)).isEqualTo(DEAD);
    }
}
