package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.BudgetSettings;
import io.wspool.api.PoolState;
import io.wspool.api.SendResult;
import io.wspool.testkit.ScriptedServer;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** {@code close()} at any moment before a channel is open: nothing is opened afterwards, nothing is left. */
class CloseWhileDiallingTest {
    private static void opensNothingAfterwards(
            Consumer<ScriptedServer> trouble, Duration before, UnaryOperator<WebSocketPoolBuilder> settings) {
        World.run(1, world -> {
            Scene scene =
                    new Scene(world, pool -> settings.apply(pool.channels(3).loops(2)));
            scene.server.link().delay(ofMillis(1));
            trouble.accept(scene.server);
            world.run(before);
            var full = scene.pool.full().toCompletableFuture();
            scene.close();
            assertThat(full).isCompletedExceptionally();
            int dials = world.network().dials();
            scene.server.open();
            scene.server.behaviour().acceptUpgrade();
            world.run(ofMinutes(5));
            assertThat(world.network().dials()).isEqualTo(dials);
            assertThat(world.network().openDescriptors()).isZero();
            assertThat(scene.pool.state()).isEqualTo(PoolState.CLOSED);
            assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.CLOSED);
        });
    }

    @Test
    void whileTheNameIsResolved() {
        World.run(1, world -> {
            world.names().answer("gateway", ofSeconds(2));
            Scene scene = new Scene(world, pool -> pool.channels(3));
            world.run(ofSeconds(1));
            assertThat(world.names().asked()).isPositive();
            scene.close();
            world.run(ofMinutes(5));
            assertThat(world.network().dials()).isZero();
        });
    }

    @Test
    void whileTheNameNeverResolves() {
        World.run(1, world -> {
            world.names().never("gateway");
            Scene scene = new Scene(world, pool -> pool.channels(3));
            world.run(ofSeconds(1));
            scene.close();
            world.run(ofMinutes(5));
            assertThat(world.network().dials()).isZero();
        });
    }

    @Test
    void whileTcpConnects() {
        opensNothingAfterwards(ScriptedServer::hang, ofSeconds(1), pool -> pool);
    }

    @Test
    void whileTheUpgradeIsUnanswered() {
        opensNothingAfterwards(server -> server.behaviour().ignoreUpgrade(true), ofSeconds(1), pool -> pool);
    }

    @Test
    void whilePlacesBackOff() {
        opensNothingAfterwards(ScriptedServer::refuse, ofSeconds(5), pool -> pool);
    }

    @Test
    void whileTheBreakerIsOpen() {
        opensNothingAfterwards(ScriptedServer::refuse, ofSeconds(100), pool -> pool);
    }

    @Test
    void whilePlacesWaitForTokens() {
        opensNothingAfterwards(server -> {}, ofMillis(500), pool -> pool.budget(new BudgetSettings(1, 0.01, 1)));
    }

    @Test
    void whileTheEndpointIsOnHold() {
        opensNothingAfterwards(
                server -> server.behaviour().refuseUpgrade(503, "Retry-After: 60"), ofSeconds(1), pool -> pool);
    }

    @Test
    void whileASuccessorIsDialled() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(2));
            scene.awaitFull();
            scene.server.hang();
            scene.pool.recycleStalest();
            world.run(ofSeconds(1));
            assertThat(world.network().openDescriptors()).isEqualTo(3);
            scene.close();
            int dials = world.network().dials();
            world.run(ofMinutes(5));
            assertThat(world.network().dials()).isEqualTo(dials);
        });
    }

    @Test
    void whoWaitsForChannelsIsTold() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(2));
            scene.server.hang();
            world.run(ofSeconds(1));
            var full = scene.pool.full().toCompletableFuture();
            scene.close();
            assertThat(full)
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .havingRootCause()
                    .isInstanceOf(IllegalStateException.class);
        });
    }
}
