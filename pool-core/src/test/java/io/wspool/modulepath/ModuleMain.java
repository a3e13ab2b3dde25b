package io.wspool.modulepath;

import io.wspool.WebSocketPool;
import io.wspool.api.SendResult;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A user's program that finds the library on the module path: has one message echoed by the server that its argument names. In a
 * package of its own, because a package that the module has is not looked for on the class path.
 */
public final class ModuleMain {
    private ModuleMain() {}

    public static void main(String[] args) throws Exception {
        System.out.println(WebSocketPool.class.getModule());
        BlockingQueue<String> echoes = new LinkedBlockingQueue<>();
        try (WebSocketPool pool = WebSocketPool.to(args[0])
                .channels(2)
                .onMessage((channel, message) -> echoes.add(message.text()))
                .start()) {
            pool.awaitFull(Duration.ofSeconds(30));
            SendResult result = pool.sendText("through a module");
            System.out.println(result + " " + echoes.poll(30, TimeUnit.SECONDS));
            System.out.println(pool.close(Duration.ofSeconds(30)).account());
        }
    }
}
