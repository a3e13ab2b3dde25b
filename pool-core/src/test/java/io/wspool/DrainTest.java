package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelState;
import io.wspool.api.CloseResult;
import io.wspool.api.CloseSettings;
import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A channel that may leave in order leaves no doubt; one that may not leaves exactly the doubt that there is. */
class DrainTest {
    private static final int CHANNELS = 4;

    private static Scene scene(World world) {
        Scene scene = new Scene(
                world,
                pool -> (world.between(0, 1) == 0 ? pool.lan() : pool.defaults())
                        .channels(CHANNELS)
                        .loops(2));
        scene.server
                .link()
                .delay(ofNanos(world.between(50_000, 20_000_000)))
                .jitter(ofMillis(2))
                .reads(1, 500);
        scene.awaitFull();
        return scene;
    }

    @Test
    void aRollingRestartOfAllServersUnderLoadEndsWithoutADoubt() {
        Tally.run("rolling restart", 30, world -> {
            Scene scene = scene(world);
            List<PooledChannel> old = scene.pool.channels();
            for (PooledChannel channel : old) {
                scene.send(20, ofMillis(2));
                scene.traffic.send(channel, 100, 5);
                channel.close(1001, "its server restarts");
                while (channel.state() != ChannelState.CLOSED) {
                    scene.send(1, ofMillis(2));
                }
                assertThat(channel.closeCause().clean()).isTrue();
                scene.serverEnd(channel).reset(); // the server is gone
                scene.awaitFull();
            }
            assertThat(scene.pool.channels()).doesNotContainAnyElementsOf(old);
            world.run(ofSeconds(5));
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
            scene.close();
        });
    }

    @Test
    void closingThePoolUnderLoadEndsWithoutADoubt() {
        Tally.run("close under load", 100, world -> {
            Scene scene = scene(world);
            scene.send((int) world.between(0, 50), ofMillis(1));
            scene.traffic.send(scene.pool, (int) world.between(8, 500), (int) world.between(0, 100));
            scene.close();
            assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.CLOSED);
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
            assertThat(scene.server.connections()).isEmpty();
        });
    }

    @Test
    void aCloseThatTheServersBeginLeavesInDoubtWhatNoPongCovers() {
        Tally.run("servers close", 50, world -> {
            Scene scene = scene(world).accounted();
            scene.send((int) world.between(0, 50), ofMillis(1));
            scene.server.closeAll(1001, "all at once");
            scene.send(20, ofMillis(1));
            scene.awaitFull();
            scene.send(20, ofMillis(1));
            scene.close();
        });
    }

    @Test
    void aDrainThatIsNotAnsweredEndsByItsDeadlineAndTheHandshakes() {
        World.run(1, world -> {
            Scene scene = new Scene(
                    world, pool -> pool.channels(2).closeTimeouts(new CloseSettings(ofMillis(700), ofMillis(300))));
            scene.awaitEvidence();
            scene.traffic.send(scene.pool, 100, 10);
            scene.server.connections().forEach(connection -> connection.blackHole());
            long began = world.nowNanos();
            world.onLoop(scene.pool::close);
            scene.await("closed", ofSeconds(5), () -> scene.pool.state() == PoolState.CLOSED);
            assertThat(ofNanos(world.nowNanos() - began)).isBetween(ofMillis(1000), ofMillis(1010));
            scene.accounted().law.checkSettled();
            assertThat(scene.traffic.count(Outcome.UNKNOWN)).isEqualTo(10);
        });
    }

    @Test
    void theLongestTimesThatAreAllowedAreTimes() throws Exception {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        try (EchoServer server = new EchoServer();
                WebSocketPool pool = WebSocketPool.to(server.uri())
                        .channels(1)
                        .closeTimeouts(new CloseSettings(longest, longest))
                        .start()) {
            pool.awaitReady(Patience.LIMIT);
            assertThat(pool.close(longest).end()).isEqualTo(CloseResult.End.COMPLETE);
        }
    }
}
