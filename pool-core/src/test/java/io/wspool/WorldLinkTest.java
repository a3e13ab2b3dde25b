package io.wspool;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.wspool.loop.Loop;
import io.wspool.testkit.ScriptedServer;
import io.wspool.testkit.World;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The connections of the test world behave like TCP where a channel could tell the difference. */
class WorldLinkTest {
    private World world;
    private Loop loop;
    private ScriptedServer server;

    private void story(Consumer<InetSocketAddress> story) {
        World.run(1, fresh -> {
            world = fresh;
            loop = PlainClient.loop(world, "loop");
            server = world.server("gateway", 80);
            server.link().delay(ofMillis(5));
            story.accept(server.address());
        });
    }

    @Test
    void anEchoTakesTwoDelays() {
        story(address -> {
            server.behaviour().echo(true);
            PlainClient client = PlainClient.open(world, loop, address);
            long sent = world.nowNanos();
            client.frame(1, (byte) 'h', (byte) 'i');
            assertThat(world.runUntil(() -> client.received.size() > 0, ofSeconds(1)))
                    .isTrue();
            assertThat(world.nowNanos() - sent).isEqualTo(ofMillis(10).toNanos());
            assertThat(client.received.toByteArray()).containsExactly(0x81, 2, 'h', 'i');
            assertThat(server.violations()).isEmpty();
        });
    }

    @Test
    void theLinesRateAddsToTheDelay() {
        story(address -> {
            PlainClient client = PlainClient.open(world, loop, address);
            server.link().bytesPerSecond(1000);
            long sent = world.nowNanos();
            client.message(7); // 14 bytes
            world.runUntil(() -> server.ledger().contains(7), ofSeconds(1));
            assertThat(world.nowNanos() - sent).isEqualTo(ofMillis(14 + 5).toNanos());
        });
    }

    @Test
    void aWriteTakesWhatFitsMovesTheReaderIndexAndGoesOnWhenThereIsRoom() {
        story(address -> {
            PlainClient client = PlainClient.open(world, loop, address);
            world.step(ofMillis(20).toNanos());
            server.link().sendBuffer(1000);
            server.connection(0).stopReading();
            ByteBuf bytes = Unpooled.buffer(100_000);
            while (bytes.writerIndex() < 99_960) {
                bytes.writeBytes(client.clientFrame(2, new byte[8]));
            }
            var written = client.channel().writeAndFlush(bytes);
            assertThat(bytes.readerIndex()).as("taken at once").isEqualTo(1000);
            assertThat(client.channel().unsafe().outboundBuffer().current()).isSameAs(bytes);
            world.run(ofSeconds(10));
            assertThat(bytes.readerIndex()).as("window and buffer are full").isBetween(66_000, 67_000);
            assertThat(written.isDone()).isFalse();
            server.connection(0).resumeReading();
            world.run(ofSeconds(10));
            assertThat(written.isSuccess()).isTrue();
            assertThat(server.connection(0).messages()).isEqualTo(99_960 / 14);
            assertThat(server.violations()).isEmpty();
        });
    }

    @Test
    void aShortWriteGoesOnAtTheNextPass() {
        story(address -> {
            server.link().writes(1, 3).reads(1, 2);
            PlainClient client = PlainClient.open(world, loop, address);
            client.message(5);
            world.run(ofSeconds(1));
            assertThat(server.ledger().contains(5)).isTrue();
            server.connection(0).sendText("0123456789");
            world.run(ofSeconds(1));
            assertThat(client.text()).endsWith("0123456789");
            assertThat(client.readSizes).hasSizeGreaterThanOrEqualTo(6).allMatch(size -> size <= 2);
        });
    }

    @Test
    void aBlackHoleTellsNobodyAndFillsTheBufferOnce() {
        story(address -> {
            PlainClient client = PlainClient.open(world, loop, address);
            server.link().sendBuffer(100);
            server.connection(0).blackHole();
            for (long id = 1; id <= 10; id++) {
                client.message(id);
            }
            world.run(ofHours(1));
            assertThat(client.events).containsExactly("active");
            assertThat(server.ledger().size()).isZero();
            assertThat(client.channel().unsafe().outboundBuffer().totalPendingWriteBytes())
                    .isPositive();
            server.connection(0).heal();
            world.run(ofSeconds(1));
            assertThat(server.ledger().idsOf(server.connection(0)))
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        });
    }

    @Test
    void aOneWayHoleLosesRepliesOnlyAndNothingIsReadTwice() {
        story(address -> {
            server.behaviour().echo(true);
            PlainClient client = PlainClient.open(world, loop, address);
            server.connection(0).loseReplies();
            client.message(1);
            world.run(ofSeconds(5));
            assertThat(server.ledger().contains(1)).isTrue();
            assertThat(client.received.size()).isZero();
            server.connection(0).heal();
            world.run(ofSeconds(5));
            assertThat(client.received.size()).isEqualTo(10);
            assertThat(server.ledger().entries()).hasSize(1);
        });
    }

    @Test
    void aResetIsAnErrorOnTheOtherSideBehindWhatHadArrived() {
        story(address -> {
            PlainClient client = PlainClient.open(world, loop, address);
            server.connection(0).sendText("last");
            server.connection(0).reset();
            world.run(ofSeconds(1));
            assertThat(client.text()).endsWith("last");
            assertThat(client.events).containsExactly("active", "Connection reset by peer", "inactive");
        });
    }

    @Test
    void theEndOfTheStreamClosesTheChannel() {
        story(address -> {
            PlainClient client = PlainClient.open(world, loop, address);
            server.connection(0).finish();
            world.run(ofSeconds(1));
            assertThat(client.events).containsExactly("active", "inactive");
            assertThat(server.connections()).isEmpty();
        });
    }

    @Test
    void aPlainCloseSendsWhatTheKernelHolds() {
        story(address -> {
            assertThat(readAfterAClose(address, -1)).isEqualTo(1000);
            assertThat(world.log().get(world.log().size() - 1)).endsWith("hung up");
        });
    }

    @Test
    void aCutDropsWhatTheKernelHolds() {
        story(address -> {
            assertThat(readAfterAClose(address, 0)).isBetween(1L, 999L);
            assertThat(world.log().get(world.log().size() - 1)).endsWith("broken by the client");
        });
    }

    /** 1,000 messages on a slow line and a window of 100 bytes, closed before most have left. */
    private long readAfterAClose(InetSocketAddress address, int linger) {
        server.link().window(100);
        PlainClient client = PlainClient.open(world, loop, address);
        for (long id = 1; id <= 1000; id++) {
            client.message(id);
        }
        world.run(ofSeconds(1));
        assertThat(client.channel().unsafe().outboundBuffer().isEmpty()).isTrue();
        client.channel().config().setOption(ChannelOption.SO_LINGER, linger);
        client.channel().close();
        world.run(ofSeconds(60));
        return server.ledger().size();
    }

    @Test
    void theDescriptorOfAClosedChannelIsFreedByTheNextPass() {
        story(address -> {
            PlainClient client = PlainClient.open(world, loop, address);
            client.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            client.channel().close();
            assertThat(client.channel().closeFuture().isDone()).isTrue();
            assertThat(world.network().openDescriptors()).isEqualTo(1);
            world.step(1);
            assertThat(world.network().openDescriptors()).isZero();
        });
    }

    @Test
    void readsNothingWhileAutoReadIsOff() {
        story(address -> {
            PlainClient client = PlainClient.open(world, loop, address);
            client.channel().config().setAutoRead(false);
            server.connection(0).sendText("wait");
            world.run(ofSeconds(1));
            assertThat(client.received.size()).isZero();
            client.channel().config().setAutoRead(true);
            world.run(ofSeconds(1));
            assertThat(client.text()).endsWith("wait");
        });
    }

    @Test
    void aRefusedDialFailsAfterARoundTrip() {
        story(address -> {
            server.refuse();
            PlainClient client = PlainClient.dial(world, loop, address, 0);
            assertThat(world.runUntil(client.dial::isDone, ofSeconds(1))).isTrue();
            assertThat(client.dial.cause()).isInstanceOf(ConnectException.class).hasMessageContaining("refused");
            assertThat(world.nowNanos()).isEqualTo(ofMillis(10).toNanos());
            world.step(1);
            assertThat(world.network().openDescriptors()).isZero();
        });
    }

    @Test
    void aHangingDialEndsByItsTimeOut() {
        story(address -> {
            server.hang();
            PlainClient client = PlainClient.dial(world, loop, address, 3000);
            assertThat(world.runUntil(client.dial::isDone, ofSeconds(60))).isTrue();
            assertThat(client.dial.cause()).isInstanceOf(ConnectTimeoutException.class);
            assertThat(world.nowNanos()).isEqualTo(ofSeconds(3).toNanos());
            world.step(1);
            assertThat(world.network().openDescriptors()).isZero();
        });
    }

    @Test
    void aLostDialIsRepeatedByTheKernel() {
        story(address -> {
            server.blackHole();
            PlainClient client = PlainClient.dial(world, loop, address, 0);
            world.run(ofMillis(2500)); // lost at 0 s and at 1 s, due again at 3 s
            server.heal();
            client.awaitConnected();
            assertThat(world.nowNanos()).isEqualTo(ofMillis(3010).toNanos());
        });
    }

    @Test
    void aDialToNowhereFailsAtOnce() {
        story(address -> {
            PlainClient client = PlainClient.dial(
                    world, loop, new InetSocketAddress(address.getAddress(), address.getPort() + 1), 0);
            world.step(1);
            assertThat(client.dial.cause()).isInstanceOf(NoRouteToHostException.class);
        });
    }

    @Test
    void jitterKeepsTheOrder() {
        story(address -> {
            PlainClient client = PlainClient.open(world, loop, address);
            server.link().jitter(ofMillis(50));
            for (long id = 1; id <= 200; id++) {
                client.message(id);
                world.step(TimeUnit.MICROSECONDS.toNanos(300));
            }
            world.run(ofSeconds(1));
            assertThat(server.ledger().idsOf(server.connection(0))).hasSize(200).isSorted();
        });
    }
}
