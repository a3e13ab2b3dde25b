package io.wspool;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelLimits;
import io.wspool.api.SendResult;
import io.wspool.channel.WebSocketChannel;
import io.wspool.testkit.World;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The hand-off queue of a loop is full while its channel has room: refused senders hear of room each time, and cost nothing meanwhile. */
class FullHandOffTest {
    private static final int HAND_OFF = 1024;
    private static final int MEBIBYTE = 1 << 20;

    @Test
    void refusedSendersHearOfRoomEachTime() {
        World.run(1, world -> {
            AtomicInteger told = new AtomicInteger();
            Scene scene = new Scene(
                    world,
                    pool -> pool.channels(1)
                            .limits(new ChannelLimits(4 * HAND_OFF, 16 * MEBIBYTE, MEBIBYTE, MEBIBYTE, 64, 32 * 1024))
                            .onWritable(channel -> told.incrementAndGet()));
            scene.awaitEvidence();
            for (int round = 1; round <= 3; round++) {
                assertThat(acceptedElsewhere(scene)).isEqualTo(HAND_OFF);
                world.run(ofMillis(100));
                assertThat(told).hasValue(round);
            }
            scene.close();
        });
    }

    @Test
    void whoIsRefusedWhenRoomHasComeHearsOfItEachTimeThoughTheLoopHasNothingToDo() {
        World.run(2, world -> {
            AtomicInteger told = new AtomicInteger();
            Scene scene = new Scene(world, pool -> pool.channels(1).onWritable(channel -> told.incrementAndGet()));
            scene.awaitEvidence();
            WebSocketChannel channel = (WebSocketChannel) scene.pool.channels().get(0);
            for (int time = 1; time <= 3; time++) {
                channel.sends().owe(8);
                channel.sends().owe(8);
                world.run(ofMillis(100));
                assertThat(told).hasValue(time);
            }
            scene.close();
        });
    }

    /** How many of twice as many as fit; by another thread, since what the loop's own sends needs no hand-off. */
    private static int acceptedElsewhere(Scene scene) {
        FutureTask<Integer> sends = new FutureTask<>(() -> {
            int accepted = 0;
            for (int i = 0; i < 2 * HAND_OFF; i++) {
                accepted += scene.traffic.send(scene.pool, 8) == SendResult.ACCEPTED ? 1 : 0;
            }
            return accepted;
        });
        new Thread(sends, "sender").start();
        try {
            return Patience.result("the sends", sends);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
