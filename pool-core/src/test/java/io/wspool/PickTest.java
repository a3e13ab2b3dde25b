package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.PooledChannel;
import io.wspool.channel.Load;
import io.wspool.channel.WebSocketChannel;
import io.wspool.health.Cost;
import io.wspool.testkit.ServerConnection;
import io.wspool.testkit.World;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever short cut a choice takes, it finds what the full cost of every channel says: none is clearly better than the one that is
 * chosen. Links change, peers stop reading, messages wait.
 */
class PickTest {
    private static final int PICKS = 3_000;

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8, Dispatcher.SCANNED})
    void noChannelIsClearlyBetterThanTheChosenOne(int channels) {
        int[] busy = new int[1];
        choices(channels, 10, (scene, chosen, least) -> {
            busy[0] += somethingWaits(scene.pool.channels()) ? 1 : 0;
            long cost = chosen.load().costNanos(0);
            assertThat(Cost.worthSwitching(least, cost))
                    .as("%d ns chosen, %d ns to be had", cost, least)
                    .isFalse();
        });
        assertThat(busy[0]).as("choices while messages waited somewhere").isPositive();
    }

    /** Above that only two are looked at: neither may be one that sends should not go to. */
    @ParameterizedTest
    @ValueSource(ints = {Dispatcher.SCANNED + 1, 64})
    void ofManyOneIsChosenThatMayBeHad(int channels) {
        int[] judged = new int[1];
        choices(channels, 2, (scene, chosen, least) -> judged[0]++);
        assertThat(judged[0]).as("choices that could be judged").isPositive();
    }

    /** Hears of each choice for which one could be had, and what the best would have cost. */
    private interface Judge {
        void judge(Scene scene, WebSocketChannel chosen, long least);
    }

    private static void choices(int channels, int seeds, Judge judge) {
        Tally.run("picks among " + channels, seeds, world -> {
            Scene scene = new Scene(world, pool -> pool.lan().channels(channels));
            scene.awaitEvidence();
            for (int i = 0; i < PICKS; i++) {
                stir(scene, world);
                WebSocketChannel chosen = (WebSocketChannel) Objects.requireNonNull(scene.pool.pick());
                long least = leastCost(scene.pool.channels());
                if (least != Long.MAX_VALUE) {
                    assertThat(eligible(chosen)).isTrue();
                    judge.judge(scene, chosen, least);
                }
            }
            scene.close();
        });
    }

    private static void stir(Scene scene, World world) {
        List<PooledChannel> channels = scene.pool.channels();
        PooledChannel one = channels.get((int) world.between(0, channels.size() - 1));
        ServerConnection peer = scene.serverEnd(one);
        switch ((int) world.between(0, 99)) {
            case 0 -> peer.link().delay(ofNanos(world.between(10_000, 3_000_000)));
            case 1 -> {
                peer.stopReading();
                world.after(ofMillis(world.between(1, 20)), peer::resumeReading);
            }
            default -> scene.traffic.send(world.between(0, 3) == 0 ? one : scene.pool, (int) world.between(8, 4_000));
        }
        if (world.between(0, 2) != 0) { // else what was just handed over still waits
            world.step(world.between(0, 300_000));
        }
    }

    /** The least cost of all that may be had now and whose measurement is fresh; MAX_VALUE if none, or if suspicion excludes nobody. */
    private static long leastCost(List<PooledChannel> channels) {
        long least = Long.MAX_VALUE;
        int usable = 0;
        int suspect = 0;
        for (PooledChannel each : channels) {
            Load load = ((WebSocketChannel) each).load();
            if (Load.usable(load.flags())) {
                usable++;
                suspect += Load.suspect(load.flags()) ? 1 : 0;
            }
            if (eligible((WebSocketChannel) each) && !load.stale()) {
                least = Math.min(least, load.costNanos(0));
            }
        }
        return 2 * suspect > usable ? Long.MAX_VALUE : least;
    }

    private static boolean somethingWaits(List<PooledChannel> channels) {
        return channels.stream()
                .anyMatch(each -> ((WebSocketChannel) each).load().waiting() != 0);
    }

    private static boolean eligible(WebSocketChannel channel) {
        Load load = channel.load();
        return Load.usable(load.flags()) && !Load.suspect(load.flags()) && load.hasRoomFor(0);
    }
}
