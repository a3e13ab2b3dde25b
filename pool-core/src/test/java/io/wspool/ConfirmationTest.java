package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.Outcome;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.testkit.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What was sent is confirmed soon, though the sender falls silent and the peer never does. */
class ConfirmationTest {
    private static final int SEEDS = 300;
    private static final int BURSTS = 4;

    private long slowestPercent;

    @Test
    void aBurstFollowedBySilenceIsConfirmedWhileAFeedRunsInbound() {
        Tally tally = new Tally("bursts before silence");
        for (long seed = 1; seed <= SEEDS; seed++) {
            tally.tell(seed, this::bursts);
        }
        tally.print("; the slowest took " + slowestPercent + " % of the bound");
        assertThat(slowestPercent)
                .as("the bound is reached, or this test cannot fail")
                .isGreaterThan(80);
    }

    private void bursts(World world) {
        Duration gap = ofMillis(new int[] {1, 10, 100, 1000}[(int) world.between(0, 3)]);
        Duration oneWay = ofNanos(world.between(50_000, 40_000_000));
        // a floor above the round trip, and one place: nothing is suspected or chosen here
        ProbeSettings probe = new ProbeSettings(gap, ofSeconds(1));
        Scene scene =
                new Scene(world, pool -> pool.channels(1).maxConnections(1).probe(probe));
        scene.server.link().delay(oneWay);
        scene.server.behaviour().feed(64, ofNanos(world.between(1_000_000, 20_000_000)));
        scene.awaitEvidence();

        Duration roundTrip = oneWay.multipliedBy(2);
        Duration bound =
                (gap.compareTo(roundTrip) > 0 ? gap : roundTrip).plus(roundTrip).plus(probe.tick());
        PooledChannel channel = scene.pool.channels().get(0);
        for (int burst = 0; burst < BURSTS; burst++) {
            long spread = world.between(0, 1) == 0 ? 0 : world.between(0, 2 * gap.toNanos());
            int count = (int) world.between(1, 60);
            for (int i = 0; i < count; i++) {
                world.step(world.between(0, spread / count));
                scene.traffic.send(scene.pool, (int) world.between(8, 200));
            }
            long lastAt = world.nowNanos();
            scene.await("confirmed", ofSeconds(10), () -> scene.traffic.open() == 0);
            Duration took = ofNanos(world.nowNanos() - lastAt);
            assertThat(took).isLessThanOrEqualTo(bound);
            slowestPercent = Math.max(slowestPercent, 100 * took.toNanos() / bound.toNanos());
            world.step(world.between(0, 2 * gap.toNanos()));
        }
        assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
        assertThat(scene.pool.channels()).containsExactly(channel);
        scene.close();
    }
}
