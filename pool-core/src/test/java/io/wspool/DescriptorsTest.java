package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Ticker;
import io.wspool.api.BreakerState;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.api.SendResult;
import io.wspool.loop.Chance;
import io.wspool.loop.Environment;
import io.wspool.loop.Loop;
import io.wspool.loop.NameResolver;
import io.wspool.loop.Transport;
import io.wspool.testkit.World;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** The process has no descriptor left: a socket that cannot even be made is a failed dial like any other. */
class DescriptorsTest {
    /** A world whose next {@link #shortage} sockets cannot be made. */
    private static final class Poor implements Environment, Transport {
        private final World world;
        int shortage;
        /** How many addresses a name has; they lead to the same server. */
        int addresses = 1;

        private int refused;
        private int seen;

        Poor(World world) {
            this.world = world;
            world.everyStep(this::catchUp);
        }

        /** Netty tells such a failure on a thread of its own, which is outside the world: wait for it, time standing still. */
        private void catchUp() {
            if (seen < refused) {
                seen = refused;
                GlobalEventExecutor.INSTANCE.submit(() -> {}).syncUninterruptibly();
                world.after(
                        Duration.ofNanos(1),
                        () -> {}); // or the world, with nothing planned, would leap over its effect
            }
        }

        @Override
        public Channel newChannel(SocketAddress remote) {
            if (shortage == 0) {
                return world.transport().newChannel(remote);
            }
            shortage--;
            refused++;
            throw new ChannelException("Unable to create Channel", new SocketException("Too many open files"));
        }

        @Override
        public Transport transport() {
            return this;
        }

        @Override
        public String name() {
            return world.transport().name();
        }

        @Override
        public IoHandlerFactory ioHandlers() {
            return world.transport().ioHandlers();
        }

        @Override
        public void configure(Bootstrap bootstrap, Duration deadAfter) {
            world.transport().configure(bootstrap, deadAfter);
        }

        @Override
        public void shutFromOutside() {
            world.transport().shutFromOutside();
        }

        @Override
        public boolean pollBySelect() {
            return world.transport().pollBySelect();
        }

        @Override
        public long epochMillis() {
            return world.epochMillis();
        }

        @Override
        public Ticker ticker() {
            return world.ticker();
        }

        @Override
        public Chance chance() {
            return world.chance();
        }

        @Override
        public NameResolver resolver() {
            return new NameResolver() {
                @Override
                public void resolve(String host, int port, Callback callback) {
                    world.resolver().resolve(host, port, (found, failure) -> {
                        callback.resolved(found == null ? null : Collections.nCopies(addresses, found.get(0)), failure);
                    });
                }

                @Override
                public void close() {
                    world.resolver().close();
                }
            };
        }

        @Override
        public Executor background() {
            return world.background();
        }

        @Override
        public Executor logWriter() {
            return world.logWriter();
        }

        @Override
        public void drive(Loop loop) {
            world.drive(loop);
        }

        @Override
        public void close() {
            world.close();
        }
    }

    @Test
    void aSocketThatCannotBeMadeIsAFailedDialThatBacksOffAndLaterSucceeds() {
        World.run(1, world -> {
            Poor poor = new Poor(world);
            poor.shortage = 3;
            Scene scene =
                    new Scene(world, pool -> pool.channels(1).maxConnections(1).environment(poor));
            scene.await("the third failure", ofSeconds(20), () -> scene.heard.retries.size() == 3);
            assertThat(scene.pool.state()).isEqualTo(PoolState.STARTING);
            assertThat(scene.pool.snapshot().connections())
                    .as("nothing is held")
                    .isZero();
            for (int i = 0; i < 3; i++) {
                assertThat(scene.heard.steps.get(i).from()).isEqualTo(ChannelState.CONNECTING);
                assertThat(scene.heard.steps.get(i).to()).isEqualTo(ChannelState.CLOSED);
                CloseCause cause = scene.heard.retries.get(i).cause();
                assertThat(cause.kind()).isEqualTo(CloseCause.Kind.CONNECT_FAILED);
                assertThat(cause.error()).hasRootCauseMessage("Too many open files");
                assertThat(cause.detail()).contains("ws://gateway:80");
                assertThat(scene.heard.retries.get(i).attempt()).isEqualTo(i + 1);
                assertThat(scene.heard.retries.get(i).delay()).isBetween(Duration.ZERO, ofSeconds(1L << i));
            }
            assertThat(world.network().dials()).isZero();
            scene.awaitFull();
            assertThat(world.network().dials()).isEqualTo(1);
            assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.ACCEPTED);
            world.run(ofMillis(10));
            scene.close();
            assertThat(scene.traffic.count(Outcome.CONFIRMED)).isEqualTo(1);
        });
    }

    @Test
    void whereANameHasAnotherAddressTheSameDialGoesOnThere() {
        World.run(1, world -> {
            Poor poor = new Poor(world);
            poor.shortage = 1;
            poor.addresses = 2;
            Scene scene =
                    new Scene(world, pool -> pool.channels(1).maxConnections(1).environment(poor));
            scene.await("live", ofMillis(10), () -> scene.pool.state() == PoolState.FULL);
            assertThat(poor.shortage).isZero();
            assertThat(scene.heard.retries).isEmpty();
            scene.close();
        });
    }

    @Test
    void aShortageKeepsTheOthersAliveAndGivesTheTurnToTheNextPlace() {
        World.run(1, world -> {
            Poor poor = new Poor(world);
            Scene scene = new Scene(world, pool -> pool.channels(3).environment(poor));
            scene.awaitFull();
            world.run(ofSeconds(11));
            poor.shortage = 4;
            scene.server.connection(0).reset();
            scene.server.connection(1).reset();
            world.run(ofMillis(10));
            assertThat(scene.pool.state()).isEqualTo(PoolState.PARTIAL);
            for (int i = 0; i < 100; i++) {
                assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.ACCEPTED);
                world.run(ofMillis(5));
            }
            scene.awaitFull();
            assertThat(poor.shortage).isZero();
            assertThat(scene.heard.breakers).isEmpty();
            assertThat(scene.pool.snapshot().breaker()).isEqualTo(BreakerState.CLOSED);
            assertThat(scene.pool.snapshot().connections()).isEqualTo(3);
            scene.close();
        });
    }

    @Test
    void aPoolCanBeClosedInAShortageThatDoesNotEnd() {
        World.run(1, world -> {
            Poor poor = new Poor(world);
            poor.shortage = Integer.MAX_VALUE;
            Scene scene = new Scene(world, pool -> pool.channels(2).environment(poor));
            scene.await("degraded", ofSeconds(200), () -> scene.pool.state() == PoolState.DEGRADED);
            assertThat(scene.traffic.send(scene.pool)).isEqualTo(SendResult.NO_LIVE_CHANNEL);
            world.run(ofSeconds(100));
            scene.close();
            int failed = scene.heard.steps.size();
            world.run(ofSeconds(100));
            assertThat(scene.heard.steps).hasSize(failed);
            assertThat(world.network().dials()).isZero();
        });
    }
}
