package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.LatencySettings;
import io.wspool.channel.WebSocketChannel;
import io.wspool.testkit.World;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/** A line per stage and period, none for silence, and the rest at the end. */
class LatencyLinesTest {
    private final List<String> lines = new ArrayList<>();

    /** Keeps what is logged at INFO; everything else is refused. */
    private final Logger log = (Logger) Proxy.newProxyInstance(
            Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (self, method, arguments) -> {
                if (method.getName().equals("isInfoEnabled")) {
                    return true;
                }
                assertThat(method.getName()).isEqualTo("info");
                lines.add(MessageFormatter.arrayFormat((String) arguments[0], (Object[]) arguments[1])
                        .getMessage());
                return null;
            });

    @Test
    void aLineForEachStageInWhichSomethingWasRecorded() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(1).latency(LatencySettings.ON));
            scene.server.link().delay(ofMillis(1));
            scene.awaitEvidence();
            WebSocketChannel channel = (WebSocketChannel) scene.pool.channels().get(0);
            LatencyLines told = new LatencyLines(
                    log,
                    "pool",
                    scene.pool.latency().newReader(),
                    channel.loop(),
                    world.logWriter(),
                    ofSeconds(2).toNanos());
            world.onLoop(told::start);
            world.run(ofMillis(1_999));
            scene.traffic.send(channel, 8, 3);
            world.step(ofMillis(1).toNanos() - 1);
            assertThat(lines).as("before the period is over").isEmpty();
            world.step(1);
            assertThat(lines)
                    .containsExactly(
                            "pool WRITE: 3 in 2000 ms; us: mean 0.0, p50 0.0, p90 0.0, p99 0.0, p99.9 0.0, p99.99 0.0, max 0.0");
            world.run(ofSeconds(2));
            assertThat(lines).hasSize(2).last().asString().startsWith("pool PONG: 2 in 2000 ms; us: mean 2000.");
            world.run(ofSeconds(10));
            assertThat(lines).as("silence").hasSize(2);
            scene.traffic.send(channel, 8, 1);
            world.onLoop(told::end);
            world.step(1);
            assertThat(lines).hasSize(3).last().asString().startsWith("pool WRITE: 1 in ");
            scene.close();
        });
    }

    @Test
    void aPoolWithLinesEndsLikeAnyOther() {
        World.run(2, world -> {
            Scene scene =
                    new Scene(world, pool -> pool.channels(2).latency(LatencySettings.ON.withLogEvery(ofMillis(100))));
            scene.awaitFull();
            scene.send(20, ofMillis(30));
            scene.close();
        });
    }
}
