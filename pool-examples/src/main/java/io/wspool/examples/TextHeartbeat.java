package io.wspool.examples;

import io.wspool.WebSocketPool;
import io.wspool.api.ApplicationHeartbeat;
import io.wspool.api.HeartbeatSettings;
import io.wspool.api.ProbeSettings;
import java.time.Duration;

/** For a server that answers no pings, and wants to be asked in words: {@code ping} is answered by {@code pong}. */
public final class TextHeartbeat {
    private TextHeartbeat() {}

    public static void main(String[] args) throws Exception {
        ApplicationHeartbeat words = ApplicationHeartbeat.text(
                "ping", message -> message.isText() && message.text().equals("pong"));
        try (WebSocketPool pool = WebSocketPool.to(args[0])
                .heartbeat(HeartbeatSettings.DEFAULTS.withApplication(words))
                .probe(ProbeSettings.OFF) // without pongs nothing is confirmed: messages end as UNKNOWN(NO_WATERMARK)
                .onMessage((channel, message) -> System.out.println(message.text())) // never sees a pong
                .start()) {
            pool.awaitReady(Duration.ofSeconds(5));
            Thread.currentThread().join(); // until Ctrl-C
        }
    }
}
