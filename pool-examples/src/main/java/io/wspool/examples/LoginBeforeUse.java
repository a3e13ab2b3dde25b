package io.wspool.examples;

import io.wspool.WebSocketPool;
import java.time.Duration;

/** Every channel logs in, and is used only when the server has said yes; so also each one that comes after a fault. */
public final class LoginBeforeUse {
    private LoginBeforeUse() {}

    public static void main(String[] args) throws Exception {
        try (WebSocketPool pool = WebSocketPool.to(args[0])
                .manualReady(true) // one that is not ready within 10 s is closed, and counts as a failed dial
                .onChannelOpen(
                        channel -> channel.sendText("{\"op\":\"login\",\"key\":\"" + System.getenv("KEY") + "\"}"))
                .onMessage((channel, message) -> {
                    if (message.isText() && message.text().contains("\"login\":\"ok\"")) {
                        channel.ready();
                    }
                })
                .start()) {
            pool.awaitFull(Duration.ofSeconds(10));
            System.out.println("logged in: " + pool.channels());
            pool.sendText("{\"op\":\"subscribe\",\"channel\":\"trades\"}");
        }
    }
}
