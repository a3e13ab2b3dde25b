package io.wspool.api;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a connection is made.
 *
 * @param deadline for name, TCP, TLS and upgrade together, from the moment the dial has its turn
 * @param headers sent with the upgrade; names and values are checked when the pool is built; never logged
 * @param subprotocols offered in this order; the server may choose one
 * @param readyDeadline with {@code manualReady}: how long after the open {@link PooledChannel#ready} may take
 */
public record ConnectSettings(
        Duration deadline, Map<String, String> headers, List<String> subprotocols, Duration readyDeadline) {
    /** 5 s, nothing extra, 10 s. */
    public static final ConnectSettings DEFAULTS =
            new ConnectSettings(Duration.ofSeconds(5), Map.of(), List.of(), Duration.ofSeconds(10));

    /** Refuses what cannot work, and copies. */
    public ConnectSettings {
        Check.positive("connect.deadline", deadline);
        Check.notNull("connect.headers", headers).forEach((name, value) -> {
            Check.notNull("connect.headers", name);
            Check.notNull("connect.headers[" + name + "]", value);
        });
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        subprotocols = List.copyOf(Check.notNull("connect.subprotocols", subprotocols));
        Check.positive("connect.readyDeadline", readyDeadline);
    }

    /** Without header values, which may be secrets. */
    @Override
    public String toString() {
        return "ConnectSettings[deadline=" + deadline + ", headers=" + headers.keySet() + ", subprotocols="
                + subprotocols + ", readyDeadline=" + readyDeadline + "]";
    }
}
