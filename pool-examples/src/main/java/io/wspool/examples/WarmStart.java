package io.wspool.examples;

import io.wspool.WebSocketPool;
import io.wspool.api.WarmUpResult;
import java.time.Duration;

/** Warms up before the first order, which is then nearly as quick as later ones. */
public final class WarmStart {
    private WarmStart() {}

    public static void main(String[] args) throws Exception {
        try (WebSocketPool pool = WebSocketPool.to(args[0]).start()) {
            pool.awaitFull(Duration.ofSeconds(5));
            WarmUpResult warm = pool.warmUp(); // before the first order
            if (!warm.whole()) {
                System.out.println("the first orders may be slow: " + warm.reason());
            }
            System.out.println(pool.sendText("buy 7") + " after a warm-up of "
                    + warm.elapsed().toMillis() + " ms");
        }
    }
}
