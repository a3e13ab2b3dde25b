package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.wspool.loop.Loop;
import io.wspool.testkit.Behaviour;
import io.wspool.testkit.ScriptedServer;
import io.wspool.testkit.World;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripted server does what it is told and sees what a client does wrong. */
class ScriptedServerTest {
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;

    private World world;
    private Loop loop;
    private ScriptedServer server;

    private void story(Consumer<PlainClient> story) {
        unopened(() -> story.accept(PlainClient.open(world, loop, server.address())));
    }

    private void unopened(Runnable story) {
        World.run(1, fresh -> {
            world = fresh;
            loop = PlainClient.loop(world, "loop");
            server = world.server("gateway", 80);
            story.run();
        });
    }

    /** What comes back after an upgrade request. */
    private PlainClient knock() {
        PlainClient client = PlainClient.dial(world, loop, server.address(), 0);
        client.awaitConnected();
        client.upgrade();
        world.run(ofSeconds(1));
        return client;
    }

    @Test
    void upgradesWithTheKeyOfTheRfc() {
        unopened(() -> {
            server.behaviour().acceptUpgrade("Sec-WebSocket-Protocol: fix");
            assertThat(knock().text())
                    .startsWith("HTTP/1.1 101 ")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") // RFC 6455 §1.3
                    .contains("Sec-WebSocket-Protocol: fix\r\n")
                    .endsWith("\r\n\r\n");
            assertThat(server.connection(0).isUpgraded()).isTrue();
            assertThat(server.connection(0).request()).contains("Host: h");
        });
    }

    @Test
    void refusesWithAStatusAndHeadersAndCloses() {
        unopened(() -> {
            server.behaviour().refuseUpgrade(503, "Retry-After: 2");
            PlainClient client = knock();
            assertThat(client.text()).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 2\r\n");
            assertThat(client.events).containsExactly("active", "inactive");
            assertThat(server.connections()).isEmpty();
        });
    }

    @Test
    void closesAfterAccept() {
        unopened(() -> {
            server.behaviour().closeAfterAccept(true);
            PlainClient client = PlainClient.dial(world, loop, server.address(), 0);
            world.run(ofSeconds(1));
            assertThat(client.events).containsExactly("active", "inactive");
        });
    }

    @Test
    void neverAnswersTheUpgrade() {
        unopened(() -> {
            server.behaviour().ignoreUpgrade(true);
            PlainClient client = knock();
            assertThat(client.received.size()).isZero();
            assertThat(client.events).containsExactly("active");
        });
    }

    @Test
    void dribblesByteByByte() {
        unopened(() -> {
            server.behaviour().dribble(ofMillis(100));
            PlainClient client = knock();
            assertThat(client.received.size()).isBetween(9, 10);
            assertThat(client.readSizes).containsOnly(1);
            server.behaviour().dribble(ofMillis(0));
            world.run(ofSeconds(1));
            assertThat(client.text()).endsWith("\r\n\r\n");
        });
    }

    @ParameterizedTest
    @CsvSource({"ALL, 01 02", "FIRST, 01", "LAST, 02", "NONE, ''", "ALTERED, 00 03"})
    void answersPingsAsTold(Behaviour.Pings way, String payloads) {
        story(client -> {
            server.behaviour().pings(way);
            client.channel().write(Unpooled.wrappedBuffer(client.clientFrame(PING, (byte) 1)));
            client.frame(PING, (byte) 2);
            world.run(ofSeconds(1));
            StringBuilder pongs = new StringBuilder();
            byte[] came = client.received.toByteArray();
            for (int i = 0; i < came.length; i += 3) {
                assertThat(came[i] & 0xFF).isEqualTo(0x8A);
                pongs.append(i == 0 ? "" : " ").append("0").append(came[i + 2]);
            }
            assertThat(pongs).hasToString(payloads);
        });
    }

    @Test
    void answersPingsLateAndCreditsOnlyWhatWasReadBeforeThePing() {
        story(client -> {
            server.behaviour().pongDelay(ofSeconds(3));
            client.message(1);
            client.frame(PING, (byte) 1);
            client.message(2);
            world.run(ofMillis(2900));
            assertThat(server.connection(0).confirmable()).isZero();
            assertThat(client.received.size()).isZero();
            world.run(ofMillis(200));
            assertThat(client.received.size()).isEqualTo(3);
            assertThat(server.connection(0).messages()).isEqualTo(2);
            assertThat(server.connection(0).confirmable()).isEqualTo(1);
        });
    }

    @Test
    void echoesACloseAndClosesFirst() {
        story(client -> {
            client.frame(CLOSE, (byte) 3, (byte) 0xE8);
            world.run(ofSeconds(1));
            assertThat(client.received.toByteArray()).containsExactly(0x88, 2, 3, 0xE8);
            assertThat(client.events).containsExactly("active", "inactive");
            assertThat(server.connection(0).closeCode()).isEqualTo(1000);
        });
    }

    @Test
    void ignoresClose() {
        story(client -> {
            server.behaviour().ignoreClose(true);
            client.frame(CLOSE, (byte) 3, (byte) 0xE8);
            world.run(ofSeconds(10));
            assertThat(client.received.size()).isZero();
            assertThat(client.channel().isActive()).isTrue();
        });
    }

    @Test
    void beginsACloseAndWaitsForTheEcho() {
        story(client -> {
            server.connection(0).close(1012, "restart");
            world.run(ofSeconds(1));
            assertThat(client.received.toByteArray()).startsWith(0x88, 9, 0x03, 0xF4);
            assertThat(client.channel().isActive()).isTrue();
            client.frame(CLOSE, (byte) 3, (byte) 0xF4);
            world.run(ofSeconds(1));
            assertThat(client.channel().isActive()).isFalse();
        });
    }

    @Test
    void oneConnectionCanBehaveUnlikeTheOthers() {
        story(first -> {
            PlainClient second = PlainClient.open(world, loop, server.address());
            server.connection(0).behaviour().silent(true);
            server.behaviour().echo(true);
            first.frame(TEXT, (byte) 'a');
            second.frame(TEXT, (byte) 'b');
            world.run(ofSeconds(1));
            assertThat(first.received.size()).isZero();
            assertThat(second.text()).endsWith("b");
        });
    }

    @Test
    void feedsAtARate() {
        story(client -> {
            server.connection(0).feed(100, ofMillis(10));
            world.run(ofSeconds(1));
            assertThat(client.received.size()).isBetween(99 * 102, 100 * 102);
        });
    }

    @Test
    void answersALogin() {
        story(client -> {
            server.onMessage((connection, message) -> connection.sendText("hello " + message.text()));
            client.frame(TEXT, (byte) 'm', (byte) 'e');
            world.run(ofSeconds(1));
            assertThat(client.text()).endsWith("hello me");
        });
    }

    @Test
    void aKilledProcessResetsAndRefuses() {
        story(client -> {
            server.stop();
            PlainClient late = PlainClient.dial(world, loop, server.address(), 0);
            world.run(ofSeconds(1));
            assertThat(client.events).contains("Connection reset by peer");
            assertThat(late.dial.isSuccess()).isFalse();
            server.open();
            PlainClient.open(world, loop, server.address());
            assertThat(server.connections()).hasSize(1);
        });
    }

    @Test
    void theLedgerKeepsOrderPlaceAndDuplicates() {
        story(first -> {
            PlainClient second = PlainClient.open(world, loop, server.address());
            first.message(5);
            first.message(6);
            world.run(ofSeconds(1));
            second.message(5);
            world.run(ofSeconds(1));
            assertThat(server.ledger().idsOf(server.connection(0))).containsExactly(5L, 6L);
            assertThat(server.ledger().find(6).position()).isEqualTo(2);
            assertThat(server.ledger().duplicates())
                    .singleElement()
                    .satisfies(again -> assertThat(again.connection()).isSameAs(server.connection(1)));
            assertThat(server.ledger().size()).isEqualTo(2);
        });
    }

    @Test
    void fragmentsMakeOneMessage() {
        story(client -> {
            byte[] start = client.clientFrame(2, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
            start[0] &= 0x7F;
            client.channel().writeAndFlush(Unpooled.wrappedBuffer(start));
            client.frame(0, (byte) 0, (byte) 0, (byte) 0, (byte) 9);
            world.run(ofSeconds(1));
            assertThat(server.ledger().contains(9)).isTrue();
            assertThat(server.violations()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8101FF", // unmasked
                "C180" + "01020304", // a reserved bit
                "8380" + "01020304", // an opcode that is none
                "81FE0001" + "01020304" + "60", // a length that is too long
                "0980" + "01020304", // a ping in fragments
                "8080" + "01020304", // a continuation of nothing
                "0180" + "01020304" + "8180" + "0102030A", // a message inside another
                "8182" + "01020304" + "C2C2", // text that is not UTF-8
                "8881" + "01020304" + "02", // a Close with one byte
                "8882" + "01020304" + "02EC", // Close 1006
                "8880" + "01020304" + "8180" + "0102030A", // text behind Close
                "8180" + "01020304" + "8180" + "01020304", // the same key twice
            })
    void seesWhatTheRfcForbids(String hex) {
        story(client -> {
            server.behaviour().ignoreClose(true);
            client.channel().writeAndFlush(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
            world.run(ofSeconds(1));
            assertThat(server.violations()).isNotEmpty();
        });
    }
}
