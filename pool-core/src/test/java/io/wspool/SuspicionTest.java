package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelState;
import io.wspool.api.DispatchPolicy;
import io.wspool.api.Outcome;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import io.wspool.api.Standing;
import io.wspool.testkit.World;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Quick to suspect: what suspicion does to routing, how it ends, and when it is given up. */
class SuspicionTest {
    private static final int CHANNELS = 4;

    private static Scene scene(World world) {
        Scene scene = new Scene(world, pool -> pool.lan().channels(CHANNELS));
        scene.server.link().delay(ofMillis(1)).sendBuffer(4096).window(4096);
        scene.awaitEvidence();
        scene.send(40, ofMillis(2));
        world.run(ofMillis(300)); // no slow start any more
        return scene.accounted();
    }

    private static void stall(Scene scene, List<PooledChannel> channels) {
        channels.forEach(channel -> scene.serverEnd(channel).blackHole());
        while (channels.stream().anyMatch(channel -> channel.standing() != Standing.SUSPECT)) {
            channels.forEach(channel -> scene.traffic.send(channel));
            scene.world.step(500_000);
        }
    }

    private static PooledChannel stall(Scene scene) {
        PooledChannel channel = scene.pool.pick();
        scene.serverEnd(channel).blackHole();
        scene.await("suspect", ofMillis(50), () -> {
            scene.traffic.send(scene.pool);
            return channel.standing() == Standing.SUSPECT;
        });
        return channel;
    }

    private static Set<PooledChannel> picks(Scene scene) {
        Set<PooledChannel> picked = new HashSet<>();
        for (int i = 0; i < 3 * CHANNELS; i++) {
            picked.add(scene.pool.pick());
        }
        return picked;
    }

    @Test
    void aBusyChannelWhoseProbeIsNotDueYetIsLeftAlone() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(1).maxConnections(1));
            scene.awaitEvidence();
            scene.send(1, ofMillis(1)); // takes the probe of this second with it
            world.run(ofMillis(20));
            AtomicInteger steps = new AtomicInteger();
            world.everyStep(steps::incrementAndGet);
            scene.send(1, ofMillis(1));
            world.run(ofMillis(900));
            assertThat(scene.traffic.open())
                    .as("not confirmed: no probe has gone")
                    .isOne();
            assertThat(steps).hasValueLessThan(40); // at ten milliseconds each these would be 90
            world.run(ofMillis(200));
            assertThat(scene.traffic.open()).isZero();
            scene.close();
        });
    }

    @Test
    void aSuspectChannelIsGivenNothingAndComesBackByAnAnsweredProbe() {
        World.run(1, world -> {
            Scene scene = scene(world);
            PooledChannel channel = stall(scene);
            long outstanding = Scene.outstandingBytes(channel);
            scene.send(200, ofMillis(4));
            assertThat(Scene.outstandingBytes(channel)).as("nothing new").isEqualTo(outstanding);
            scene.serverEnd(channel).heal();
            scene.await("well again", ofMillis(20), () -> channel.standing() == Standing.GOOD);
            world.run(ofSeconds(10));
            assertThat(scene.traffic.open()).isZero();
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
            assertThat(scene.server.accepted()).as("no dial").isEqualTo(CHANNELS);
            assertThat(scene.pool.channels()).contains(channel);
            scene.close();
        });
    }

    @Test
    void whatWaitsOnASuspectChannelMovesUnlessItIsBound() {
        World.run(1, world -> {
            Scene scene = scene(world);
            PooledChannel channel = scene.pool.pick();
            scene.serverEnd(channel).stopReading();
            assertThat(scene.traffic.send(channel, 512, 20)).isEqualTo(20); // more than window and send buffer
            world.run(ofMillis(3));
            int bound = scene.traffic.send(channel, 8, 5);
            int moveable = 0;
            while (channel.standing() != Standing.SUSPECT) {
                long before = Scene.outstandingBytes(channel);
                assertThat(scene.traffic.send(scene.pool, 8)).isEqualTo(SendResult.ACCEPTED);
                moveable += Scene.outstandingBytes(channel) > before ? 1 : 0;
                world.step(200_000);
            }
            assertThat(moveable).as("sends that went there before").isPositive();
            world.run(ofMillis(50));
            assertThat(channel.snapshot().account().movedOut()).isEqualTo(moveable);
            assertThat(channel.snapshot().waitingMessages()).isGreaterThanOrEqualTo(bound);
            scene.serverEnd(channel).resumeReading();
            world.run(ofSeconds(1));
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
            assertThat(scene.server.ledger().idsOf(scene.serverEnd(channel)))
                    .as("order")
                    .isSorted();
            scene.close();
        });
    }

    @Test
    void threeSecondsOfItBringAReplacementAndTheOldOneDrains() {
        World.run(1, world -> {
            Scene scene = scene(world);
            PooledChannel channel = scene.pool.pick();
            // replies come so late that it is suspect, and yet lives
            scene.serverEnd(channel).behaviour().pongDelay(ofMillis(500));
            scene.serverEnd(channel).feed(8, ofMillis(100));
            long suspectAt = -1;
            while (scene.server.accepted() == CHANNELS
                    && world.nowNanos() < ofSeconds(30).toNanos()) {
                scene.traffic.send(channel);
                world.run(ofMillis(1));
                if (scene.heard.stoodAt(channel.id(), Standing.SUSPECT) > 0 && suspectAt < 0) {
                    suspectAt = scene.heard.stoodAt(channel.id(), Standing.SUSPECT);
                    scene.serverEnd(channel).loseReplies();
                    scene.serverEnd(channel).loseRequests();
                }
            }
            assertThat(world.nowNanos() - suspectAt)
                    .as("dial after")
                    .isBetween(ofSeconds(3).toNanos(), ofMillis(3010).toNanos());
            assertThat(channel.state()).isEqualTo(ChannelState.OPEN);
            scene.await("replaced", ofMillis(100), () -> channel.standing() == Standing.DRAINING);
            assertThat(scene.pool.channels()).hasSize(CHANNELS).doesNotContain(channel);
            scene.await("recycled", ofSeconds(10), () -> !scene.heard.recyclings.isEmpty());
            scene.close();
        });
    }

    @Test
    void recoveryBeforeTheSuccessorIsOpenCancelsItsDial() {
        World.run(1, world -> {
            // a heartbeat that is patient, so that suspicion alone acts
            Scene scene = new Scene(world, pool -> pool.probe(ProbeSettings.LAN).channels(CHANNELS));
            scene.server.link().delay(ofMillis(1));
            scene.awaitEvidence();
            PooledChannel channel = stall(scene);
            scene.server.hang();
            scene.await("a dial", ofMillis(3100), () -> world.network().dials() == CHANNELS + 1);
            assertThat(world.network().openDescriptors()).isEqualTo(CHANNELS + 1);
            scene.serverEnd(channel).heal();
            scene.await("well again", ofMillis(20), () -> channel.standing() == Standing.GOOD);
            world.step(1);
            assertThat(world.network().openDescriptors()).isEqualTo(CHANNELS);
            scene.server.open();
            world.run(ofSeconds(20));
            assertThat(world.network().dials()).isEqualTo(CHANNELS + 1);
            assertThat(scene.heard.recyclings).isEmpty();
            assertThat(scene.pool.channels()).hasSize(CHANNELS).contains(channel);
            scene.close();
        });
    }

    @Test
    void moreThanHalfSuspectIsPanicAllAreUsedNothingIsMovedAndItIsTold() {
        World.run(1, world -> {
            Scene scene = scene(world);
            List<PooledChannel> all = scene.pool.channels();
            List<PooledChannel> stalled = all.subList(0, 3);
            stalled.forEach(channel -> scene.serverEnd(channel).blackHole());
            // each has more than its kernel takes, so that something waits which the pool had placed
            while (stalled.stream().anyMatch(channel -> channel.standing() != Standing.SUSPECT)) {
                stalled.forEach(channel -> scene.traffic.send(channel, 512, 10));
                world.step(500_000);
            }
            assertThat(scene.heard.panics).containsExactly(true);
            assertThat(scene.pool.snapshot().panic()).isTrue();
            long moved = scene.pool.snapshot().account().movedOut();
            long taken = all.get(3).snapshot().account().accepted();
            long[] before = stalled.stream().mapToLong(Scene::outstandingBytes).toArray();
            scene.send(100, ofMillis(1));
            assertThat(scene.pool.snapshot().account().movedOut()).isEqualTo(moved);
            // the well one is still the cheapest: it is used because it is best, not because the others are excluded
            assertThat(all.get(3).snapshot().account().accepted() - taken).isEqualTo(100);
            assertThat(stalled.stream().mapToLong(Scene::outstandingBytes).toArray())
                    .isEqualTo(before);
            // and with it gone the suspects are used
            scene.serverEnd(all.get(3)).reset();
            world.run(ofMillis(5));
            assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.ACCEPTED);
            stalled.forEach(channel -> scene.serverEnd(channel).heal());
            world.run(ofSeconds(2));
            assertThat(scene.heard.panics).endsWith(false);
            assertThat(scene.traffic.open()).isZero();
            scene.close();
        });
    }

    @Test
    void halfSuspectIsNoPanic() {
        World.run(1, world -> {
            Scene scene = scene(world);
            stall(scene, scene.pool.channels().subList(0, 2));
            world.run(ofSeconds(1));
            assertThat(scene.heard.panics).isEmpty();
            scene.close();
        });
    }

    @Test
    void takenInTurnSuspectsArePassedOverUntilTheyAreMoreThanHalf() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.lan().channels(CHANNELS).dispatch(DispatchPolicy.ROUND_ROBIN));
            scene.awaitEvidence();
            List<PooledChannel> all = scene.pool.channels();
            assertThat(picks(scene)).containsExactlyInAnyOrderElementsOf(all);
            stall(scene, all.subList(0, 2));
            assertThat(picks(scene)).containsExactlyInAnyOrderElementsOf(all.subList(2, CHANNELS));
            stall(scene, all.subList(2, 3));
            assertThat(scene.heard.panics).containsExactly(true);
            assertThat(picks(scene)).containsExactlyInAnyOrderElementsOf(all);
            scene.close();
        });
    }
}
