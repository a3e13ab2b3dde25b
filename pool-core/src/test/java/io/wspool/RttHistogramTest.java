package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.PooledChannel;
import io.wspool.testkit.World;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The text that HdrHistogram's own tools read, of one life and of the pool. */
class RttHistogramTest {
    private static final Pattern HEADER =
            Pattern.compile("^ *Value +Percentile +TotalCount +1/\\(1-Percentile\\)\\R\\R");
    private static final Pattern LAST_LINES = Pattern.compile("#\\[Max += +([0-9.]+), Total count += +([0-9]+)]\\R");

    private static Matcher lastLines(String hgrm) {
        assertThat(hgrm).containsPattern(HEADER);
        Matcher found = LAST_LINES.matcher(hgrm);
        assertThat(found.find()).as(hgrm).isTrue();
        return found;
    }

    private static long count(String hgrm) {
        return Long.parseLong(lastLines(hgrm).group(2));
    }

    private static double maxMicros(String hgrm) {
        return Double.parseDouble(lastLines(hgrm).group(1));
    }

    @Test
    void poolAndChannelCountEachMatchedPongInMicrosecondsAndAnEndedLifeStaysInThePools() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(2));
            assertThat(count(scene.pool.rttHgrm())).as("before the first pong").isZero();
            scene.server.link().delay(ofMillis(2));
            scene.awaitEvidence(); // a pong of each
            assertThat(count(scene.pool.rttHgrm())).isEqualTo(2);

            PooledChannel used = scene.pool.channels().get(0);
            PooledChannel idle = scene.pool.channels().get(1);
            for (int i = 0; i < 5; i++) {
                scene.traffic.send(used);
                world.run(ofMillis(1500)); // over the probes' gap: each message has a ping of its own
            }
            assertThat(count(used.rttHgrm())).isEqualTo(5);
            assertThat(maxMicros(used.rttHgrm()))
                    .as("there and back, to two digits")
                    .isBetween(4_000.0, 4_100.0);
            assertThat(count(idle.rttHgrm())).as("an idle channel owns none").isZero();
            assertThat(count(scene.pool.rttHgrm()))
                    .isEqualTo(7)
                    .isEqualTo(scene.pool.snapshot().rtt().count());
            assertThat(maxMicros(scene.pool.rttHgrm())).isBetween(4_000.0, 4_010.0);
            assertThat(count(scene.pool.rttHgrm())).as("asked again").isEqualTo(7);

            scene.serverEnd(used).reset();
            scene.await("fallen", ofSeconds(1), () -> scene.pool.channels().size() == 1);
            scene.awaitEvidence(); // one more pong
            assertThat(count(scene.pool.rttHgrm())).isEqualTo(8);
            assertThat(count(used.rttHgrm())).as("after its end").isEqualTo(5);
            assertThat(count(scene.channelAt(used.slot()).rttHgrm()))
                    .as("its successor begins anew")
                    .isZero();
            scene.close();
        });
    }
}
