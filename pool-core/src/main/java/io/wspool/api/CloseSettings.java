package io.wspool.api;

import java.time.Duration;

/**
 * How long an orderly end may take.
 *
 * @param drain to write what waits and have it confirmed by a final pong
 * @param handshake from our Close frame to the peer's, then the connection is cut
 */
public record CloseSettings(Duration drain, Duration handshake) {
    /** 5 s, 2 s. */
    public static final CloseSettings DEFAULTS = new CloseSettings(Duration.ofSeconds(5), Duration.ofSeconds(2));

    /** Refuses what cannot work. */
    public CloseSettings {
        Check.notNegative("close.drain", drain);
        Check.positive("close.handshake", handshake);
    }
}
