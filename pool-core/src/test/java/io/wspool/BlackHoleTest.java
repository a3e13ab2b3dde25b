package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.CloseCause;
import io.wspool.api.HeartbeatSettings;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.api.Standing;
import io.wspool.testkit.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A channel whose bytes vanish without a word is given no new messages soon, and is closed within the stated bound. */
class BlackHoleTest {
    private static final int SEEDS = 1000;
    private static final HeartbeatSettings QUICK =
            new HeartbeatSettings(ofMillis(300), ofMillis(300), 2, 1.5, ofSeconds(60), null);
    private static final ProbeSettings QUICK_PROBES = new ProbeSettings(ofMillis(20), ofMillis(10));

    private int full;
    private int idle;
    private int diverted;

    @Test
    void aThousandBlackHolesAreFoundInTimeAndSendsGoElsewhere() {
        Tally tally = new Tally("black holes");
        for (long seed = 1; seed <= SEEDS; seed++) {
            tally.tell(seed, this::hole);
        }
        tally.print("; " + full + " with a full send buffer, " + idle + " without traffic, " + diverted + " diverted");
        assertThat(full).isGreaterThan(SEEDS / 5);
        assertThat(idle).isGreaterThan(SEEDS / 10);
        assertThat(diverted).isGreaterThan(SEEDS / 2);
    }

    private void hole(World world) {
        long kind = world.between(1, 40);
        HeartbeatSettings heartbeat =
                kind == 1 ? HeartbeatSettings.DEFAULTS : kind <= 3 ? HeartbeatSettings.LAN : QUICK;
        ProbeSettings probe = kind == 1 ? ProbeSettings.DEFAULTS : kind <= 3 ? ProbeSettings.LAN : QUICK_PROBES;
        int channels = (int) world.between(2, 4);
        int loops = (int) world.between(1, 2);
        int spare = (int) world.between(0, 1);
        Scene scene = new Scene(
                world,
                pool -> pool.channels(channels)
                        .maxConnections(channels + spare)
                        .loops(loops)
                        .heartbeat(heartbeat)
                        .probe(probe));
        scene.server.link().delay(ofNanos(world.between(50_000, 3_000_000))).sendBuffer(4096);
        scene.awaitEvidence();
        scene.send(10, probe.gap());
        world.step(world.between(
                0, heartbeat.interval().toNanos() / 2)); // so that the hole meets any phase of the heartbeat

        PooledChannel victim = scene.pool.pick();
        ChannelSnapshot before = victim.snapshot();
        assertThat(before.evidence()).isTrue();
        boolean fill = world.between(0, 2) == 0;
        boolean silent = !fill && world.between(0, 3) == 0;
        long beganAt = world.nowNanos();
        if (fill) {
            assertThat(scene.traffic.send(victim, 500, 30)).isEqualTo(30);
            assertThat(victim.snapshot().waitingMessages())
                    .as("its send buffer is full")
                    .isPositive();
            full++;
        }
        idle += silent ? 1 : 0;
        scene.serverEnd(victim).blackHole();

        long firstAt = fill ? beganAt : -1;
        long lastAt = -1;
        long sends = 0;
        Duration found = heartbeat.detectionBound().plus(lateness(heartbeat, probe));
        while (scene.heard.closed(victim.id()) == null && world.nowNanos() - beganAt <= found.toNanos()) {
            if (silent) {
                world.step(probe.gap().toNanos());
                continue;
            }
            long taken = Scene.outstandingBytes(victim);
            scene.traffic.send(scene.pool, (int) world.between(8, 200));
            if (Scene.outstandingBytes(victim) > taken) {
                lastAt = world.nowNanos();
                firstAt = firstAt < 0 ? lastAt : firstAt;
            }
            // often at first, then seldom: the seeds with the long bounds would send for long
            world.step(world.between(0, ++sends < 200 ? probe.gap().toNanos() : 1_000_000_000));
        }
        Heard.Step closed = scene.heard.closed(victim.id());
        assertThat(closed).as("found").isNotNull();
        assertThat(ofNanos(closed.at() - beganAt)).as("found after").isLessThanOrEqualTo(found);
        assertThat(closed.cause().kind())
                .isIn(
                        spare == 1 // then it is also replaced after 3 s of suspicion
                                ? new CloseCause.Kind[] {CloseCause.Kind.HEARTBEAT_TIMEOUT, CloseCause.Kind.RECYCLED}
                                : new CloseCause.Kind[] {CloseCause.Kind.HEARTBEAT_TIMEOUT});
        if (firstAt >= 0) {
            Duration bound = probe.suspectBound(ofNanos(before.srttNanos()), ofNanos(before.rttvarNanos()));
            assertThat(ofNanos(scene.heard.stoodAt(victim.id(), Standing.SUSPECT) - firstAt))
                    .as("suspect after")
                    .isBetween(Duration.ZERO, bound);
            assertThat(ofNanos(Math.max(firstAt, lastAt) - firstAt))
                    .as("last send")
                    .isLessThanOrEqualTo(bound);
            diverted++;
        }
        scene.server.heal();
        scene.close();
    }

    /** Each ping and each miss waits for a tick of the loop: that is the lateness which the bound leaves out. */
    private static Duration lateness(HeartbeatSettings heartbeat, ProbeSettings probe) {
        return probe.tick().multipliedBy(heartbeat.misses());
    }
}
