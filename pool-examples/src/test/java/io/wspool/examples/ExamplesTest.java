package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
    void theMeasuredRequestsAreInTheLog(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("requests.hlog");
        try (Answering server = new Answering(text -> text)) {
            MeasuredRequests.main(new String[] {server.uri(), file.toString()});
        }
        Map<String, Long> counts = new TreeMap<>();
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            EncodableHistogram next = reader.nextIntervalHistogram();
            while (next != null) {
                counts.merge(next.getTag(), ((Histogram) next).getTotalCount(), Long::sum);
                next = reader.nextIntervalHistogram();
            }
        }
        assertThat(counts).containsKeys("APPLICATION", "WRITE", "PONG").containsEntry("QUEUE_WAIT", 300L);
        assertThat(printed()).contains("QUEUE_WAIT: 100, p50 ", "APPLICATION: ", "#[Max     =");
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

    /** Answers every text, and sends back what is binary. */
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

                            @Override
                            protected void onFullBinaryMessage(WebSocketChannel from, BufferedBinaryMessage message) {
                                var data = message.getData();
                                WebSockets.sendBinary(WebSockets.mergeBuffers(data.getResource()), from, null);
                                data.free();
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
