package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
        try (EchoServer server = server()) {
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
        try (EchoServer server = server()) {
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
        try (EchoServer server = server()) {
            LoginBeforeUse.main(new String[] {server.uri()});
        }
        assertThat(received).hasSize(4);
        assertThat(received).filteredOn(text -> text.contains("login")).hasSize(3);
        assertThat(received).last().asString().contains("subscribe");
        assertThat(printed()).contains("logged in: [");
    }

    private EchoServer server() {
        return new EchoServer(0, text -> {
            received.add(text);
            return EchoServer.answer(text);
        });
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
