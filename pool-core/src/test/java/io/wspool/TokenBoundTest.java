package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.Outcome;
import io.wspool.api.OutcomeListener;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import io.wspool.testkit.World;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A channel has 65,536 tokens without an outcome at most: what happens at half of them, at the last, and behind it. */
class TokenBoundTest {
    private static final int BOUND = 65_536;
    /** Of the smallest frames less than a window of the link. */
    private static final int A_TURN = 4_096;

    /** One channel whose kernel has room for more than all tokens, so that nothing but tokens is short. */
    private static final class OneChannel implements OutcomeListener {
        final World world;
        final Scene scene;
        final Map<Outcome.Reason, Long> reasons = new EnumMap<>(Outcome.Reason.class);
        boolean refills;
        private @Nullable Scene told;

        OneChannel(World world, UnaryOperator<WebSocketPoolBuilder> settings) {
            this.world = world;
            scene = new Scene(
                    world,
                    pool -> settings.apply(
                            pool.channels(1).maxConnections(1).onOutcomes(this).onWritable(this::writable)));
            told = scene;
            scene.server.link().sendBuffer(4 << 20);
        }

        @Override
        public void onOutcome(
                PooledChannel channel, Outcome outcome, Outcome.Reason reason, long[] tokens, int from, int to) {
            reasons.merge(reason, (long) to - from, Long::sum);
            told.traffic.onOutcome(channel, outcome, reason, tokens, from, to);
        }

        private void writable(PooledChannel channel) {
            told.writable.add(channel);
            SendResult result = refills ? SendResult.ACCEPTED : SendResult.BACK_PRESSURED;
            while (result == SendResult.ACCEPTED) {
                result = told.traffic.send(channel);
            }
        }

        /** Sends so many of the smallest messages with a token, a turn's worth at once; all must be accepted. */
        void send(int count) {
            for (int rest = count; rest > 0; rest -= A_TURN) {
                int now = Math.min(A_TURN, rest);
                long before = scene.traffic.accepted();
                world.onLoop(() -> scene.traffic.send(scene.pool, 8, now));
                world.run(ofMillis(1));
                assertThat(scene.traffic.accepted() - before).isEqualTo(now);
            }
        }

        long ended(Outcome.Reason reason) {
            return reasons.getOrDefault(reason, 0L);
        }

        long pongs() {
            return scene.pool.channels().get(0).snapshot().rtt().count();
        }
    }

    @Test
    void atTheBoundASendWithATokenIsBackPressuredAndOneWithoutIsNot() {
        World.run(1, world -> {
            OneChannel one = new OneChannel(world, pool -> pool);
            Scene scene = one.scene;
            scene.awaitEvidence();
            scene.server.connection(0).blackHole();
            one.send(BOUND - 1);
            assertThat(scene.traffic.send(scene.pool)).as("the last that fits").isEqualTo(SendResult.ACCEPTED);
            assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.BACK_PRESSURED);
            assertThat(scene.traffic.send(scene.pool.pick()))
                    .as("bound to the channel")
                    .isEqualTo(SendResult.BACK_PRESSURED);
            assertThat(scene.pool.sendText("no token")).isEqualTo(SendResult.ACCEPTED);
            world.run(ofSeconds(2));
            assertThat(scene.traffic.open()).as("nothing was told meanwhile").isEqualTo(BOUND);
            assertThat(scene.writable).isEmpty();

            scene.server.connection(0).heal();
            scene.await("room", ofSeconds(5), () -> !scene.writable.isEmpty());
            assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.ACCEPTED);
            world.run(ofSeconds(5));
            assertThat(scene.writable).as("told once").hasSize(1);
            assertThat(one.ended(Outcome.Reason.PONG)).isEqualTo(BOUND + 1);

            // Scene.close compares the account with the tokens alone
            world.onLoop(scene.pool::close);
            scene.await("closed", ofSeconds(20), () -> scene.pool.state() == PoolState.CLOSED);
            scene.law.checkSettled();
            assertThat(scene.pool.snapshot().account().confirmed()).isEqualTo(BOUND + 2);
        });
    }

    @Test
    void atHalfOfTheBoundAProbeGoesThoughItsGapIsNotOver() {
        World.run(1, world -> {
            OneChannel one = new OneChannel(world, pool -> pool.probe(new ProbeSettings(ofSeconds(10), ofMillis(50))));
            Scene scene = one.scene.accounted();
            scene.awaitEvidence();
            one.send(1); // the first probe goes with it, and the next is due in ten seconds
            world.run(ofMillis(500));
            assertThat(scene.traffic.open()).isZero();
            long pongs = one.pongs();

            one.send(BOUND / 2 - 1);
            world.run(ofSeconds(2));
            assertThat(one.pongs()).as("no probe one token below").isEqualTo(pongs);
            assertThat(scene.traffic.open()).isEqualTo(BOUND / 2 - 1);

            one.send(1);
            world.run(ofMillis(500));
            assertThat(one.pongs()).isEqualTo(pongs + 1);
            assertThat(scene.traffic.open()).isZero();
            scene.close();
        });
    }

    @Test
    void aSenderThatFillsTheRingAsSoonAsThereIsRoomIsGivenAProbeEachTime() {
        World.run(1, world -> {
            OneChannel one = new OneChannel(world, pool -> pool.probe(new ProbeSettings(ofSeconds(10), ofMillis(50))));
            one.refills = true;
            Scene scene = one.scene.accounted();
            scene.server.link().delay(ofMillis(20));
            scene.awaitEvidence();
            one.send(1); // the gap begins
            world.run(ofMillis(500));
            one.send(BOUND);
            assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.BACK_PRESSURED);
            scene.await("three rings", ofSeconds(5), () -> scene.traffic.count(Outcome.CONFIRMED) > 3 * BOUND);
            one.refills = false;
            scene.close();
        });
    }

    @Test
    void onAPingDeafEndpointTheOldestTokenEndsUnknownInstead() {
        World.run(1, world -> {
            OneChannel one = new OneChannel(world, WebSocketPoolBuilder::lan);
            Scene scene = one.scene.accounted();
            scene.server.behaviour().ignorePings(true).feed(8, ofMillis(100));
            scene.awaitFull();
            scene.await("deaf", ofSeconds(30), () -> {
                scene.traffic.send(scene.pool);
                world.step(ofMillis(50).toNanos());
                return !scene.heard.deaf.isEmpty();
            });
            one.send(BOUND - (int) scene.traffic.open());
            assertEndsTheOldest(one);
            scene.close();
            assertThat(scene.traffic.count(Outcome.UNKNOWN))
                    .as("at the channel's end")
                    .isEqualTo(BOUND + 101);
            assertThat(one.ended(Outcome.Reason.NO_WATERMARK)).isEqualTo(BOUND + 101);
        });
    }

    @Test
    void withProbesOffTheOldestTokenEndsUnknownInstead() {
        World.run(1, world -> {
            OneChannel one = new OneChannel(world, pool -> pool.probe(ProbeSettings.OFF));
            Scene scene = one.scene.accounted();
            scene.awaitFull();
            one.send(BOUND);
            assertEndsTheOldest(one);
            scene.close();
            assertThat(scene.traffic.count(Outcome.UNKNOWN)).isEqualTo(101);
            assertThat(one.ended(Outcome.Reason.PONG))
                    .as("the drain's own ping covers the rest")
                    .isEqualTo(BOUND);
        });
    }

    /** The bound is reached and nothing has ended; 101 more end the 101 oldest. That each is told once is the law's to see. */
    private static void assertEndsTheOldest(OneChannel one) {
        Scene scene = one.scene;
        assertThat(scene.traffic.open()).isEqualTo(BOUND);
        assertThat(one.reasons).isEmpty();
        one.send(1);
        assertThat(scene.traffic.outcome(0)).isEqualTo(Outcome.UNKNOWN);
        assertThat(scene.traffic.outcome(1)).isNull();
        one.send(100);
        assertThat(one.reasons).containsExactly(Map.entry(Outcome.Reason.NO_WATERMARK, 101L));
        assertThat(scene.traffic.outcome(100)).isEqualTo(Outcome.UNKNOWN);
        assertThat(scene.traffic.outcome(101)).isNull();
        assertThat(scene.traffic.open()).isEqualTo(BOUND);
    }
}
