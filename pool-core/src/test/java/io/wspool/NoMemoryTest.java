package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.wspool.api.ChannelLimits;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import io.wspool.api.Standing;
import io.wspool.testkit.ChildJvm;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Direct memory is used up for a while: what was accepted goes later, and no channel is lost. In a JVM of its own, with little of it. */
class NoMemoryTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChannelThatFindsNoSendBufferGoesOnWhenThereIsOne(boolean onTheLoop) throws Exception {
        String log = ChildJvm.log(List.of("-XX:MaxDirectMemorySize=64m"), Program.class, Boolean.toString(onTheLoop));
        assertThat(log).contains("no memory for a send buffer; sends wait");
    }

    /** Ends with an exception if anything is not as it should be. */
    static final class Program {
        private static final int BLOCKED = 3;
        private static final int MEBIBYTE = 1 << 20;

        private final World world;
        private final Scene scene;

        private Program(World world) {
            this.world = world;
            this.scene = new Scene(
                    world,
                    pool -> pool.channels(BLOCKED + 1)
                            .probe(new ProbeSettings(Duration.ofMillis(20), Duration.ofMillis(50)))
                            .limits(new ChannelLimits(1024, 16 * MEBIBYTE, 16 * MEBIBYTE, MEBIBYTE, 64, 32 * 1024)));
            scene.awaitEvidence();
        }

        public static void main(String[] arguments) {
            World.run(1, world -> new Program(world).run(Boolean.parseBoolean(arguments[0])));
        }

        private void run(boolean onTheLoop) {
            blockTheOthers();
            List<ByteBuf> eaten = eat();
            if (onTheLoop) {
                world.onLoop(() -> scene.traffic.send(scene.channelAt(BLOCKED), 100));
            } else {
                scene.traffic.send(scene.channelAt(BLOCKED), 100);
            }
            world.run(Duration.ofMillis(45));
            eaten.forEach(ByteBuf::release);
            for (int slot = 0; slot < BLOCKED; slot++) {
                scene.serverEnd(scene.channelAt(slot)).resumeReading();
            }
            world.run(Duration.ofSeconds(1));
            assertThat(scene.traffic.send(scene.channelAt(BLOCKED), 100)).isEqualTo(SendResult.ACCEPTED);
            world.run(Duration.ofSeconds(1));
            assertThat(scene.traffic.open()).isZero();
            assertThat(scene.channelAt(BLOCKED).standing()).isIn(Standing.GOOD, Standing.WARM);
            scene.close();
        }

        /** They hold the buffers that the loops have kept. */
        private void blockTheOthers() {
            for (int slot = 0; slot < BLOCKED; slot++) {
                int blocked = slot;
                scene.serverEnd(scene.channelAt(slot)).stopReading();
                world.onLoop(() -> scene.traffic.send(scene.channelAt(blocked), 8 * MEBIBYTE));
            }
            world.run(Duration.ofMillis(10));
        }

        private static List<ByteBuf> eat() {
            List<ByteBuf> eaten = new ArrayList<>();
            for (int size = 32 * MEBIBYTE; size >= 64 * 1024; ) { // as large as a send buffer
                try {
                    eaten.add(Unpooled.directBuffer(size, size));
                } catch (OutOfMemoryError e) {
                    size /= 8;
                }
            }
            return eaten;
        }
    }
}
