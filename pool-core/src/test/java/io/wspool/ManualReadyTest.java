package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.testkit.World;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With {@code manualReady} a channel is used by others only after the login that its user does. */
class ManualReadyTest {
    @Test
    void aChannelIsUsedOnlyAfterItsLoginWasAnswered() {
        World.run(1, world -> {
            Scene scene = new Scene(
                    world,
                    pool -> pool.channels(2)
                            .manualReady(true)
                            .onChannelOpen(channel -> channel.sendText("login"))
                            .onMessage((channel, message) -> {
                                if (message.text().equals("welcome")) {
                                    channel.ready();
                                }
                            }));
            scene.server.link().delay(ofMillis(1));
            List<String> read = new ArrayList<>();
            scene.server.onMessage((connection, message) -> {
                read.add(message.isText() ? message.text() : "order");
                if (message.isText()) {
                    world.after(ofMillis(500), () -> connection.sendText("welcome"));
                }
            });
            world.run(ofMillis(400));
            assertThat(scene.server.connections()).hasSize(2);
            assertThat(scene.pool.channels()).isEmpty();
            assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.NO_LIVE_CHANNEL);
            scene.awaitFull();
            scene.send(20, ofMillis(5));
            assertThat(read.subList(0, 2)).containsExactly("login", "login");
            assertThat(read.subList(2, read.size())).containsOnly("order");
            world.onLoop(scene.pool::close);
            scene.await("closed", ofSeconds(10), () -> scene.pool.state() == PoolState.CLOSED);
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(20);
        });
    }

    @Test
    void oneThatNeverComesReadyIsClosedAfterTheDeadlineAndCountsAsAFailure() {
        World.run(1, world -> {
            List<PooledChannel> opened = new ArrayList<>();
            Scene scene =
                    new Scene(world, pool -> pool.channels(1).manualReady(true).onChannelOpen(opened::add));
            scene.await("open", ofSeconds(1), () -> opened.size() == 1);
            world.run(ofMillis(9_990));
            assertThat(opened.get(0).state()).isEqualTo(ChannelState.OPEN);
            world.run(ofMillis(20));
            assertThat(opened.get(0).state()).isNotEqualTo(ChannelState.OPEN);
            assertThat(opened.get(0).closeCause().kind()).isEqualTo(CloseCause.Kind.NOT_READY);
            opened.get(0).ready(); // too late
            scene.await("again", ofSeconds(2), () -> opened.size() == 2);
            assertThat(scene.heard.retries.get(0).attempt()).isEqualTo(1);
            assertThat(scene.pool.snapshot().slots().get(0).failures()).isEqualTo(1);
            opened.get(1).ready();
            scene.awaitFull();
            assertThat(scene.pool.channels()).containsExactly(opened.get(1));
            scene.close();
        });
    }

    @Test
    void aSuccessorTakesOverOnlyWhenItIsReady() {
        World.run(1, world -> {
            List<PooledChannel> opened = new ArrayList<>();
            Scene scene =
                    new Scene(world, pool -> pool.channels(1).manualReady(true).onChannelOpen(opened::add));
            scene.await("open", ofSeconds(1), () -> opened.size() == 1);
            opened.get(0).ready();
            scene.awaitFull();
            scene.pool.recycleStalest();
            world.run(ofSeconds(5));
            assertThat(opened).hasSize(2);
            assertThat(scene.pool.channels()).containsExactly(opened.get(0));
            opened.get(1).ready();
            scene.await("recycled", ofSeconds(1), () -> !scene.heard.recyclings.isEmpty());
            assertThat(scene.pool.channels()).containsExactly(opened.get(1));
            assertThat(scene.heard.recyclings.get(0).overlap()).isGreaterThanOrEqualTo(ofMillis(0));
            scene.close();
        });
    }
}
