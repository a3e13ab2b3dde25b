package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.Outcome;
import io.wspool.api.Standing;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** Time in which our own loops did not run is held against nobody. */
class LocalPauseTest {
    private static final Duration PAUSE = ofSeconds(40);

    @Test
    void fortySecondsUnderLoadKillNothingAndMarkAtMostOnce() {
        Tally.run("local pause of 40 s", 100, world -> {
            boolean lan = world.between(0, 1) == 0;
            int channels = (int) world.between(1, 4);
            int loops = (int) world.between(1, Math.min(2, channels));
            Scene scene = new Scene(
                    world,
                    pool -> (lan ? pool.lan() : pool.defaults())
                            .channels(channels)
                            .loops(loops));
            scene.server.link().delay(ofNanos(world.between(50_000, 5_000_000)));
            scene.awaitEvidence();
            scene.send((int) world.between(0, 30), ofMillis(5));
            // anywhere in the heartbeat's time, also just behind a ping; or in mid-traffic
            world.step(world.between(0, lan ? 2_000_000_000L : 20_000_000_000L));
            scene.send((int) world.between(0, 5), ofMillis(1));
            scene.pool.channels().forEach(channel -> scene.traffic.send(channel));
            int marks = marks(scene);
            world.pause(PAUSE);
            world.run(ofSeconds(5));
            assertThat(marks(scene) - marks).as("marks").isLessThanOrEqualTo(1);
            assertThat(scene.server.accepted()).as("no channel was lost").isEqualTo(channels);
            assertThat(scene.pool.channels()).hasSize(channels).allSatisfy(channel -> {
                // an answer that waited here was not slow: the longest way there and back is 10 ms
                assertThat(ofNanos(channel.snapshot().rtt().max())).isLessThan(ofMillis(20));
            });
            assertThat(scene.heard.pauses)
                    .hasSizeBetween(1, loops)
                    .allSatisfy(told -> assertThat(told).isBetween(PAUSE.minusMillis(100), PAUSE)); // by a late tick
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
            scene.close();
        });
    }

    private static int marks(Scene scene) {
        return scene.heard.misses
                + (int) scene.heard.standings.stream()
                        .filter(stood -> stood.to() == Standing.SUSPECT)
                        .count();
    }

    @Test
    void manyPausesInARowKillNothingEither() {
        Tally.run("200 local pauses", 5, world -> {
            Scene scene = new Scene(world, pool -> pool.lan().channels(3));
            scene.awaitEvidence();
            for (int i = 0; i < 200; i++) {
                scene.send(2, ofMillis(2));
                world.pause(ofMillis(world.between(1, 8000)));
            }
            world.run(ofSeconds(1));
            assertThat(scene.server.accepted()).isEqualTo(3);
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
            scene.close();
        });
    }

    @Test
    void aPeerThatDiedInThePauseIsStillFound() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.lan().channels(1).maxConnections(1));
            scene.awaitEvidence();
            scene.server.connection(0).blackHole();
            world.pause(PAUSE);
            long resumed = world.nowNanos();
            scene.await("closed", ofSeconds(5), () -> scene.heard.closed(1) != null);
            // its silence was seen at once; the pings have their own times
            assertThat(ofNanos(world.nowNanos() - resumed)).isBetween(ofMillis(2500), ofMillis(2510));
            scene.close();
        });
    }

    @Test
    void aSlowCallbackIsNotHeldAgainstThePeer() {
        slowCallbacks("now and then a slow callback", world -> world.between(0, 3) == 0 ? world.between(1, 200) : 0);
    }

    @Test
    void aListenerThatIsAlwaysSlowIsNotHeldAgainstThePeerEither() {
        slowCallbacks("slow callbacks", world -> 20);
    }

    private static void slowCallbacks(String what, ToLongFunction<World> millis) {
        Tally.run(what, 100, world -> {
            AtomicReference<Scene> told = new AtomicReference<>();
            Scene scene = new Scene(
                    world,
                    pool -> pool.lan().channels((int) world.between(1, 2)).onMessage((channel, message) -> {
                        world.holdUp(ofMillis(millis.applyAsLong(world)));
                        told.get().traffic.send(channel); // at the end of a turn whose time may be old
                    }));
            told.set(scene);
            scene.awaitEvidence();
            for (int i = 0; i < 100; i++) {
                scene.pool
                        .channels()
                        .forEach(channel -> scene.serverEnd(channel).sendText("hello"));
                boolean soon = world.between(0, 1) == 0; // before the answer to what was sent in the callback
                world.step(world.between(0, soon ? 400_000 : 50_000_000));
            }
            world.run(ofSeconds(1));
            assertThat(marks(scene)).isZero();
            assertThat(scene.server.accepted()).isEqualTo(scene.pool.channels().size());
            scene.close();
        });
    }
}
