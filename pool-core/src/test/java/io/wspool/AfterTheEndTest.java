package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.wspool.api.BreakerState;
import io.wspool.api.CloseAction;
import io.wspool.api.CloseCause;
import io.wspool.api.PoolListener;
import io.wspool.api.ReconnectSettings;
import io.wspool.api.SlotState;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xnio.IoUtils;

/** What a place does when its channel has ended. */
class AfterTheEndTest {
    private static final ReconnectSettings STABLE_SOON = new ReconnectSettings(
            Duration.ofMillis(1),
            1.0,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofNanos(1),
            1,
            Duration.ofSeconds(30));

    @Test
    void theClosePolicyIsAskedWhenTheConnectionEndsWithoutAClose() throws Exception {
        CompletableFuture<CloseCause> halted = new CompletableFuture<>();
        Undertow server = server(IoUtils::safeClose);
        try (WebSocketPool pool = WebSocketPool.to(uri(server))
                .channels(1)
                .closePolicy(cause -> CloseAction.HALT)
                .listener(new PoolListener() {
                    @Override
                    public void onHalted(int slot, CloseCause cause) {
                        halted.complete(cause);
                    }
                })
                .start()) {
            assertThat(halted.get(10, TimeUnit.SECONDS).kind())
                    .isIn(CloseCause.Kind.END_OF_STREAM, CloseCause.Kind.TRANSPORT_ERROR);
            assertThat(pool.snapshot().slots().get(0).state()).isEqualTo(SlotState.HALTED);
        } finally {
            server.stop();
        }
    }

    @Test
    void aChannelThatNeverBecomesReadyIsAFailureHoweverLongItWasOpen() throws Exception {
        CompletableFuture<BreakerState> breaker = new CompletableFuture<>();
        Undertow server = server(channel -> WebSockets.sendText("a sign of life", channel, null));
        try (WebSocketPool pool = WebSocketPool.to(uri(server))
                .channels(1)
                .manualReady(true)
                .readyDeadline(Duration.ofMillis(50))
                .reconnect(STABLE_SOON)
                .listener(new PoolListener() {
                    @Override
                    public void onBreaker(BreakerState from, BreakerState to) {
                        breaker.complete(to);
                    }
                })
                .start()) {
            assertThat(breaker.get(10, TimeUnit.SECONDS)).isEqualTo(BreakerState.OPEN);
            assertThat(pool.snapshot().breaker()).isEqualTo(BreakerState.OPEN);
        } finally {
            server.stop();
        }
    }

    private static Undertow server(Consumer<WebSocketChannel> onConnect) {
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(Handlers.websocket((exchange, channel) -> {
                    channel.getReceiveSetter().set(new AbstractReceiveListener() {});
                    channel.resumeReceives();
                    onConnect.accept(channel);
                }))
                .build();
        server.start();
        return server;
    }

    private static String uri(Undertow server) {
        return "ws://127.0.0.1:"
                + ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort() + "/";
    }
}
