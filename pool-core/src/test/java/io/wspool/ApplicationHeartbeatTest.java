package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ApplicationHeartbeat;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.HeartbeatSettings;
import io.wspool.testkit.ScriptedServer;
import io.wspool.testkit.ServerConnection;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** A heartbeat in messages, for servers that know no pings: it asks when it is quiet, and only its answer stays unheard. */
class ApplicationHeartbeatTest {
    private static final HeartbeatSettings QUICK =
            new HeartbeatSettings(ofSeconds(1), ofSeconds(1), 2, 1.5, ofSeconds(60), null);
    private static final byte[] ASK = {1, 2, 3};
    private static final byte[] ANSWER = {4, 5};
    /** A tick of the loop, and the way of a frame. */
    private static final Duration SLACK = ofMillis(15);

    /** One channel, a server with a script, and what the user's listener was given. */
    private static final class Talk {
        final Scene scene;
        final List<String> delivered = new ArrayList<>();
        final List<ScriptedServer.Received> asked = new ArrayList<>();
        final List<Long> askedAt = new ArrayList<>();

        Talk(
                World world,
                ApplicationHeartbeat heartbeat,
                BiConsumer<ServerConnection, ScriptedServer.Received> answer) {
            scene = new Scene(
                    world,
                    pool -> pool.channels(1)
                            .maxConnections(1)
                            .heartbeat(QUICK.withApplication(heartbeat))
                            .onMessage((channel, message) ->
                                    delivered.add(message.isText() ? message.text() : "" + message.bytes()[0])));
            scene.server.onMessage((connection, message) -> {
                asked.add(message);
                askedAt.add(world.nowNanos());
                answer.accept(connection, message);
            });
            scene.awaitEvidence();
        }

        ChannelSnapshot channel() {
            return scene.pool.channels().get(0).snapshot();
        }

        void assertAskedEverySecond(int least) {
            assertThat(asked).hasSizeGreaterThanOrEqualTo(least);
            for (int i = 1; i < askedAt.size(); i++) {
                assertThat(ofNanos(askedAt.get(i) - askedAt.get(i - 1)))
                        .isBetween(QUICK.interval(), QUICK.interval().plus(SLACK));
            }
        }
    }

    @Test
    void textIsSentWhenItIsQuietAndItsAnswerEndsTheEpisodeUnheard() {
        World.run(1, world -> {
            Talk talk = new Talk(
                    world,
                    ApplicationHeartbeat.text(),
                    (connection, asked) -> connection.sendText(ApplicationHeartbeat.DEFAULT_TEXT));
            world.run(ofSeconds(30));
            talk.assertAskedEverySecond(29);
            assertThat(talk.asked).allSatisfy(asked -> {
                assertThat(asked.isText()).isTrue();
                assertThat(asked.text()).isEqualTo("__HEARTBEAT__");
            });
            assertThat(talk.delivered).isEmpty();
            assertThat(talk.scene.heard.misses).isZero();
            ChannelSnapshot channel = talk.channel();
            assertThat(channel.state()).isEqualTo(ChannelState.OPEN);
            assertThat(channel.receivedMessages()).isZero();
            assertThat(channel.account().accepted()).as("outside the account").isZero();
            assertThat(channel.idleFor()).as("no useful activity").isGreaterThan(ofSeconds(29));
            talk.scene.close();
        });
    }

    @Test
    void bytesAreAnsweredByWhatTheMatcherSaysAndNothingElseIsKeptFromTheListener() {
        World.run(1, world -> {
            Talk talk = new Talk(
                    world,
                    ApplicationHeartbeat.bytes(
                            ASK, message -> !message.isText() && message.length() == 2 && message.bytes()[0] == 4),
                    (connection, asked) -> {
                        connection.sendBinary(ANSWER);
                        connection.sendBinary(new byte[] {7, 7});
                        connection.sendText("4");
                    });
            world.run(ofSeconds(10));
            talk.assertAskedEverySecond(9);
            assertThat(talk.asked).allSatisfy(asked -> {
                assertThat(asked.isText()).isFalse();
                assertThat(asked.payload().array()).isEqualTo(ASK);
            });
            assertThat(talk.delivered)
                    .hasSize(2 * talk.asked.size())
                    .startsWith("7", "4", "7")
                    .containsOnly("7", "4");
            assertThat(talk.channel().receivedMessages()).isEqualTo(talk.delivered.size());
            talk.scene.close();
        });
    }

    @Test
    void nothingIsAskedWhileFramesCome() {
        World.run(1, world -> {
            Talk talk = new Talk(world, ApplicationHeartbeat.text(), (connection, asked) -> {});
            talk.scene.server.connection(0).feed(8, ofMillis(900));
            world.run(ofSeconds(20));
            assertThat(talk.asked).isEmpty();
            assertThat(talk.delivered).hasSizeGreaterThan(20);
            talk.scene.close();
        });
    }

    @Test
    void withoutAnAnswerTheChannelEndsAtTheBound() {
        World.run(1, world -> {
            Talk talk = new Talk(world, ApplicationHeartbeat.text(), (connection, asked) -> {});
            long lastFrame = world.nowNanos(); // the pong that was evidence
            ServerConnection serverEnd = talk.scene.server.connection(0);
            world.run(QUICK.detectionBound().minus(ofMillis(1)));
            assertThat(talk.scene.heard.closed(1)).isNull();
            assertThat(talk.asked).hasSize(QUICK.misses());
            assertThat(talk.scene.heard.misses).isEqualTo(1);
            talk.scene.await("closed", ofSeconds(1), () -> talk.scene.heard.closed(1) != null);
            assertThat(ofNanos(talk.scene.heard.closed(1).at() - lastFrame))
                    .isBetween(QUICK.detectionBound(), QUICK.detectionBound().plus(SLACK.multipliedBy(2)));
            assertThat(talk.scene.heard.closed(1).cause().kind()).isEqualTo(CloseCause.Kind.HEARTBEAT_TIMEOUT);
            assertThat(talk.scene.heard.misses).isEqualTo(QUICK.misses());
            world.run(ofMillis(1));
            assertThat(serverEnd.closeCode()).isEqualTo(1002);
            talk.scene.close();
        });
    }

    @Test
    void anAnswerToTheLastHeartbeatAllowedSavesTheChannel() {
        World.run(1, world -> {
            int[] count = {0};
            Talk talk = new Talk(world, ApplicationHeartbeat.text(), (connection, asked) -> {
                if (++count[0] % QUICK.misses() == 0) {
                    connection.sendText(ApplicationHeartbeat.DEFAULT_TEXT);
                }
            });
            world.run(ofSeconds(60));
            assertThat(talk.channel().state()).isEqualTo(ChannelState.OPEN);
            assertThat(talk.channel().id()).isEqualTo(1);
            assertThat(talk.scene.heard.misses).as("one an episode").isBetween(15, 30);
            talk.scene.close();
        });
    }

    @Test
    void aMatcherThatThrowsIsCountedAndTheMessageIsTheUsers() {
        World.run(1, world -> {
            Talk talk = new Talk(
                    world,
                    ApplicationHeartbeat.text("are you there", message -> {
                        throw new IllegalStateException("a matcher's mistake");
                    }),
                    (connection, asked) -> connection.sendText("yes"));
            world.run(ofSeconds(10));
            talk.assertAskedEverySecond(9);
            assertThat(talk.delivered).hasSize(talk.asked.size()).containsOnly("yes");
            assertThat(talk.channel().listenerErrors()).isEqualTo(talk.asked.size());
            assertThat(talk.channel().state()).isEqualTo(ChannelState.OPEN);
            assertThat(talk.scene.heard.misses).isZero();
            talk.scene.close();
        });
    }

    @Test
    void aMatcherThatReadsLeavesTheMessageWhole() {
        World.run(8, world -> {
            List<Integer> lengths = new ArrayList<>();
            Scene scene = new Scene(
                    world,
                    pool -> pool.channels(1)
                            .heartbeat(QUICK.withApplication(ApplicationHeartbeat.bytes(
                                    ASK, message -> message.content().readInt() == -1)))
                            .onMessage((channel, message) ->
                                    lengths.add(message.content().readableBytes())));
            scene.server.behaviour().echo(true);
            scene.awaitEvidence();
            scene.traffic.send(scene.pool, 32);
            world.run(ofMillis(500));
            assertThat(lengths).containsExactly(32);
            assertThat(scene.pool.channels().get(0).snapshot().receivedBytes()).isEqualTo(32);
            scene.close();
        });
    }
}
