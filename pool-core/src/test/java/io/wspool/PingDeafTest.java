package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.CloseCause;
import io.wspool.api.HeartbeatSettings;
import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.SlotSnapshot;
import io.wspool.api.Standing;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Proxies drop pings: an endpoint that ignores them while its data comes is told, watched, and left in peace. */
class PingDeafTest {
    private static final int CHANNELS = 3;

    @Test
    void isMarkedOnceAndNotRecycledOnceInTenMinutes() {
        Tally.run("ping-deaf, with traffic", 8, world -> {
            Scene scene = deaf(world, pool -> pool.channels(CHANNELS));
            for (long end = world.nowNanos() + ofMinutes(10).toNanos(); world.nowNanos() < end; ) {
                scene.send(1, ofSeconds(2));
            }
            assertThat(scene.heard.deaf).hasSize(CHANNELS);
            assertThat(scene.heard.deaf.stream().map(ChannelSnapshot::id).distinct())
                    .hasSize(CHANNELS);
            assertUntouched(scene);
            for (SlotSnapshot place : scene.pool.snapshot().slots()) {
                assertThat(place.channel().pingDeaf()).isTrue();
                assertThat(place.channel().evidence()).isFalse();
            }
            scene.close();
            assertThat(scene.traffic.count(Outcome.UNKNOWN)).isEqualTo(scene.traffic.accepted());
        });
    }

    @Test
    void isMarkedWithinThreeOfTheHeartbeatsTimeouts() {
        World.run(1, world -> {
            Scene scene = deaf(world, pool -> pool.channels(1));
            long opened = scene.heard.opened(1).at();
            while (scene.heard.deaf.isEmpty() && world.nowNanos() < ofMinutes(3).toNanos()) {
                scene.send(1, ofMillis(500));
            }
            Duration timeout = HeartbeatSettings.DEFAULTS.timeout();
            assertThat(ofNanos(world.nowNanos() - opened))
                    .isBetween(timeout, timeout.multipliedBy(3).plusSeconds(2));
            scene.close();
        });
    }

    @Test
    void withoutTrafficOfOursNothingIsMarkedAndNothingIsClosed() {
        Tally.run("ping-deaf, nothing sent", 2, world -> {
            Scene scene = deaf(world, pool -> pool.channels(CHANNELS));
            world.run(ofMinutes(10));
            assertThat(scene.heard.deaf).isEmpty();
            assertUntouched(scene);
            scene.close();
        });
    }

    @Test
    void aMatchedPongBeforeTheThirdIsOverdueMeansThatNothingIsMarked() {
        World.run(1, world -> {
            Scene scene = deaf(world, pool -> pool.channels(1));
            world.after(ofSeconds(50), () -> scene.server.behaviour().ignorePings(false));
            for (long end = ofMinutes(10).toNanos(); world.nowNanos() < end; ) {
                scene.send(1, ofSeconds(1));
            }
            assertThat(scene.heard.deaf).isEmpty();
            scene.close();
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
        });
    }

    @Test
    void aMatchedPongAfterItWasMarkedLiftsItForGood() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(1));
            scene.server.behaviour().ignorePings(true);
            scene.awaitFull();
            PooledChannel channel = scene.pool.pick();
            talk(scene, channel);
            assertThat(channel.snapshot().pingDeaf()).isTrue();
            scene.serverEnd(channel).behaviour().ignorePings(false);
            world.run(ofMinutes(1)); // silence, so a heartbeat
            assertThat(channel.snapshot().pingDeaf()).isFalse();
            assertThat(channel.snapshot().evidence()).isTrue();
            scene.serverEnd(channel).behaviour().ignorePings(true);
            scene.send(1, ofSeconds(2));
            assertThat(channel.standing()).as("silence means something now").isEqualTo(Standing.SUSPECT);
            assertThat(scene.heard.deaf).as("said once").hasSize(1);
            scene.close();
        });
    }

    @Test
    void idleItStillDiesByTheHeartbeat() {
        World.run(1, world -> {
            Scene scene = deaf(world, pool -> pool.channels(1));
            scene.await("deaf", ofMinutes(4), () -> {
                scene.traffic.send(scene.pool);
                return !scene.heard.deaf.isEmpty();
            });
            PooledChannel channel = scene.pool.channels().get(0);
            scene.serverEnd(channel).loseReplies();
            long quietSince = world.nowNanos();
            scene.await("closed", ofMinutes(3), () -> scene.heard.closed(channel.id()) != null);
            Heard.Step closed = scene.heard.closed(channel.id());
            assertThat(closed.cause().kind()).isEqualTo(CloseCause.Kind.HEARTBEAT_TIMEOUT);
            assertThat(ofNanos(closed.at() - quietSince)).isBetween(ofMillis(108_650), ofMillis(108_800));
            scene.close();
        });
    }

    private static void talk(Scene scene, PooledChannel channel) {
        for (int i = 0; i < 3 * 60; i++) {
            scene.serverEnd(channel).sendText("still here");
            scene.send(1, ofSeconds(1));
        }
    }

    private static Scene deaf(World world, UnaryOperator<WebSocketPoolBuilder> settings) {
        Scene scene = new Scene(world, settings);
        scene.server.behaviour().ignorePings(true).feed(64, ofMillis(100));
        scene.awaitFull();
        return scene;
    }

    private static void assertUntouched(Scene scene) {
        assertThat(scene.pool.state()).isEqualTo(PoolState.FULL);
        assertThat(scene.server.accepted()).isEqualTo(CHANNELS);
        assertThat(scene.heard.recyclings).isEmpty();
        assertThat(scene.heard.misses).isZero();
        assertThat(scene.heard.standings).noneMatch(stood -> stood.to() == Standing.SUSPECT);
    }
}
