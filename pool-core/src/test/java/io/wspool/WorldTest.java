package io.wspool;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.wspool.loop.Loop;
import io.wspool.testkit.ScriptedServer;
import io.wspool.testkit.World;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Time, order and chance of the test world itself. */
class WorldTest {
    private static final int CHANNELS = 8;

    @Test
    void theSameSeedTellsTheSameStoryByteForByte() {
        World once = World.run(42, WorldTest::busyStory);
        World again = World.run(42, WorldTest::busyStory);
        World other = World.run(43, WorldTest::busyStory);
        assertThat(once.log()).isNotEmpty().isEqualTo(again.log());
        assertThat(once.fingerprint()).isEqualTo(again.fingerprint()).isNotEqualTo(other.fingerprint());
    }

    /** Clients on two loops, jitter, chunks, an echo, a black hole and a reset. */
    private static void busyStory(World world) {
        ScriptedServer server = world.server("gateway", 80);
        server.link().delay(ofMillis(1)).jitter(ofMillis(3)).reads(1, 20).writes(1, 30);
        server.behaviour().echo(true);
        Loop[] loops = {PlainClient.loop(world, "one"), PlainClient.loop(world, "two")};
        List<PlainClient> clients = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++) {
            clients.add(PlainClient.open(world, loops[i % 2], server.address()));
        }
        for (long id = 1; id <= 100; id++) {
            clients.get((int) world.between(0, CHANNELS - 1)).message(id);
            world.step(world.between(0, 500_000));
        }
        server.connection(0).blackHole();
        server.connection(1).reset();
        world.run(ofSeconds(1));
        assertThat(clients.stream().mapToInt(client -> client.received.size()).sum())
                .isGreaterThan(500);
        assertThat(server.violations()).isEmpty();
    }

    @Test
    void loopsTakeTurnsInAnOrderThatTheSeedDraws() {
        assertThat(orders(1)).isEqualTo(orders(1)).contains("ab", "ba");
        assertThat(orders(1)).isNotEqualTo(orders(2));
    }

    private static List<String> orders(long seed) {
        List<String> orders = new ArrayList<>();
        World.run(seed, world -> {
            Loop a = PlainClient.loop(world, "a");
            Loop b = PlainClient.loop(world, "b");
            for (int i = 0; i < 20; i++) {
                StringBuilder order = new StringBuilder();
                a.execute(() -> order.append('a'));
                b.execute(() -> order.append('b'));
                world.step(1);
                orders.add(order.toString());
            }
        });
        return orders;
    }

    @Test
    void workThatLoopsGiveEachOtherIsDoneInTheSameInstant() {
        World.run(1, world -> {
            Loop a = PlainClient.loop(world, "a");
            Loop b = PlainClient.loop(world, "b");
            List<Long> times = new ArrayList<>();
            world.after(
                    ofMillis(5),
                    () -> a.execute(() -> a.atEndOfTurn(() -> b.execute(() -> {
                        b.atEndOfTurn(() -> a.execute(() -> times.add(world.nowNanos())));
                    }))));
            world.run(ofMillis(5));
            assertThat(times).containsExactly(ofMillis(5).toNanos());
        });
    }

    @Test
    void timersFireAtTheirTimeAndNotEarlier() {
        World.run(1, world -> {
            Loop loop = PlainClient.loop(world, "loop");
            List<Long> fired = new ArrayList<>();
            loop.execute(() -> loop.schedule(
                    () -> fired.add(world.nowNanos()), ofMillis(1500).toNanos()));
            world.step(ofMillis(1500).toNanos() - 1);
            assertThat(fired).isEmpty();
            world.step(1);
            assertThat(fired).containsExactly(ofMillis(1500).toNanos());
        });
    }

    @Test
    void aPauseServesNoLoopWhileServersGoOn() {
        World.run(1, world -> {
            Loop loop = PlainClient.loop(world, "loop");
            ScriptedServer server = world.server("gateway", 80);
            PlainClient client = PlainClient.open(world, loop, server.address());
            List<Long> fired = new ArrayList<>();
            long start = world.nowNanos();
            loop.schedule(
                    () -> fired.add(world.nowNanos() - start), ofSeconds(1).toNanos());
            world.after(ofSeconds(2), () -> server.connection(0).sendText("meanwhile"));
            world.pause(ofSeconds(30));
            assertThat(fired).containsExactly(ofSeconds(30).toNanos());
            assertThat(client.text()).endsWith("meanwhile");
        });
    }

    @Test
    void namesAnswerFailOrNeverCome() {
        World.run(1, world -> {
            world.server("late", 80);
            world.server("gone", 80);
            world.server("silent", 80);
            world.names()
                    .answer("late", ofSeconds(2))
                    .fail("gone", ofSeconds(1))
                    .never("silent");
            List<String> heard = new ArrayList<>();
            for (String host : List.of("late", "gone", "silent", "unheard-of")) {
                world.resolver().resolve(host, 80, (addresses, failure) -> {
                    String what = failure == null
                            ? addresses.toString()
                            : failure.getClass().getSimpleName();
                    heard.add(world.nowNanos() / 1_000_000_000 + " " + host + " " + what);
                });
            }
            world.run(ofSeconds(60));
            String unknown = UnknownHostException.class.getSimpleName();
            assertThat(heard)
                    .containsExactly("0 unheard-of " + unknown, "1 gone " + unknown, "2 late [late/10.0.0.1:80]");
        });
    }

    @Test
    void aFailureNamesTheSeedTheTimeAndTheLastEvents() {
        assertThatThrownBy(() -> World.run(77, world -> {
                    world.run(ofSeconds(3));
                    world.log("story", "something odd");
                    throw new IllegalStateException("broken");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 77 at 3.0 s: broken")
                .hasMessageContaining("3.000000 story: something odd");
    }

    @Test
    void workWithoutEndIsFound() {
        assertThatThrownBy(() -> World.run(1, world -> {
                    Loop loop = PlainClient.loop(world, "loop");
                    loop.execute(new Runnable() {
                        @Override
                        public void run() {
                            if (!loop.netty().isShuttingDown()) {
                                world.at(world.nowNanos(), () -> loop.execute(this));
                            }
                        }
                    });
                    world.step(1);
                }))
                .hasMessageContaining("no rest");
    }

    @Test
    void quietTimeIsJumpedOver() {
        long[] pings = new long[1];
        World.run(1, world -> {
            Loop[] loops = {PlainClient.loop(world, "one"), PlainClient.loop(world, "two")};
            ScriptedServer server = world.server("gateway", 80);
            for (int i = 0; i < CHANNELS; i++) {
                PlainClient client = PlainClient.open(world, loops[i % 2], server.address());
                client.channel().pipeline().addFirst(new IdleStateHandler(15, 0, 0));
                client.channel().pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        if (event instanceof IdleStateEvent) {
                            pings[0]++;
                            client.frame(9, (byte) 1);
                        }
                    }
                });
            }
            double rate = Speed.of(world, ofHours(1));
            assertThat(server.connections()).hasSize(CHANNELS);
            System.out.printf(
                    "%d idle channels with pings: %.0f virtual seconds per processor second%n", CHANNELS, rate);
        });
        assertThat(pings[0]).isBetween(CHANNELS * 230L, CHANNELS * 240L);
    }
}
