package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.HeartbeatSettings;
import io.wspool.api.Outcome;
import io.wspool.api.PooledChannel;
import io.wspool.testkit.ServerConnection;
import io.wspool.testkit.World;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Three messages and the ping behind them, carried byte by byte, and the connection killed after each: whatever had happened by
 * then, the pool says of each message what is true, and no less than it can know.
 */
class KillAtEveryByteTest {
    private static final int MESSAGES = 3;
    /** Header, mask, id. */
    private static final int FRAME = 2 + 4 + 8;
    /** A window of one byte carries one in each round trip. */
    private static final long BYTE_NANOS = 20_000;

    private final Map<Outcome, Integer> seen = new EnumMap<>(Outcome.class);

    private enum Kill {
        RESET,
        END_OF_STREAM,
        BLACK_HOLE
    }

    @Test
    void statesMatchTheLawWhereverTheConnectionIsKilled() {
        Tally tally = new Tally("kill at every byte");
        long seed = 0;
        for (Kill how : Kill.values()) {
            for (int sendBuffer : new int[] {1, 1 << 16}) {
                for (boolean together : new boolean[] {true, false}) {
                    // the messages, their pings, and the last pong
                    for (long at = 0; at <= (MESSAGES + 3) * FRAME * BYTE_NANOS; at += BYTE_NANOS) {
                        long killAt = at;
                        tally.tell(++seed, world -> kill(world, how, sendBuffer, together, killAt));
                    }
                }
            }
        }
        tally.print("; " + seen);
        assertThat(seen).containsOnlyKeys(Outcome.values());
    }

    private void kill(World world, Kill how, int sendBuffer, boolean together, long at) {
        HeartbeatSettings quick = new HeartbeatSettings(ofMillis(50), ofMillis(50), 1, 1.5, ofSeconds(60), null);
        Scene scene =
                new Scene(world, pool -> pool.channels(1).maxConnections(1).heartbeat(quick));
        scene.server.link().delay(ofNanos(BYTE_NANOS / 2)).window(1).sendBuffer(sendBuffer);
        scene.awaitEvidence();
        world.run(ofMillis(20)); // the wire is quiet
        PooledChannel channel = scene.pool.pick();
        ServerConnection connection = scene.serverEnd(channel);
        connection.link(); // it keeps these settings, later ones are carried faster
        scene.server.link().window(1 << 16).sendBuffer(1 << 16);
        if (together) {
            world.onLoop(() -> scene.traffic.send(channel, 8, MESSAGES)); // one turn, one write, a ping behind them
        } else {
            scene.traffic.send(channel, 8, MESSAGES); // a ping behind the first, another when that is answered
        }
        world.step(at);
        long read = connection.messages();
        switch (how) {
            case RESET -> connection.reset();
            case END_OF_STREAM -> connection.finish();
            case BLACK_HOLE -> connection.blackHole();
        }
        scene.await("dead", ofSeconds(5), () -> scene.heard.closed(channel.id()) != null);
        assertThat(scene.traffic.open()).isZero();
        int ping = together ? 0 : FRAME; // between the first and the second
        long taken = (read + 1) * FRAME + ping + sendBuffer + 1; // the most that kernels can have
        for (int i = 0; i < MESSAGES; i++) {
            Outcome outcome = scene.traffic.outcome(i);
            seen.merge(outcome, 1, Integer::sum);
            long start = i == 0 ? 0 : (long) i * FRAME + ping;
            if (how != Kill.END_OF_STREAM && start > taken) {
                assertThat(outcome)
                        .as("message " + i + ": no byte of it was taken")
                        .isEqualTo(Outcome.NOT_SENT);
            }
            if (i < read) {
                assertThat(outcome).as("message " + i + " was read").isNotEqualTo(Outcome.NOT_SENT);
            }
        }
        scene.server.heal();
        scene.close();
    }
}
