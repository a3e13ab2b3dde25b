package io.wspool;

import io.wspool.api.BudgetSettings;
import io.wspool.api.ChannelLimits;
import io.wspool.api.LoopMode;
import io.wspool.api.ProbeSettings;
import io.wspool.api.ReconnectSettings;
import io.wspool.loop.Environment;
import java.time.Duration;

/** Settings that make a test short: what takes seconds in life takes milliseconds. */
final class Quick {
    /** No back-off to speak of, and no breaker. */
    static final ReconnectSettings RECONNECT = new ReconnectSettings(
            Duration.ofMillis(1),
            2.0,
            Duration.ofMillis(20),
            Duration.ofMillis(1),
            Duration.ofMinutes(1),
            1_000_000,
            Duration.ofSeconds(1));

    private static final BudgetSettings DIALS = new BudgetSettings(1_000_000, 1_000_000, 16);

    private Quick() {}

    /** One place, one connection, nothing on the wire that the test did not ask for. */
    static WebSocketPoolBuilder quiet(String uri) {
        return pool(uri).channels(1).maxConnections(1).probe(ProbeSettings.OFF);
    }

    static WebSocketPoolBuilder pool(String uri) {
        return WebSocketPool.to(uri).reconnect(RECONNECT).budget(DIALS);
    }

    /** A channel takes 1,024 messages and 16 MiB, and messages of up to 4 KiB from the peer. */
    static ChannelLimits roomyLimits() {
        return new ChannelLimits(1024, 16 << 20, 16 << 20, 4096, 16, 32 * 1024);
    }

    static Environment environment(Sockets sockets) {
        return sockets.environment("real", LoopMode.SLEEPING);
    }
}
