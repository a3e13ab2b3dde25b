package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.HeartbeatSettings;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.testkit.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A dead channel is closed when {@code detectionBound()} says so, and not before. */
class DetectionTest {
    @Test
    void atTheDefaultsItIsOpenAt108700MillisecondsAndClosedAt108800() {
        deadOnBothSides(HeartbeatSettings.DEFAULTS, ofMillis(108_700), ofMillis(108_800));
    }

    @Test
    void inLanItIsOpenBefore3500MillisecondsAndClosedSoonAfter() {
        deadOnBothSides(HeartbeatSettings.LAN, ofMillis(3_499), ofMillis(3_520));
    }

    @Test
    void withTwoPingsOf300MillisecondsItIsOpenBefore1050AndClosedSoonAfter() {
        HeartbeatSettings quick = new HeartbeatSettings(ofMillis(300), ofMillis(300), 2, 1.5, ofSeconds(60), null);
        deadOnBothSides(quick, ofMillis(1_049), ofMillis(1_070));
    }

    private static void deadOnBothSides(HeartbeatSettings heartbeat, Duration open, Duration closed) {
        assertThat(heartbeat.detectionBound()).isBetween(open, closed);
        Tally.run("detection bound of " + heartbeat.detectionBound(), 20, world -> {
            Scene scene =
                    new Scene(world, pool -> pool.channels(1).maxConnections(1).heartbeat(heartbeat));
            scene.server.link().delay(Duration.ofNanos(world.between(1, 5_000_000)));
            scene.awaitEvidence(); // by a pong that has just come: its last complete frame
            PooledChannel channel = scene.pool.pick();
            scene.serverEnd(channel).blackHole();
            world.run(open);
            assertThat(channel.state()).as("just before").isEqualTo(ChannelState.OPEN);
            assertThat(scene.heard.misses).isEqualTo(heartbeat.misses() - 1);
            world.run(closed.minus(open));
            assertThat(channel.state()).as("just after").isEqualTo(ChannelState.CLOSED);
            assertThat(scene.heard.misses).isEqualTo(heartbeat.misses());
            CloseCause cause = scene.heard.closed(channel.id()).cause();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.HEARTBEAT_TIMEOUT);
            assertThat(cause.clean()).isFalse();
            scene.close();
        });
    }

    @Test
    void aFrameJustInTimeBeginsTheBoundAnew() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(1).maxConnections(1));
            scene.awaitEvidence();
            PooledChannel channel = scene.pool.pick();
            scene.serverEnd(channel).behaviour().ignorePings(true);
            world.run(ofMillis(108_700));
            assertThat(channel.snapshot().misses()).isEqualTo(2);
            scene.serverEnd(channel).sendText("still here");
            world.run(ofMillis(10));
            assertThat(channel.snapshot().misses()).as("forgotten").isZero();
            world.run(ofMillis(108_690));
            assertThat(channel.state()).isEqualTo(ChannelState.OPEN);
            world.run(ofMillis(100));
            assertThat(channel.state()).isEqualTo(ChannelState.CLOSED);
            assertThat(scene.server.connection(0).closeCode())
                    .as("the article's code, offered once")
                    .isEqualTo(1002);
            scene.close();
        });
    }

    @Test
    void theTickOfFastProbesMakesItNoLater() {
        Duration bound = HeartbeatSettings.LAN.detectionBound();
        World.run(1, world -> {
            Scene scene = new Scene(
                    world,
                    pool -> pool.channels(1)
                            .maxConnections(1)
                            .heartbeat(HeartbeatSettings.LAN)
                            .probe(ProbeSettings.LAN));
            scene.awaitEvidence();
            PooledChannel channel = scene.pool.pick();
            scene.serverEnd(channel).blackHole();
            world.run(bound.minusMillis(1));
            assertThat(channel.state()).isEqualTo(ChannelState.OPEN);
            world.run(ofMillis(1 + HeartbeatSettings.LAN.misses()));
            assertThat(channel.state()).isEqualTo(ChannelState.CLOSED);
            scene.close();
        });
    }
}
