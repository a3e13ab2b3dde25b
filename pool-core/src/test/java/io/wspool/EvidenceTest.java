package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.HeartbeatSettings;
import io.wspool.api.Outcome;
import io.wspool.api.PooledChannel;
import io.wspool.testkit.Behaviour;
import io.wspool.testkit.World;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a peer shows counts for what it is: only the pong of an outstanding ping confirms, only whole frames are life. */
class EvidenceTest {
    private static final HeartbeatSettings QUICK =
            new HeartbeatSettings(ofMillis(300), ofMillis(300), 2, 1.5, ofSeconds(60), null);

    @Test
    void aPongThatNobodyAskedForConfirmsNothing() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.lan().channels(1)).accounted();
            scene.server.behaviour().ignorePings(true);
            scene.awaitFull();
            for (int i = 0; i < 200; i++) {
                scene.traffic.send(scene.pool);
                byte[] guess = ByteBuffer.allocate(8)
                        .putLong(world.between(0, Long.MAX_VALUE - 1))
                        .array();
                scene.server.connection(0).sendPong(i % 2 == 0 ? guess : new byte[i % 125]);
                world.run(ofMillis(10));
            }
            assertNothingShown(scene, 200);
            scene.close();
        });
    }

    @Test
    void anAlteredPongConfirmsNothing() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.lan().channels(1)).accounted();
            scene.server.behaviour().pings(Behaviour.Pings.ALTERED);
            scene.awaitFull();
            scene.send(200, ofMillis(20));
            world.run(ofSeconds(2));
            assertNothingShown(scene, 1);
            scene.close();
        });
    }

    private static void assertNothingShown(Scene scene, int pongs) {
        ChannelSnapshot now = scene.pool.channels().get(0).snapshot();
        assertThat(now.unmatchedPongs()).isGreaterThanOrEqualTo(pongs);
        assertThat(now.evidence()).isFalse();
        assertThat(now.rtt().count()).isZero();
        assertThat(scene.traffic.count(Outcome.CONFIRMED)).isZero();
        assertThat(scene.traffic.open()).isEqualTo(200);
    }

    @Test
    void aPeerThatAnswersOnlyTheLastOrTheFirstOfSeveralPingsConfirmsAll() {
        for (Behaviour.Pings answered : new Behaviour.Pings[] {Behaviour.Pings.LAST, Behaviour.Pings.FIRST}) {
            World.run(1, world -> {
                Scene scene = new Scene(world, pool -> pool.lan().channels(2)).accounted();
                scene.server.link().delay(ofMillis(3));
                scene.server.behaviour().pings(answered);
                scene.awaitFull();
                scene.send(200, ofMillis(1));
                world.run(ofSeconds(2));
                assertThat(scene.traffic.count(Outcome.CONFIRMED))
                        .as(answered.toString())
                        .isEqualTo(200);
                scene.close();
            });
        }
    }

    @Test
    void aPongWhosePingWentBetweenTheFragmentsOfAMessageDoesNotConfirmIt() {
        Tally.run("pings between fragments", 10, world -> {
            Scene scene = new Scene(world, pool -> pool.lan().channels(1)).accounted();
            scene.server.link().delay(ofMillis(1)).sendBuffer(8192).window(8192);
            scene.awaitEvidence();
            world.run(ofMillis(10));
            PooledChannel channel = scene.pool.pick();
            long pongs = channel.snapshot().rtt().count();
            scene.traffic.send(scene.pool); // a ping goes with it
            scene.traffic.send(scene.pool); // asks for the next, which has no room before the rest of this:
            scene.traffic.send(scene.pool, (int) world.between(100_000, 200_000)); // more than a send buffer
            long pongsBefore = 0;
            while (scene.traffic.open() > 0) {
                world.run(ofMillis(1));
                pongsBefore = scene.server.ledger().size() == 3
                        ? pongsBefore
                        : channel.snapshot().rtt().count() - pongs;
            }
            assertThat(pongsBefore)
                    .as("pongs before the message was read whole")
                    .isGreaterThan(1);
            scene.close();
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(3);
        });
    }

    @Test
    void aLatePongConfirmsWhatItCovers() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.lan().channels(2)).accounted();
            scene.server.behaviour().pongDelay(ofMillis(700));
            scene.awaitFull();
            scene.send(300, ofMillis(5));
            world.run(ofSeconds(3));
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(300);
            assertThat(scene.heard.steps).noneMatch(step -> step.to() == ChannelState.CLOSED);
            scene.close();
        });
    }

    @Test
    void aDribbleIsNoLife() {
        World.run(1, world -> {
            Scene scene = quick(world);
            PooledChannel channel = scene.pool.pick();
            long lastFrame = world.nowNanos();
            scene.serverEnd(channel).behaviour().dribble(ofMillis(10));
            scene.serverEnd(channel).sendBinary(new byte[4000]); // whole after 40 s; pongs wait behind it
            scene.await("closed", ofSeconds(5), () -> channel.state() == ChannelState.CLOSED);
            assertThat(channel.closeCause().kind()).isEqualTo(CloseCause.Kind.HEARTBEAT_TIMEOUT);
            assertThat(ofNanos(world.nowNanos() - lastFrame)).isBetween(QUICK.detectionBound(), ofMillis(1_070));
            scene.close();
        });
    }

    @Test
    void aLargeMessageThatComesAtFourKibibytesAnIntervalIsLife() {
        World.run(1, world -> {
            Scene scene = quick(world);
            PooledChannel channel = scene.pool.pick();
            Duration perByte = QUICK.interval().dividedBy(4096 + 600); // a little faster than that
            scene.serverEnd(channel).behaviour().dribble(perByte);
            scene.serverEnd(channel).sendBinary(new byte[25_000]);
            world.run(QUICK.detectionBound().plus(QUICK.interval()));
            assertThat(channel.state()).isEqualTo(ChannelState.OPEN);
            assertThat(scene.heard.misses).isZero();
            scene.close();
        });
    }

    private static Scene quick(World world) {
        Scene scene =
                new Scene(world, pool -> pool.channels(1).maxConnections(1).heartbeat(QUICK));
        scene.awaitEvidence();
        return scene;
    }
}
