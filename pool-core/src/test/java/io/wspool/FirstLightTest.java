package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.wspool.api.Account;
import io.wspool.api.SendResult;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FirstLightTest {
    @Test
    void echoesThroughUndertow() throws Exception {
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(Handlers.websocket((exchange, channel) -> {
                    channel.getReceiveSetter().set(new AbstractReceiveListener() {
                        @Override
                        protected void onFullTextMessage(WebSocketChannel ch, BufferedTextMessage m) {
                            WebSockets.sendText(m.getData(), ch, null);
                        }
                    });
                    channel.resumeReceives();
                }))
                .build();
        server.start();
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        CountDownLatch back = new CountDownLatch(1000);
        try (WebSocketPool pool = WebSocketPool.to("ws://127.0.0.1:" + port + "/")
                .channels(4)
                .onMessage((channel, message) -> back.countDown())
                .start()) {
            pool.awaitFull(Duration.ofSeconds(10));
            for (int i = 0; i < 1000; i++) {
                while (pool.sendText("hello " + i, i) != SendResult.ACCEPTED) {
                    Thread.onSpinWait();
                }
            }
            assertThat(back.await(10, TimeUnit.SECONDS)).isTrue();
            System.out.println(pool.snapshot());
            System.out.println(pool.close(Duration.ofSeconds(5)));
            Account account = pool.snapshot().account();
            assertThat(account.accepted()).isEqualTo(1000);
            assertThat(account.confirmed()).isEqualTo(1000);
        } finally {
            server.stop();
        }
    }
}
