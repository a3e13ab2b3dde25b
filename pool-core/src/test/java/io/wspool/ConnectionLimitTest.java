package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.testkit.ServerConnection;
import io.wspool.testkit.World;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code maxConnections} is a hard limit: {@link Scene} counts the descriptors at every step of these stories. */
class ConnectionLimitTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "3, 3", "4, 5", "2, 6"})
    void isNeverExceededWhateverHappens(int channels, int most) {
        int[] reached = new int[1];
        Tally.run(channels + " channels, " + most + " connections", 12, world -> {
            world.everyStep(
                    () -> reached[0] = Math.max(reached[0], world.network().openDescriptors()));
            troubles(world, channels, most);
        });
        assertThat(reached[0]).as("the limit was in reach").isGreaterThanOrEqualTo(Math.min(most, channels + 1));
    }

    @Test
    void aSeedTwiceTellsTheSameStory() {
        for (long seed = 1; seed <= 5; seed++) {
            World once = World.run(seed, world -> troubles(world, 3, 4));
            World again = World.run(seed, world -> troubles(world, 3, 4));
            World other = World.run(seed + 100, world -> troubles(world, 3, 4));
            assertThat(once.log()).hasSizeGreaterThan(50).isEqualTo(again.log());
            assertThat(once.fingerprint()).isEqualTo(again.fingerprint()).isNotEqualTo(other.fingerprint());
        }
    }

    /** Twelve troubles under traffic, then everything heals. */
    private static void troubles(World world, int channels, int most) {
        Scene scene = new Scene(
                world,
                pool -> pool.lan().channels(channels).maxConnections(most).maxLifetime(ofSeconds(20)));
        scene.server.link().delay(ofMillis(1));
        scene.awaitFull();
        for (int i = 0; i < 12; i++) {
            trouble(scene);
            scene.send(5, ofMillis(400));
        }
        scene.server.heal();
        scene.server.open();
        scene.server.behaviour().ignoreClose(false).upgradeDelay(ofMillis(0));
        scene.awaitFull();
        scene.close();
    }

    private static void trouble(Scene scene) {
        World world = scene.world;
        List<ServerConnection> open = scene.server.connections();
        ServerConnection victim = open.isEmpty() ? null : open.get((int) world.between(0, open.size() - 1));
        switch ((int) world.between(0, 9)) {
            case 0 -> scene.pool.recycleStalest();
            case 1 -> scene.server.behaviour().ignoreClose(world.between(0, 1) == 0);
            case 2 -> scene.server.behaviour().upgradeDelay(ofMillis(world.between(0, 7000)));
            case 3 -> {
                scene.server.hang();
                world.after(ofSeconds(8), scene.server::open);
            }
            case 4 -> {
                scene.server.stop();
                world.after(ofSeconds(1), scene.server::open);
            }
            case 5 -> scene.pool.channels().stream().findFirst().ifPresent(channel -> channel.close(1000, ""));
            default -> {
                if (victim != null) {
                    switch ((int) world.between(0, 3)) {
                        case 0 -> victim.reset();
                        case 1 -> victim.close(1001, "");
                        case 2 -> victim.blackHole();
                        default -> victim.stopReading();
                    }
                }
            }
        }
    }

    @Test
    void whereThereIsRoomForOneOnlyRecyclingBreaksBeforeItMakesAndSaysSo() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.polite().maxLifetime(ofMinutes(5))).accounted();
            scene.server.link().delay(ofMillis(5));
            scene.awaitFull();
            for (int i = 0; i < 600; i++) {
                scene.send(1, ofSeconds(2));
            }
            assertThat(scene.heard.recyclings).hasSizeGreaterThanOrEqualTo(2).allSatisfy(recycling -> {
                assertThat(recycling.overlap()).isLessThan(ofMillis(0)).isGreaterThan(ofMillis(-300));
            });
            assertThat(scene.traffic.count(Outcome.UNKNOWN)).isZero();
            scene.close();
        });
    }

    @Test
    void whereEveryConnectionIsAPlaceRecyclingClosesOneWhileTheOthersLive() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(3).maxConnections(3)).accounted();
            scene.server.link().delay(ofMillis(5));
            scene.awaitFull();
            scene.send(20, ofMillis(20));
            scene.pool.recycleStalest();
            int[] least = {3};
            world.everyStep(() -> least[0] = Math.min(
                    least[0],
                    scene.pool.state() == PoolState.CLOSING || scene.pool.state() == PoolState.CLOSED
                            ? 3
                            : scene.pool.channels().size()));
            while (scene.heard.recyclings.isEmpty()) {
                scene.send(1, ofMillis(2));
            }
            assertThat(least[0]).isEqualTo(2);
            scene.awaitFull();
            assertThat(scene.heard.recyclings.get(0).overlap()).isLessThan(ofMillis(0));
            scene.close();
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
        });
    }
}
