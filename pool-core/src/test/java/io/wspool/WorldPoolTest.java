package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.Outcome;
import io.wspool.api.PoolListener;
import io.wspool.api.PoolState;
import io.wspool.testkit.Law;
import io.wspool.testkit.ScriptedServer;
import io.wspool.testkit.ServerConnection;
import io.wspool.testkit.Traffic;
import io.wspool.testkit.World;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real pool in the test world: it comes up, carries messages, loses channels and refills, and the law of messages holds. */
class WorldPoolTest {
    private static final int CHANNELS = 4;

    /** A pool of four on two loops, over links of 1 to 2 ms, with its user and its judge. */
    private static final class Stage {
        final World world;
        final ScriptedServer server;
        final Traffic traffic;
        final Law law;
        final WebSocketPool pool;

        Stage(World world) {
            this.world = world;
            server = world.server("gateway", 80);
            server.link().delay(ofMillis(1)).jitter(ofMillis(1));
            traffic = new Traffic(world);
            pool = WebSocketPool.to("ws://gateway/feed")
                    .environment(world)
                    .lan()
                    .channels(CHANNELS)
                    .loops(2)
                    .onOutcomes(traffic)
                    .listener(logTo(world))
                    .start();
            law = new Law(world, traffic, server).account(() -> pool.snapshot().account());
        }

        void awaitFull() {
            assertThat(world.runUntil(() -> pool.state() == PoolState.FULL, ofMinutes(2)))
                    .as("full")
                    .isTrue();
        }

        void send(int count) {
            for (int i = 0; i < count; i++) {
                traffic.send(pool, (int) world.between(8, 200));
                world.step(world.between(0, 1_000_000));
            }
        }

        void close() {
            world.onLoop(pool::close);
            assertThat(world.runUntil(() -> pool.state() == PoolState.CLOSED, ofSeconds(20)))
                    .as("closed")
                    .isTrue();
            law.checkSettled();
            assertThat(world.network().openDescriptors()).isZero();
        }

        private static PoolListener logTo(World world) {
            return new PoolListener() {
                @Override
                public void onState(
                        ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
                    world.log(channel.name(), channel.id() + " " + from + " -> " + to + " " + cause);
                }

                @Override
                public void onPoolState(PoolState from, PoolState to) {
                    world.log("pool", from + " -> " + to);
                }
            };
        }
    }

    private static World story(long seed, Consumer<Stage> story) {
        return World.run(seed, world -> story.accept(new Stage(world)));
    }

    @Test
    void comesUpSendsAndDrainsWithoutADoubt() {
        story(1, stage -> {
            stage.awaitFull();
            assertThat(stage.server.connections()).hasSize(CHANNELS);
            stage.send(500);
            stage.close();
            assertThat(stage.traffic.accepted()).isEqualTo(500);
            assertThat(stage.traffic.count(Outcome.CONFIRMED)).isEqualTo(500);
        });
    }

    @Test
    void losesAChannelToAResetAndRefillsThePlace() {
        story(2, stage -> {
            stage.awaitFull();
            ServerConnection victim = stage.server.connection(0);
            victim.reset();
            assertThat(stage.world.runUntil(() -> stage.pool.state() == PoolState.PARTIAL, ofSeconds(1)))
                    .isTrue();
            stage.send(100);
            stage.awaitFull();
            assertThat(stage.server.accepted()).isEqualTo(CHANNELS + 1);
            stage.close();
        });
    }

    @Test
    void aBlackHoleUnderLoadLeavesSomeUnknownAndNoneLost() {
        story(3, stage -> {
            stage.awaitFull();
            stage.send(50);
            stage.world.run(ofSeconds(1));
            stage.server.connections().forEach(ServerConnection::blackHole);
            stage.send(50);
            stage.world.run(ofSeconds(30));
            stage.awaitFull();
            stage.send(50);
            stage.close();
            assertThat(stage.traffic.count(Outcome.UNKNOWN)).isPositive();
            assertThat(stage.traffic.count(Outcome.CONFIRMED)).isGreaterThanOrEqualTo(100);
        });
    }

    @Test
    void theSameSeedGivesTheSameEventLog() {
        World once = story(4, WorldPoolTest::troubles);
        World again = story(4, WorldPoolTest::troubles);
        assertThat(once.log()).hasSizeGreaterThan(50).isEqualTo(again.log());
        assertThat(once.fingerprint()).isEqualTo(again.fingerprint());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void theLawHoldsThroughTroublesOfAnySeed(long seed) {
        story(seed, WorldPoolTest::troubles);
    }

    /** Ten faults, drawn from the seed, with traffic before, in between and after; then everything heals. */
    private static void troubles(Stage stage) {
        World world = stage.world;
        ScriptedServer server = stage.server;
        server.link().reads(1, 300).writes(1, 300);
        stage.awaitFull();
        for (int i = 0; i < 10; i++) {
            stage.send(20);
            List<ServerConnection> open = server.connections();
            if (!open.isEmpty()) {
                trouble(world, server, open.get((int) world.between(0, open.size() - 1)));
            }
            stage.send(20);
            world.run(ofMillis(world.between(0, 5000)));
        }
        server.heal();
        server.open();
        stage.awaitFull();
        stage.send(20);
        stage.close();
        assertThat(stage.traffic.accepted()).isPositive();
    }

    private static void trouble(World world, ScriptedServer server, ServerConnection victim) {
        switch ((int) world.between(0, 8)) {
            case 0 -> victim.reset();
            case 1 -> victim.hangUp();
            case 2 -> victim.close(1001, "going away");
            case 3 -> victim.blackHole();
            case 4 -> victim.loseReplies();
            case 5 -> {
                victim.stopReading();
                world.after(ofSeconds(2), victim::resumeReading);
            }
            case 6 -> world.pause(ofMillis(world.between(1, 3000)));
            case 7 -> {
                server.blackHole();
                world.after(ofMillis(world.between(100, 2000)), server::heal);
            }
            default -> {
                server.stop();
                world.after(ofMillis(world.between(100, 2000)), server::open);
            }
        }
    }

    @Test
    void tenMinutesOfQuietPass() {
        story(5, stage -> {
            stage.awaitFull();
            double rate = Speed.of(stage.world, ofMinutes(10));
            assertThat(stage.server.accepted()).isEqualTo(CHANNELS);
            stage.close();
            System.out.printf(
                    "pool of %d with the pings of lan(): %.0f virtual seconds per processor second%n", CHANNELS, rate);
        });
    }
}
