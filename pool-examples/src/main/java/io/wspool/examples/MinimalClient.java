package io.wspool.examples;

import io.wspool.WebSocketPool;
import java.time.Duration;

/** The least: three channels, one message, the answers printed. */
public final class MinimalClient {
    private MinimalClient() {}

    public static void main(String[] args) throws Exception {
        try (WebSocketPool pool = WebSocketPool.to(args[0])
                .onMessage((channel, message) -> System.out.println(channel.name() + ": " + message.text()))
                .start()) {
            pool.awaitReady(Duration.ofSeconds(5));
            System.out.println(pool.sendText("hello"));
        } // waits until the hello is confirmed, then closes with 1000
    }
}
