package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wspool.api.Latency;
import io.wspool.api.LatencyFigures;
import io.wspool.api.LatencyInterval;
import io.wspool.api.LatencyReader;
import io.wspool.api.LatencySettings;
import io.wspool.api.LatencyStage;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.testkit.World;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each stage is measured from where it begins to where it ends, to the nanosecond of virtual time as far as the digits go. */
class LatencyTest {
    private static final LatencySettings REQUESTS = LatencySettings.ON.withRequests(4);

    /** The first token of a world's traffic. */
    private static final long FIRST = 1L << 40;

    private static void story(LatencySettings latency, UnaryOperator<WebSocketPoolBuilder> settings, Story story) {
        World.run(5, world -> {
            Scene scene = new Scene(
                    world,
                    pool -> settings.apply(pool.channels(1)
                            .latency(latency)
                            .onMessage((channel, message) -> channel.replied(
                                    message.content().getLong(message.content().readerIndex())))));
            scene.server.link().delay(ofMillis(1));
            scene.server.behaviour().echo(true);
            scene.awaitEvidence();
            story.tell(scene, scene.pool.channels().get(0));
            scene.close();
        });
    }

    @FunctionalInterface
    private interface Story {
        void tell(Scene scene, PooledChannel channel);
    }

    private static void story(LatencySettings latency, Story story) {
        story(latency, pool -> pool, story);
    }

    /** On a thread that is none of the pool's; time stands still meanwhile. */
    private static void onAnotherThread(Runnable task) {
        FutureTask<?> done = new FutureTask<>(task, null);
        new Thread(done, "sender").start();
        try {
            done.get();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /** All of so many values are this one, as far as the digits can tell: one nanosecond beyond its bucket would be seen. */
    private static void assertAll(LatencyFigures found, int digits, long count, Duration each) {
        Histogram like = new Histogram(digits);
        assertThat(found.count()).isEqualTo(count);
        assertThat(found.min()).isEqualTo(like.lowestEquivalentValue(each.toNanos()));
        assertThat(found.max()).isEqualTo(like.highestEquivalentValue(each.toNanos()));
    }

    private static void assertBoth(Scene scene, PooledChannel channel, LatencyStage stage, long count, Duration each) {
        assertAll(scene.pool.latency().figures(stage), 3, count, each);
        assertAll(channel.latency().figures(stage), 2, count, each);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2_047, 2_048, 7_000_000, 7_003_000})
    void theQueueWaitIsFromTheHandOverToTheTurnThatDrains(long nanos) {
        story(LatencySettings.ON, (scene, channel) -> {
            onAnotherThread(() -> {
                scene.traffic.send(scene.pool);
                scene.traffic.send(channel);
            });
            scene.world.pause(ofNanos(nanos));
            assertBoth(scene, channel, LatencyStage.QUEUE_WAIT, 2, ofNanos(nanos));
            assertBoth(scene, channel, LatencyStage.WRITE, 2, Duration.ZERO);
        });
    }

    @Test
    void whatTheLoopsOwnThreadSendsWaitsForNobody() {
        story(LatencySettings.ON, (scene, channel) -> {
            scene.traffic.send(scene.pool);
            scene.traffic.send(channel);
            scene.traffic.send(channel, 50_000); // in two frames
            scene.world.run(ofMillis(1));
            assertThat(scene.pool.latency().figures(LatencyStage.QUEUE_WAIT).count())
                    .isZero();
            assertBoth(scene, channel, LatencyStage.WRITE, 3, Duration.ZERO);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theWriteLastsUntilTheKernelHasTheLastByte(boolean ownThread) {
        story(LatencySettings.ON, (scene, channel) -> {
            scene.server.link().window(16 * 1024).sendBuffer(16 * 1024);
            scene.serverEnd(channel).stopReading();
            Runnable three = () -> {
                scene.traffic.send(channel, 200_000); // more than the kernels hold: the rest of it waits
                scene.traffic.send(channel, 100);
                scene.traffic.send(channel, 200);
            };
            if (ownThread) {
                three.run();
            } else {
                onAnotherThread(three);
            }
            scene.world.run(ofMillis(300));
            assertThat(channel.latency().figures(LatencyStage.WRITE).count())
                    .as("taken")
                    .isZero();
            scene.serverEnd(channel).resumeReading();
            scene.await(
                    "written",
                    ofSeconds(5),
                    () -> channel.latency().figures(LatencyStage.WRITE).count() == 3);
            LatencyFigures write = channel.latency().figures(LatencyStage.WRITE);
            // the bytes that do not fit need some round trips of the link's 2 ms after the server reads again
            assertThat(ofNanos(write.min())).isBetween(ofMillis(297), ofMillis(360));
            assertThat(ofNanos(write.max())).isBetween(ofMillis(300), ofMillis(363));
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3})
    void theApplicationsRoundTripIsFromTheSendToTheReply(long waitMillis) {
        story(REQUESTS, (scene, channel) -> {
            onAnotherThread(() -> scene.traffic.send(scene.pool));
            scene.world.pause(ofMillis(waitMillis));
            scene.world.step(ofMillis(2).toNanos() - 1);
            assertThat(scene.pool.latency().figures(LatencyStage.APPLICATION).count())
                    .isZero();
            assertThat(scene.pool.latency().openRequests()).isEqualTo(1);
            scene.world.step(1);
            assertBoth(scene, channel, LatencyStage.APPLICATION, 1, ofMillis(waitMillis + 2));
            assertThat(scene.pool.latency().openRequests()).isZero();
            assertThat(channel.latency().openRequests()).isZero();
        });
    }

    @Test
    void aRequestFromACallbackBeginsWithTheCallback() {
        story(REQUESTS, (scene, channel) -> {
            // the loop has slept before the turn: that must not count
            scene.world.after(ofMillis(400), () -> scene.world.onLoop(() -> scene.traffic.send(channel)));
            scene.world.run(ofMillis(405));
            assertBoth(scene, channel, LatencyStage.APPLICATION, 1, ofMillis(2));
            assertBoth(scene, channel, LatencyStage.WRITE, 1, Duration.ZERO);
        });
    }

    @Test
    void requestsOverTheBoundAndRepliesToNothingAreCounted() {
        story(REQUESTS, (scene, channel) -> {
            scene.server.behaviour().echo(false);
            assertThat(scene.traffic.send(channel, 8, 6)).isEqualTo(6);
            Latency latency = scene.pool.latency();
            assertThat(latency.openRequests()).isEqualTo(4);
            assertThat(latency.forgottenRequests()).isEqualTo(2);
            assertThat(channel.replied(FIRST + 1)).as("forgotten").isFalse();
            assertThat(channel.replied(FIRST + 2)).as("the oldest that is open").isTrue();
            assertThat(channel.replied(FIRST + 2)).as("twice").isFalse();
            assertThat(latency.unknownReplies()).isEqualTo(2);
            onAnotherThread(() -> assertThatThrownBy(() -> channel.replied(FIRST + 3))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("thread sender"));
            scene.traffic.send(scene.pool);
            assertThat(latency.openRequests()).as("one replied to, one more").isEqualTo(4);
            scene.serverEnd(channel).reset();
            scene.await("fallen", ofSeconds(1), () -> scene.pool.channels().isEmpty());
            assertThat(latency.openRequests()).as("of a channel that ended").isZero();
            assertThat(latency.forgottenRequests()).isEqualTo(2 + 4);
            assertThat(channel.replied(FIRST + 3)).isFalse();
            assertThat(channel.latency().unknownReplies()).isEqualTo(3);
            scene.awaitFull();
        });
    }

    @Test
    void whatAChannelHasRecordedOutlivesIt() {
        story(REQUESTS, (scene, first) -> {
            LatencyReader reader = scene.pool.latency().newReader();
            scene.traffic.send(first);
            scene.world.run(ofMillis(10));
            scene.serverEnd(first).reset();
            scene.await("fallen", ofSeconds(1), () -> scene.pool.channels().isEmpty());
            scene.awaitFull();
            PooledChannel second = scene.pool.channels().get(0);
            scene.traffic.send(second);
            scene.world.run(ofMillis(10));
            assertThat(reader.next(LatencyStage.APPLICATION).count()).isEqualTo(2);
            assertAll(second.latency().figures(LatencyStage.WRITE), 2, 1, Duration.ZERO);
            assertThat(first.latency().figures(LatencyStage.WRITE).count()).isEqualTo(1);
            assertThat(scene.pool.latency().figures(LatencyStage.WRITE).count()).isEqualTo(2);
        });
    }

    @Test
    void aMovedMessageHasWaitedInTheQueueOnce() {
        World.run(6, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(2).lan().latency(REQUESTS));
            scene.server.link().delay(ofMillis(1)).window(4096).sendBuffer(4096);
            scene.awaitEvidence();
            PooledChannel stays = scene.pool.channels().get(0);
            PooledChannel victim = scene.pool.channels().get(1);
            scene.serverEnd(stays).stopReading();
            scene.serverEnd(victim).stopReading();
            onAnotherThread(() -> scene.traffic.send(scene.pool, 4_000, 60));
            world.pause(ofMillis(2));
            scene.serverEnd(victim).reset();
            scene.await("moved", ofSeconds(1), () -> stays.snapshot().account().movedIn() > 5);
            scene.serverEnd(stays).resumeReading();
            world.run(ofSeconds(5));
            assertAll(scene.pool.latency().figures(LatencyStage.QUEUE_WAIT), 3, 60, ofMillis(2));
            LatencyFigures write = stays.latency().figures(LatencyStage.WRITE);
            assertThat(write.count()).isEqualTo(stays.snapshot().account().written());
            scene.close();
        });
    }

    @Test
    void aSlowReplyIsCorrectedForTheRequestsThatItHeldUp() {
        Duration expected = ofMillis(10);
        story(REQUESTS.withExpectedInterval(expected), (scene, channel) -> {
            scene.serverEnd(channel).stopReading();
            scene.traffic.send(channel);
            scene.world.run(ofMillis(100));
            scene.serverEnd(channel).resumeReading();
            scene.world.run(ofMillis(10));
            LatencyFigures found = scene.pool.latency().figures(LatencyStage.APPLICATION);
            assertThat(found.count()).as("101 ms, 91, ..., 11").isEqualTo(10);
            assertThat(ofNanos(found.max())).isBetween(ofMillis(101), ofMillis(102));
            assertThat(ofNanos(found.min())).isBetween(ofMillis(10), ofMillis(11));
            assertThat(scene.pool.latency().figures(LatencyStage.WRITE).count()).isEqualTo(1);
        });
    }

    @Test
    void offRecordsPongsAlone() {
        story(LatencySettings.OFF, (scene, channel) -> {
            onAnotherThread(() -> scene.traffic.send(scene.pool));
            scene.traffic.send(channel);
            scene.world.run(ofSeconds(3));
            assertThat(channel.replied(FIRST + 1)).isFalse();
            Latency latency = scene.pool.latency();
            assertThat(latency.figures(LatencyStage.QUEUE_WAIT)).isEqualTo(LatencyFigures.NONE);
            assertThat(latency.figures(LatencyStage.WRITE)).isEqualTo(LatencyFigures.NONE);
            assertThat(latency.figures(LatencyStage.APPLICATION)).isEqualTo(LatencyFigures.NONE);
            assertThat(latency.unknownReplies() + latency.forgottenRequests() + latency.openRequests())
                    .isZero();
            assertThat(latency.figures(LatencyStage.PONG).count()).isGreaterThan(1);
            assertAll(channel.latency().figures(LatencyStage.PONG), 2, 2, ofMillis(2)); // one behind each burst
        });
    }

    @Test
    void everythingMayBeReadAfterTheEnd() {
        World.run(7, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(1).latency(REQUESTS));
            scene.awaitEvidence();
            PooledChannel channel = scene.pool.channels().get(0);
            LatencyReader reader = scene.pool.latency().newReader();
            for (int i = 0; i < 3; i++) {
                scene.traffic.send(channel);
            }
            scene.close();
            assertThat(scene.pool.state()).isEqualTo(PoolState.CLOSED);
            LatencyInterval write = reader.next(LatencyStage.WRITE);
            assertThat(write.count()).isEqualTo(3);
            assertThat(channel.latency().figures(LatencyStage.WRITE).count()).isEqualTo(3);
            assertThat(scene.pool.latency().forgottenRequests()).isEqualTo(3);
            assertThat(scene.pool.latency().hgrm(LatencyStage.WRITE)).contains("Total count    =            3");
            assertThat(channel.send(ByteBuffer.allocate(8), 9)).isEqualTo(SendResult.CLOSED);
        });
    }
}
