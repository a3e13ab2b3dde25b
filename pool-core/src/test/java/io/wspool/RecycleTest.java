package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.BudgetSettings;
import io.wspool.api.CloseCause;
import io.wspool.api.CloseSettings;
import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.RecycleSettings;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

/** Recycling replaces the stalest channel without a gap and without a doubt about any message. */
class RecycleTest {
    private static final int CHANNELS = 4;
    private static final int SEEDS = 10;
    private static final int RECYCLES_PER_SEED = 100;

    private long recycles;

    @Test
    void aThousandRecyclesLeaveNoMessageUnaccountedAndNoGap() {
        Tally tally = new Tally("recycles");
        for (long seed = 1; seed <= SEEDS; seed++) {
            tally.tell(seed, this::recycle);
        }
        tally.print("; " + recycles + " recycles");
        assertThat(recycles).isEqualTo(SEEDS * RECYCLES_PER_SEED);
    }

    private void recycle(World world) {
        Scene scene = new Scene(
                world, pool -> pool.lan().channels(CHANNELS).loops(2).budget(new BudgetSettings(1000, 100, 1)));
        scene.server.link().delay(ofMillis(1)).jitter(ofMillis(1)).reads(1, 400).writes(1, 400);
        scene.awaitFull();
        world.everyStep(() -> {
            int live = scene.pool.channels().size();
            if (live < CHANNELS && scene.pool.state() != PoolState.CLOSING && scene.pool.state() != PoolState.CLOSED) {
                throw new AssertionError("a gap: " + live + " live channels");
            }
        });
        for (int i = 1; i <= RECYCLES_PER_SEED; i++) {
            scene.pool.recycleStalest();
            while (scene.heard.recyclings.size() < i) {
                scene.send(1, ofMillis(1));
            }
        }
        assertThat(scene.heard.recyclings)
                .allMatch(recycling -> !recycling.overlap().isNegative());
        assertThat(scene.server.accepted()).isEqualTo(CHANNELS + RECYCLES_PER_SEED);
        assertThat(scene.pool.snapshot().recycled()).isEqualTo(RECYCLES_PER_SEED);
        recycles += scene.heard.recyclings.size();
        scene.close();
        assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
        assertThat(scene.traffic.accepted()).isGreaterThan(RECYCLES_PER_SEED);
    }

    @Test
    void theStalestIsTheOneWhoseApplicationDataIsOldestWhateverItsAge() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(CHANNELS));
            scene.awaitFull();
            for (int slot : new int[] {2, 0, 3, 1}) {
                world.run(ofSeconds(20));
                scene.traffic.send(scene.channelAt(slot));
            }
            world.run(ofSeconds(20)); // heartbeats go meanwhile, and do not count
            PooledChannel stalest = scene.channelAt(2);
            scene.pool.recycleStalest();
            scene.await("recycled", ofSeconds(10), () -> !scene.heard.recyclings.isEmpty());
            assertThat(scene.heard.recyclings.get(0).old().id()).isEqualTo(stalest.id());
            assertThat(scene.heard.closed(stalest.id()).cause().kind()).isEqualTo(CloseCause.Kind.RECYCLED);
            assertThat(scene.heard.closed(stalest.id()).cause().clean()).isTrue();
            scene.close();
        });
    }

    @Test
    void aLifetimeEndsEachChannelOneAfterTheOther() {
        World.run(1, world -> {
            Duration lifetime = ofMinutes(10);
            Scene scene = new Scene(world, pool -> pool.channels(CHANNELS).maxLifetime(lifetime));
            scene.awaitFull();
            world.run(lifetime.multipliedBy(4));
            // nobody lives longer than his lifetime and the wait for the others' turns, nobody shorter than its
            // variance allows
            Duration longest = lifetime.plus(RecycleSettings.DEFAULTS.spacing().multipliedBy(CHANNELS))
                    .plusSeconds(10);
            assertThat(scene.heard.recyclings)
                    .hasSizeBetween(3 * CHANNELS, 5 * CHANNELS)
                    .allSatisfy(recycling -> {
                        assertThat(recycling.old().openFor())
                                .isBetween(lifetime.multipliedBy(9).dividedBy(10), longest);
                        assertThat(recycling.overlap()).isGreaterThanOrEqualTo(Duration.ZERO);
                    });
            assertThat(scene.heard.recyclings).isSortedAccordingTo(Comparator.comparingLong(Heard.Recycling::at));
            for (int i = 1; i < scene.heard.recyclings.size(); i++) {
                long between = scene.heard.recyclings.get(i).at()
                        - scene.heard.recyclings.get(i - 1).at();
                assertThat(between).isGreaterThan(ofSeconds(9).toNanos());
            }
            scene.close();
        });
    }

    @Test
    void aPinnedChannelIsLeftAloneAndToldOnce() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(2).maxLifetime(ofMinutes(10)));
            scene.awaitFull();
            PooledChannel pinned = scene.channelAt(0);
            pinned.pinned(true);
            world.run(ofMinutes(60));
            scene.pool.recycleStalest();
            world.run(ofMinutes(1));
            assertThat(scene.pool.channels()).contains(pinned);
            assertThat(scene.heard.skipped).hasSize(1);
            assertThat(scene.heard.skipped.get(0).id()).isEqualTo(pinned.id());
            assertThat(scene.heard.recyclings)
                    .isNotEmpty()
                    .noneMatch(recycling -> recycling.old().id() == pinned.id());

            pinned.pinned(false);
            world.run(ofMinutes(10));
            assertThat(scene.pool.channels()).doesNotContain(pinned);
            scene.close();
        });
    }

    @Test
    void theEndOfSlowStartIsNoRecoveryThatWouldCancelIt() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(2));
            scene.server.behaviour().upgradeDelay(ofMillis(100));
            scene.awaitFull();
            scene.pool.recycleStalest();
            world.run(ofSeconds(3));
            assertThat(scene.heard.recyclings).hasSize(1);
            assertThat(scene.server.accepted()).isEqualTo(3);
            scene.close();
        });
    }

    @Test
    void whereTheSuccessorCannotBeOpenedTheOldOneStays() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(2));
            scene.awaitFull();
            scene.server.refuse();
            scene.pool.recycleStalest();
            for (int i = 0; i < 600; i++) {
                scene.send(1, ofMillis(200));
                assertThat(scene.pool.channels()).hasSize(2);
            }
            assertThat(scene.heard.recyclings).isEmpty();
            assertThat(scene.server.accepted()).isEqualTo(2);
            scene.close();
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(600);
        });
    }

    @Test
    void aServerThatIsKilledInMidDrainLeavesUnknownWhatWasUnconfirmed() {
        World.run(1, world -> {
            Scene scene = new Scene(
                    world, pool -> pool.channels(2).closeTimeouts(new CloseSettings(ofSeconds(5), ofSeconds(2))));
            scene.server.link().delay(ofMillis(5));
            scene.awaitEvidence();
            PooledChannel old = scene.pool.pick();
            scene.traffic.send(old, 100, 10);
            world.onLoop(scene.pool::close);
            world.run(ofMillis(3)); // drains: nothing has come back yet
            assertThat(scene.traffic.open()).isEqualTo(10);
            scene.server.stop();
            scene.await("ended", ofSeconds(10), () -> scene.pool.state() == PoolState.CLOSED);
            scene.accounted().law.checkSettled();
            assertThat(scene.traffic.count(Outcome.UNKNOWN)).isEqualTo(10);
        });
    }
}
