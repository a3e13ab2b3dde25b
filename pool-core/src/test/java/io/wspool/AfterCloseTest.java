package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.BreakerState;
import io.wspool.api.CloseCause;
import io.wspool.api.ClosePolicies;
import io.wspool.api.PoolState;
import io.wspool.api.SendResult;
import io.wspool.api.SlotState;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows a close, as the server sees it: when the next dial comes, if any. */
class AfterCloseTest {
    /** One place in a stable life. */
    private static Scene stable(World world, UnaryOperator<WebSocketPoolBuilder> settings) {
        Scene scene = new Scene(world, pool -> settings.apply(pool.channels(1)));
        scene.server.link().delay(ofMillis(1));
        scene.server.behaviour().feed(8, ofSeconds(1));
        scene.awaitFull();
        world.run(ofSeconds(11));
        return scene;
    }

    private static Duration untilDial(Scene scene, Duration limit) {
        World world = scene.world;
        long from = world.nowNanos();
        int dials = world.network().dials();
        scene.await("a dial", limit, () -> world.network().dials() > dials);
        return ofNanos(world.nowNanos() - from);
    }

    @ParameterizedTest
    @CsvSource({
        "1001, 0, 260",
        "1012, 0, 260",
        "1000, 0, 1010",
        "3000, 0, 1010",
        "1002, 15000, 30010",
        "1003, 15000, 30010",
        "1007, 15000, 30010",
        "1009, 15000, 30010",
        "1010, 15000, 30010",
        "1011, 30000, 31010",
        "1013, 30000, 31010"
    })
    void theCodeOfTheServersCloseSaysWhenTheNextDialComes(int code, long least, long most) {
        for (long seed = 1; seed <= 5; seed++) {
            World.run(seed, world -> {
                Scene scene = stable(world, pool -> pool);
                scene.server.closeAll(code, "");
                assertThat(untilDial(scene, ofMinutes(2))).isBetween(ofMillis(least), ofMillis(most));
                CloseCause cause = scene.heard.closed(1).cause();
                assertThat(cause.kind()).isEqualTo(CloseCause.Kind.PEER_CLOSE);
                assertThat(cause.code()).isEqualTo(code);
                assertThat(cause.clean()).isTrue();
                assertThat(scene.server.connection(0).closeCode()).as("echo").isEqualTo(code);
                scene.awaitFull();
                scene.close();
            });
        }
    }

    @Test
    void anEndWithoutACloseIsDialledWithinTheFirstSpread() {
        Tally.run("1006", 20, world -> {
            Scene scene = stable(world, pool -> pool);
            if (world.between(0, 1) == 0) {
                scene.server.connection(0).reset();
            } else {
                scene.server.connection(0).hangUp();
            }
            assertThat(untilDial(scene, ofSeconds(1))).isBetween(ofMillis(0), ofMillis(260));
            assertThat(scene.heard.closed(1).cause().code()).isEqualTo(1006);
            scene.awaitFull();
            scene.close();
        });
    }

    @Test
    void theUsersPolicyIsAskedOnceForEachEnd() {
        World.run(1, world -> {
            List<Integer> asked = new ArrayList<>();
            Scene scene = stable(
                    world,
                    pool -> pool.closePolicy(cause -> {
                        asked.add(cause.code());
                        return ClosePolicies.standard().onClose(cause);
                    }));
            scene.server.connection(0).reset();
            untilDial(scene, ofSeconds(1));
            scene.awaitFull();
            assertThat(asked).containsExactly(1006);
            world.run(ofSeconds(11));
            scene.server.closeAll(1008, "");
            world.run(ofMinutes(1));
            assertThat(scene.heard.halts).hasSize(1);
            assertThat(asked).containsExactly(1006, 1008);
            scene.close();
            assertThat(asked).as("not for an end of ours").hasSize(2);
        });
    }

    @ParameterizedTest
    @CsvSource({"1008", "4401", "4403"})
    void whatAskingAgainCannotMendHaltsUntilResumed(int code) {
        World.run(1, world -> {
            Scene scene = stable(world, pool -> pool);
            scene.server.closeAll(code, "who are you");
            world.run(ofMinutes(10));
            halted(scene);
            assertThat(scene.heard.halts.get(0).cause().reason()).isEqualTo("who are you");
            scene.close();
        });
    }

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void aRefusedUpgradeThatCannotBeMendedHaltsToo(int status) {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(1));
            scene.server.behaviour().refuseUpgrade(status);
            world.run(ofMinutes(10));
            halted(scene);
            scene.close();
        });
    }

    /** Nothing is dialled any more, who waits is told; {@code resume()} dials at once. */
    private static void halted(Scene scene) {
        assertThat(scene.world.network().dials()).isEqualTo(1);
        assertThat(scene.heard.halts).hasSize(1);
        assertThat(scene.pool.snapshot().slots().get(0).state()).isEqualTo(SlotState.HALTED);
        assertThat(scene.pool.ready().toCompletableFuture()).isCompletedExceptionally();
        assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.NO_LIVE_CHANNEL);
        scene.server.behaviour().acceptUpgrade();
        scene.pool.resume();
        scene.await("full at once", ofMillis(10), () -> scene.pool.state() == PoolState.FULL);
    }

    @Test
    void aPolicyMayLeaveThePlaceVacantUntilResumed() {
        World.run(1, world -> {
            Scene scene = stable(
                    world, pool -> pool.closePolicy(ClosePolicies.standard().leaveOn1000()));
            scene.server.closeAll(1000, "");
            world.run(ofMinutes(10));
            assertThat(world.network().dials()).isEqualTo(1);
            assertThat(scene.pool.snapshot().slots().get(0).state()).isEqualTo(SlotState.VACANT);
            assertThat(scene.heard.halts).isEmpty();
            scene.pool.resume();
            scene.await("full at once", ofMillis(10), () -> scene.pool.state() == PoolState.FULL);
            scene.close();
        });
    }

    @Test
    void retryAfterHoldsTheEndpointAndNotThePlaceAlone() {
        Tally.run("Retry-After", 20, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(4));
            scene.server.link().delay(ofMillis(1));
            scene.server.behaviour().refuseUpgrade(503, "Retry-After: 20");
            List<Long> dials = new ArrayList<>();
            world.everyStep(() -> {
                while (dials.size() < world.network().dials()) {
                    dials.add(world.nowNanos());
                }
            });
            world.run(ofSeconds(15));
            int first = dials.size(); // one at a time: the others were in line when the first was refused
            assertThat(first).isEqualTo(1);
            scene.server.behaviour().acceptUpgrade();
            scene.awaitFull();
            assertThat(ofNanos(dials.get(1) - dials.get(0))).isBetween(ofSeconds(20), ofMillis(20_010));
            scene.close();
        });
    }

    @Test
    void theBreakerOpensOnlyWhenOnePlaceHasFailedMoreThanFiveTimesInARow() {
        Tally.run("breaker", 30, world -> {
            int channels = (int) world.between(1, 8);
            Scene scene = new Scene(world, pool -> pool.channels(channels));
            scene.server.refuse();
            scene.await("open", ofMinutes(4), () -> !scene.heard.breakers.isEmpty());
            assertThat(scene.heard.breakers.get(0).to()).isEqualTo(BreakerState.OPEN);
            assertThat(scene.pool.state()).isEqualTo(PoolState.DEGRADED);
            int most = scene.heard.retries.stream()
                    .mapToInt(Heard.Retry::attempt)
                    .max()
                    .orElse(0);
            assertThat(most).as("its own failures in a row").isEqualTo(6);
            assertThat(scene.heard.retries.stream().filter(retry -> retry.attempt() == 6))
                    .hasSize(1);

            // dials that were under way end; then none for 30 s, then one
            long openedAt = scene.heard.breakers.get(0).at();
            int dials = world.network().dials();
            world.run(ofNanos(openedAt + ofSeconds(30).toNanos() - world.nowNanos() - 1));
            assertThat(world.network().dials()).isEqualTo(dials);
            scene.server.hang(); // so that the one on trial takes its time
            world.run(ofSeconds(4));
            assertThat(world.network().dials()).isEqualTo(dials + 1);
            assertThat(scene.heard.breakers).hasSize(2);
            assertThat(scene.heard.breakers.get(1).to()).isEqualTo(BreakerState.HALF_OPEN);
            world.run(ofSeconds(2)); // it failed: open again
            assertThat(scene.heard.breakers.get(2).to()).isEqualTo(BreakerState.OPEN);
            world.run(ofSeconds(20));
            assertThat(world.network().dials()).isEqualTo(dials + 1);

            // a trial that is let in brings the others, a stable life closes the breaker
            scene.server.open();
            scene.server.behaviour().feed(8, ofSeconds(1));
            scene.await("all live", ofMinutes(2), () -> scene.pool.channels().size() == channels);
            assertThat(scene.pool.state()).isEqualTo(PoolState.DEGRADED);
            scene.await("full", ofSeconds(15), () -> scene.pool.state() == PoolState.FULL);
            scene.close();
        });
    }

    @Test
    void twentyPlacesThatFailTwiceEachOpenNoBreaker() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(20));
            scene.server.behaviour().feed(8, ofSeconds(1));
            scene.awaitFull();
            world.run(ofSeconds(11));
            scene.server.stop();
            scene.await("40 failures", ofMinutes(1), () -> scene.heard.retries.size() >= 20 + 20);
            scene.server.open();
            scene.awaitFull();
            assertThat(scene.heard.breakers).isEmpty();
            assertThat(scene.heard.outages).isEqualTo(1);
            scene.close();
        });
    }
}
