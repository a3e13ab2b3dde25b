package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.BudgetSettings;
import io.wspool.api.ChannelState;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import io.wspool.channel.WebSocketChannel;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the pool sends: by fresh measurements, not back and forth between equals, not at once to the youngest. */
class RoutingTest {
    /** Two channels with evidence, whose links the story then tells apart. */
    private static Scene two(World world, Duration probeGap) {
        Scene scene = new Scene(world, pool -> pool.channels(2).probe(new ProbeSettings(probeGap, ofMillis(50))));
        scene.awaitEvidence();
        return scene;
    }

    private static void delay(Scene scene, PooledChannel channel, int halfMillis) {
        scene.serverEnd(channel).link().delay(ofMillis(halfMillis).dividedBy(2));
    }

    /** Sends through the pool and answers where it went. */
    private static PooledChannel send(Scene scene) {
        List<PooledChannel> channels = scene.pool.channels();
        long[] before = channels.stream().mapToLong(Scene::outstandingBytes).toArray();
        assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.ACCEPTED);
        for (int i = 0; i < before.length; i++) {
            if (Scene.outstandingBytes(channels.get(i)) > before[i]) {
                return channels.get(i);
            }
        }
        throw new AssertionError("it went nowhere");
    }

    private static void assertAllGoTo(Scene scene, PooledChannel expected) {
        for (int i = 0; i < 20; i++) {
            assertThat(send(scene)).isEqualTo(expected);
            scene.world.run(ofMillis(30));
        }
    }

    /** Messages that are bound to both: until each has learned how its link is now. */
    private static void learn(Scene scene) {
        for (int i = 0; i < 80; i++) {
            scene.pool.channels().forEach(channel -> scene.traffic.send(channel));
            scene.world.run(ofMillis(110));
        }
    }

    private static boolean stale(PooledChannel channel) {
        return ((WebSocketChannel) channel).load().stale();
    }

    /** Only messages that are bound to the slow channel, for so long: the quick one is measured once, when it opened. */
    private static Scene quickOneIsIdleFor(World world, Duration time) {
        Scene scene = two(world, ofSeconds(1));
        PooledChannel slow = scene.pool.channels().get(0);
        long quickMeasuredAt = world.nowNanos();
        delay(scene, slow, 40);
        while (world.nowNanos() - quickMeasuredAt < time.minusMillis(200).toNanos()) {
            scene.traffic.send(slow);
            world.run(ofMillis(100));
        }
        world.run(ofNanos(quickMeasuredAt + time.toNanos() - world.nowNanos()));
        return scene;
    }

    /** So many channels, of which the first, slow to open, answers pings and the others never do. */
    private static void oneThatAnswersBesideSilentOnes(int channels) {
        World.run(1, world -> {
            Scene scene = new Scene(
                    world, pool -> pool.channels(channels).probe(new ProbeSettings(ofSeconds(1), ofMillis(50))));
            scene.server.behaviour().upgradeDelay(ofMillis(700));
            scene.await("the first", ofSeconds(2), () -> scene.pool.channels().size() == 1);
            PooledChannel answering = scene.pool.channels().get(0);
            scene.serverEnd(answering).behaviour();
            scene.server.behaviour().upgradeDelay(Duration.ZERO).ignorePings(true);
            scene.awaitFull();
            world.run(ofSeconds(15)); // its slow start, of 35 s, makes it dearer still
            send(scene); // the loop has slept: for how long nothing came is published by its next turn
            world.run(ofMillis(1));
            assertAllGoTo(scene, answering);
            scene.close();
        });
    }

    @Test
    void whatHasNeverAnsweredIsNoGoodChoiceBesideOneThatDoes() {
        oneThatAnswersBesideSilentOnes(2);
        oneThatAnswersBesideSilentOnes(16);
    }

    @Test
    void whereNobodyHasAnsweredYetNobodyIsPreferred() {
        for (int channels : new int[] {2, 16, 17, 40}) {
            World.run(1, world -> {
                Scene scene =
                        new Scene(world, pool -> pool.channels(channels).budget(new BudgetSettings(channels, 100, 1)));
                scene.server.behaviour().ignorePings(true);
                scene.awaitFull();
                world.run(ofSeconds(2));
                Map<PooledChannel, Integer> sent = new HashMap<>();
                for (int i = 0; i < 20 * channels; i++) {
                    sent.merge(send(scene), 1, Integer::sum);
                    world.run(ofMillis(1));
                }
                assertThat(sent).hasSize(channels);
                assertThat(sent.values())
                        .allSatisfy(messages -> assertThat(messages).isBetween(5, 60));
                scene.close();
            });
        }
    }

    @Test
    void anEstimateOfTenSecondsIsRefreshedByOneProbeBeforeItsChannelMayWin() {
        World.run(1, world -> {
            Scene scene = quickOneIsIdleFor(world, ofMillis(10_100));
            PooledChannel slow = scene.pool.channels().get(0);
            PooledChannel quick = scene.pool.channels().get(1);
            world.run(ofMillis(900)); // the slow one owes nothing, and its next probe is due
            assertThat(stale(quick)).isTrue();
            assertThat(scene.traffic.open()).isZero();
            long pongs = scene.pool.snapshot().rtt().count();
            for (int i = 0; i < 5; i++) {
                assertThat(send(scene)).as("not by an old measurement").isEqualTo(slow);
            }
            world.run(ofMillis(500));
            assertThat(scene.pool.snapshot().rtt().count() - pongs)
                    .as("one probe of each")
                    .isEqualTo(2);
            assertThat(stale(quick)).isFalse();
            assertAllGoTo(scene, quick);
            scene.close();
        });
    }

    @Test
    void anEstimateThatIsYoungerWins() {
        World.run(1, world -> {
            Scene scene = quickOneIsIdleFor(world, ofMillis(9_900));
            assertThat(send(scene)).isEqualTo(scene.pool.channels().get(1));
            scene.close();
        });
    }

    @Test
    void aLittleBetterIsNoReasonToLeaveAndClearlyBetterIs() {
        World.run(1, world -> {
            Scene scene = two(world, ofMillis(100));
            PooledChannel one = scene.pool.channels().get(0);
            PooledChannel other = scene.pool.channels().get(1);
            delay(scene, one, 20);
            delay(scene, other, 30);
            learn(scene);
            assertAllGoTo(scene, one);
            delay(scene, other, 18);
            learn(scene);
            assertAllGoTo(scene, one);
            delay(scene, other, 15);
            learn(scene);
            assertAllGoTo(scene, other);
            delay(scene, one, 14);
            learn(scene);
            assertAllGoTo(scene, other);
            scene.close();
        });
    }

    @Test
    void aYoungChannelWithABetterLinkIsNotUsedBeforeItsSlowStartIsOver() {
        World.run(1, world -> {
            Scene scene = two(world, ofMillis(10));
            PooledChannel old = scene.pool.channels().get(0);
            scene.server.link().delay(ofMillis(1)); // of those to come
            delay(scene, old, 4);
            scene.server.connection(1).reset();
            scene.await("fallen", ofSeconds(1), () -> scene.pool.channels().size() == 1);
            long openedAt = -1;
            long firstUseAt = -1;
            while (firstUseAt < 0 && world.nowNanos() < ofSeconds(20).toNanos()) {
                boolean young = send(scene) != old;
                openedAt = scene.heard.opened(3) == null
                        ? -1
                        : scene.heard.opened(3).at();
                firstUseAt = young ? world.nowNanos() : -1;
                world.run(ofMillis(1));
            }
            assertThat(ofNanos(firstUseAt - openedAt)).isBetween(ofMillis(110), ofMillis(250));
            assertAllGoTo(scene, scene.pool.channels().get(1));
            scene.close();
        });
    }

    @Test
    void withoutEvidenceAllChannelsAreUsedAlike() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.lan().channels(4)).accounted();
            scene.server.behaviour().ignorePings(true).feed(8, ofMillis(100));
            scene.awaitFull();
            assertThat(counts(scene, 200).values()).as("before it is known").containsOnly(50);
            scene.await("deaf", ofSeconds(30), () -> scene.heard.deaf.size() == 4);
            assertThat(scene.pool.snapshot().evidence()).isFalse();
            assertThat(counts(scene, 200).values()).as("and after").containsOnly(50);
            assertThat(scene.pool.channels()).allMatch(channel -> channel.state() == ChannelState.OPEN);
            scene.server.connection(0).reset();
            scene.await(
                    "refilled",
                    ofSeconds(30),
                    () -> scene.pool.snapshot().quality().reconnects() == 1);
            while (scene.heard.deaf.size() < 5
                    && world.nowNanos() < ofSeconds(60).toNanos()) {
                send(scene); // what is unconfirmed is what it is probed for
                world.run(ofMillis(20));
            }
            assertThat(counts(scene, 200).values())
                    .as("the youngest, to which least was ever sent, too")
                    .containsOnly(50);
            scene.close();
        });
    }

    private static Map<PooledChannel, Integer> counts(Scene scene, int sends) {
        Map<PooledChannel, Integer> counts = new HashMap<>();
        for (int i = 0; i < sends; i++) {
            counts.merge(send(scene), 1, Integer::sum);
            scene.world.run(ofMillis(20));
        }
        return counts;
    }
}
