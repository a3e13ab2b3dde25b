package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short examples do what they say. */
@Timeout(60)
class ExamplesTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private PrintStream before;

    @BeforeEach
    void listen() {
        before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void listenNoMore() {
        System.setOut(before);
    }

    @Test
    void theMinimalClientSendsItsHello() throws Exception {
        try (Answering server = new Answering(text -> text)) {
            MinimalClient.main(new String[] {server.uri()});
        }
        assertThat(received).containsExactly("hello");
        assertThat(printed()).contains("ACCEPTED", "hello");
    }

    @Test
    void thePolledOrdersAreAllConfirmed() throws Exception {
        try (MarketServer server = new MarketServer(new ServerLog(), new Diverts())) {
            PolledOrderEntry.main(new String[] {server.uri().toString()});
        }
        for (int order = 1; order <= 10; order++) {
            assertThat(printed()).containsOnlyOnce("order " + order + " CONFIRMED by ");
        }
    }

    @Test
    void nothingIsSubscribedBeforeTheLoginWasAnswered() throws Exception {
        try (Answering server = new Answering(text -> text.contains("login") ? "{\"login\":\"ok\"}" : "{}")) {
            LoginBeforeUse.main(new String[] {server.uri()});
        }
        assertThat(received).hasSize(4);
        assertThat(received).filteredOn(text -> text.contains("login")).hasSize(3);
        assertThat(received).last().asString().contains("subscribe");
        assertThat(printed()).contains("logged in: [");
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Answers every text. */
    private final class Answering implements AutoCloseable {
        private final Undertow undertow;

        Answering(UnaryOperator<String> answer) {
            undertow = Undertow.builder()
                    .addHttpListener(0, "127.0.0.1")
                    .setIoThreads(1)
                    .setWorkerThreads(1)
                    .setHandler(Handlers.websocket((exchange, channel) -> {
                        channel.getReceiveSetter().set(new AbstractReceiveListener() {
                            @Override
                            protected void onFullTextMessage(WebSocketChannel from, BufferedTextMessage message) {
                                String text = message.getData(); // a second call would find it empty
                                received.add(text);
                                WebSockets.sendText(answer.apply(text), from, null);
                            }
                        });
                        channel.resumeReceives();
                    }))
                    .build();
            undertow.start();
        }

        String uri() {
            return "ws://127.0.0.1:"
                    + ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort() + "/";
        }

        @Override
        public void close() {
            undertow.stop();
        }
    }
}
