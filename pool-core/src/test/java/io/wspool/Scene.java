package io.wspool;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.channel.WebSocketChannel;
import io.wspool.testkit.Law;
import io.wspool.testkit.ScriptedServer;
import io.wspool.testkit.ServerConnection;
import io.wspool.testkit.Traffic;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One pool in a world, with its server, its user, its judge, and what its listeners heard. At every step of the world the sockets
 * that exist are counted against {@code maxConnections}, and the law of messages is looked after.
 */
final class Scene {
    final World world;
    final ScriptedServer server;
    final Traffic traffic;
    final Heard heard;
    final WebSocketPool pool;
    final Law law;
    /** Channels that have told that they are writable again. */
    final List<PooledChannel> writable = new ArrayList<>();

    /** Starts a pool on the settings' side; nothing happens before the world's time goes on. */
    Scene(World world, UnaryOperator<WebSocketPoolBuilder> settings) {
        this.world = world;
        server = world.server("gateway", 80);
        traffic = new Traffic(world);
        heard = new Heard(world);
        pool = settings.apply(WebSocketPool.to("ws://gateway/feed")
                        .environment(world)
                        .onOutcomes(traffic)
                        .onWritable(writable::add)
                        .listener(heard))
                .start();
        law = new Law(world, traffic, server);
        int most = pool.settings().maxConnections();
        world.everyStep(() -> {
            int sockets = world.network().openDescriptors();
            if (sockets > most) {
                throw new AssertionError(sockets + " sockets, allowed are " + most);
            }
        });
    }

    void awaitFull() {
        await("full", ofMinutes(4), () -> pool.state() == PoolState.FULL);
    }

    void await(String what, Duration limit, BooleanSupplier condition) {
        assertThat(world.runUntil(condition, limit)).as(what).isTrue();
    }

    /** Full, and every channel has matched a pong. */
    void awaitEvidence() {
        awaitFull();
        await(
                "evidence",
                ofMinutes(1),
                () -> pool.channels().stream()
                        .allMatch(channel -> ((WebSocketChannel) channel).load().evidence()));
    }

    /** The server's end of a channel; as long as every dial was accepted, in turn. */
    ServerConnection serverEnd(PooledChannel channel) {
        return server.connection((int) channel.id() - 1);
    }

    /** The live channel of a place, or null. */
    @Nullable
    PooledChannel channelAt(int slot) {
        for (PooledChannel channel : pool.channels()) {
            if (channel.slot() == slot) {
                return channel;
            }
        }
        return null;
    }

    /** Payload that a channel has taken and nobody has confirmed: rises at once when a send goes there. Cheap, unlike a snapshot. */
    static long outstandingBytes(PooledChannel channel) {
        ChannelSnapshot now = channel.snapshot();
        return now.waitingBytes() + now.inflightBytes();
    }

    /** From now on the pool's account is compared with the user's every now and then, not at the end alone. It costs snapshots. */
    Scene accounted() {
        law.account(() -> pool.snapshot().account());
        return this;
    }

    /** Sends {@code count} messages of drawn sizes through the pool, each followed by a drawn pause up to {@code mostPause}. */
    void send(int count, Duration mostPause) {
        for (int i = 0; i < count; i++) {
            traffic.send(pool, (int) world.between(8, 200));
            world.step(world.between(0, mostPause.toNanos()));
        }
    }

    /** Closes the pool and checks that nothing is left and nothing is unaccounted. */
    void close() {
        world.onLoop(pool::close);
        await("closed", Duration.ofSeconds(20), () -> pool.state() == PoolState.CLOSED);
        accounted();
        law.checkSettled();
        assertThat(world.network().openDescriptors()).isZero();
    }
}
