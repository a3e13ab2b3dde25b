package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.wspool.api.ChannelLimits;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.api.Sender;
import io.wspool.api.Standing;
import io.wspool.testkit.ServerConnection;
import io.wspool.testkit.World;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A peer that stops reading for 60 s under load costs bounded memory and a few seconds; what became of messages is known. */
class SlowPeerTest {
    private static final int MESSAGE = 512;
    private static final int KERNELS = 2 * 16 * 1024;
    /** A tenth of the default's bytes: the same story for a tenth of the work. */
    private static final ChannelLimits LIMITS = new ChannelLimits(1024, 100 * 1024, 1 << 20, 1 << 20, 1024, 32 * 1024);

    /** A scene under load on one sender, with an eye on memory. */
    private static final class Load {
        final Scene scene;
        final PooledChannel slow;
        final ServerConnection peer;
        private final long memoryBefore;
        private final long mostMemory;
        int refused;

        Load(World world, UnaryOperator<WebSocketPoolBuilder> settings) {
            scene = new Scene(world, pool -> settings.apply(pool.limits(LIMITS)));
            scene.server.link().delay(ofMillis(1)).window(KERNELS / 2).sendBuffer(KERNELS / 2);
            scene.awaitEvidence();
            scene.send(50, ofMillis(2));
            slow = scene.pool.pick();
            peer = scene.serverEnd(slow);
            memoryBefore = directMemory();
            // for each place: what may wait, one refused write, and what is fixed
            int places = scene.pool.settings().maxConnections();
            mostMemory = places * (LIMITS.waitingBytes() + 64L * 1024 + 256 * 1024);
            peer.stopReading();
            world.after(ofSeconds(60), peer::resumeReading);
        }

        /** Sends every 5 ms: 100 kB a second, far more than fits anywhere for long. */
        void send(Sender sender, int seconds) {
            for (int i = 0; i < seconds * 200; i++) {
                SendResult result = scene.traffic.send(sender, MESSAGE);
                refused += result == SendResult.BACK_PRESSURED ? 1 : 0;
                scene.world.run(ofMillis(5));
                if (i % 100 == 0) {
                    checkMemory();
                }
            }
        }

        /** What buffers of Netty's hold, of both kinds: send buffers belong to no pool of its. */
        private static long directMemory() {
            return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()
                    + UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        }

        private void checkMemory() {
            long waiting = 0;
            for (PooledChannel channel : scene.pool.channels()) {
                ChannelSnapshot now = channel.snapshot();
                assertThat(now.waitingMessages()).isLessThanOrEqualTo(LIMITS.waitingMessages() + 1);
                assertThat(now.waitingBytes()).isLessThanOrEqualTo(LIMITS.waitingBytes() + MESSAGE);
                waiting += now.waitingBytes();
            }
            assertThat(directMemory() - memoryBefore + waiting).isLessThanOrEqualTo(mostMemory);
        }

        PooledChannel writable() {
            return scene.writable.get(0);
        }

        /** Whoever was refused has been told of room since, once for each channel that had none, and is taken. */
        void assertRecovered() {
            assertThat(refused).as("back-pressured").isPositive();
            assertThat(scene.writable).as("writable").hasSize(1);
            scene.await("full", ofSeconds(60), () -> scene.pool.state() == PoolState.FULL);
            assertThat(scene.traffic.send(scene.pool, MESSAGE)).isEqualTo(SendResult.ACCEPTED);
            scene.await("all accounted", ofSeconds(60), () -> scene.traffic.open() == 0);
        }
    }

    @Test
    void onePlaceWithASpareConnectionRecoversByAReplacement() {
        Tally.run("slow peer, one place and a spare connection", 1, world -> {
            Load load = new Load(world, pool -> pool.channels(1));
            Scene scene = load.scene;
            load.send(scene.pool, 70);
            assertThat(scene.heard.stoodAt(load.slow.id(), Standing.SUSPECT)).isPositive();
            load.assertRecovered();
            assertThat(load.writable().state()).isEqualTo(ChannelState.OPEN);
            assertThat(load.writable()).isNotSameAs(load.slow);
            assertThat(scene.heard.recyclings).hasSize(1);
            assertThat(scene.heard.recyclings.get(0).old().id()).isEqualTo(load.slow.id());
            assertThat(scene.heard.closed(load.slow.id()).cause().kind()).isEqualTo(CloseCause.Kind.RECYCLED);
            assertThat(scene.pool.snapshot().recycled()).isEqualTo(1);
            // what its kernel or ours held is in doubt, what waited has moved
            assertThat(scene.traffic.count(Outcome.UNKNOWN)).isBetween(1L, (KERNELS + 64L * 1024) / MESSAGE);
            assertThat(scene.heard.closed(load.slow.id()).channel().account().movedOut())
                    .isPositive();
            scene.close();
        });
    }

    @Test
    void onePlaceWithoutASpareConnectionRecoversByTheSameChannel() {
        Tally.run("slow peer, one place", 1, world -> {
            Load load = new Load(world, WebSocketPoolBuilder::polite);
            Scene scene = load.scene;
            load.send(scene.pool, 70);
            load.assertRecovered();
            assertThat(scene.pool.channels()).containsExactly(load.slow);
            assertThat(scene.writable).containsExactly(load.slow);
            assertThat(scene.server.accepted()).isEqualTo(1);
            assertThat(scene.heard.recyclings).isEmpty();
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
            scene.close();
        });
    }

    @Test
    void onePlaceWithAShortHeartbeatIsCutAndRedialled() {
        Tally.run("slow peer, one place, lan()", 1, world -> {
            Load load = new Load(world, pool -> pool.lan().polite());
            Scene scene = load.scene;
            load.send(scene.pool, 20);
            load.assertRecovered();
            assertThat(scene.heard.closed(load.slow.id()).cause().kind()).isEqualTo(CloseCause.Kind.HEARTBEAT_TIMEOUT);
            assertThat(scene.server.accepted()).isEqualTo(2);
            assertThat(scene.heard.recyclings).isEmpty();
            assertThat(scene.traffic.count(Outcome.UNKNOWN)).isPositive();
            scene.close();
        });
    }

    @Test
    void boundSendsInAPoolOfFourWaitForTheSameChannelAndKeepTheirOrder() {
        Tally.run("slow peer, bound sends, no spare connection", 1, world -> {
            Load load = new Load(world, pool -> pool.channels(4).maxConnections(4));
            Scene scene = load.scene;
            int before = scene.server.ledger().size();
            load.send(load.slow, 70);
            load.assertRecovered();
            assertThat(scene.writable).containsExactly(load.slow);
            assertThat(scene.pool.channels()).contains(load.slow);
            assertThat(scene.server.accepted()).isEqualTo(4);
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(scene.traffic.accepted());
            List<Long> ids = scene.server.ledger().idsOf(load.peer);
            assertThat(ids).hasSizeGreaterThan(100).isSorted();
            assertThat(scene.server.ledger().size() - before).isGreaterThan(100);
            scene.close();
        });
    }

    @Test
    void boundSendsInAPoolOfFourEndWithTheChannelThatIsReplaced() {
        Tally.run("slow peer, bound sends and a spare connection", 1, world -> {
            Load load = new Load(world, pool -> pool.channels(4));
            Scene scene = load.scene;
            load.send(load.slow, 20);
            load.assertRecovered();
            assertThat(load.writable().state()).isEqualTo(ChannelState.OPEN);
            assertThat(load.writable()).isNotSameAs(load.slow);
            assertThat(scene.heard.recyclings).hasSize(1);
            Heard.Step closed = scene.heard.closed(load.slow.id());
            assertThat(closed.cause().kind()).isEqualTo(CloseCause.Kind.RECYCLED);
            assertThat(closed.channel().account().notSent()).isPositive();
            assertThat(closed.channel().account().movedOut())
                    .as("bound messages never move")
                    .isZero();
            assertThat(scene.traffic.count(Outcome.NOT_SENT))
                    .isEqualTo(closed.channel().account().notSent());
            scene.close();
        });
    }

    @Test
    void moveableSendsInAPoolOfFourGoOnOverTheOthers() {
        Tally.run("slow peer, sends of the pool's choice", 1, world -> {
            Load load = new Load(world, pool -> pool.channels(4));
            Scene scene = load.scene;
            load.send(scene.pool, 70);
            assertThat(load.refused).as("the others have room").isZero();
            assertThat(scene.writable).isEmpty();
            scene.await("all accounted", ofSeconds(60), () -> scene.traffic.open() == 0);
            // until it is suspect it is given some; none of it is moved once it was written
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isGreaterThan(scene.traffic.accepted() - 300);
            scene.close();
        });
    }
}
