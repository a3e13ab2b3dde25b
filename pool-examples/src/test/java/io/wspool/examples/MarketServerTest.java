package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo's server, and its ways to fail, seen by the JDK's own client. */
@Timeout(30)
class MarketServerTest {
    private final ServerLog log = new ServerLog();
    private final MarketServer server = new MarketServer(log, new Diverts());
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void welcomesStreamsPricesAndEchoesOrdersWhichItLogs() throws Exception {
        Client client = connect();
        assertThat(client.binary.take().getInt(0)).isEqualTo(OrderFormat.WELCOME);
        assertThat(client.text.take()).contains("\"type\":\"tick\"").hasSizeBetween(150, 250);
        client.order(7);
        ByteBuffer echo = client.binary.take();
        assertThat(echo.getInt(0)).isEqualTo(OrderFormat.ORDER);
        assertThat(echo.getLong(OrderFormat.ID_AT)).isEqualTo(7);
        assertThat(entries()).containsExactly("7 on 1");
    }

    @Test
    void manyMorePingsThanUndertowAllowsAreAnswered() throws Exception {
        Client client = connect();
        for (int i = 0; i < 700; i++) {
            client.socket.sendPing(ByteBuffer.allocate(4).putInt(0, i)).get();
            assertThat(client.pongs.take().getInt(0)).isEqualTo(i);
        }
    }

    @Test
    void killedMeansWithoutClose() throws Exception {
        Client client = connect();
        client.welcomed();
        busiest().kill();
        assertThat(client.end.take()).isIn("1006", "error");
    }

    @Test
    void frozenItReadsNothingUntilItThaws() throws Exception {
        Client client = connect();
        client.welcomed();
        busiest().freeze();
        client.order(1);
        Client other = connect();
        other.welcomed();
        for (int id = 2; id <= 50; id++) { // an order that were read at all would be read long before these
            other.order(id);
            assertThat(other.binary.take().getLong(OrderFormat.ID_AT)).isEqualTo(id);
        }
        assertThat(entries()).hasSize(49).doesNotContain("1 on 1");
        server.thaw();
        assertThat(client.binary.take().getLong(OrderFormat.ID_AT)).isEqualTo(1);
        assertThat(entries()).hasSize(50).contains("1 on 1");
    }

    @Test
    void refusedUpgradesSayWhenToTryAgain() throws Exception {
        server.refuse(Duration.ofSeconds(2));
        assertThatThrownBy(this::connect)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> {
                    assertThat(refused.getResponse().statusCode()).isEqualTo(503);
                    assertThat(refused.getResponse().headers().firstValue("Retry-After"))
                            .hasValue("2");
                });
        server.admit();
        connect().welcomed();
    }

    @Test
    void aRestartSaysGoingAwayAndListensAtTheSamePlaceAgain() throws Exception {
        Client before = connect();
        before.welcomed();
        var uri = server.uri();
        server.restart(Duration.ofMillis(1));
        assertThat(before.end.take()).isEqualTo("1001");
        assertThat(server.uri()).isEqualTo(uri);
        Client after = connect();
        after.welcomed();
        after.order(2);
        assertThat(after.binary.take().getLong(OrderFormat.ID_AT)).isEqualTo(2);
        assertThat(entries()).containsExactly("2 on 2");
    }

    private MarketConnection busiest() throws IOException {
        MarketConnection busiest = server.busiest();
        if (busiest == null) {
            throw new IOException("no connection is open");
        }
        return busiest;
    }

    private Client connect() {
        Client client = new Client();
        client.socket =
                http.newWebSocketBuilder().buildAsync(server.uri(), client).join();
        return client;
    }

    private List<String> entries() {
        List<String> entries = new ArrayList<>();
        log.forEach((order, connection) -> entries.add(order + " on " + connection));
        return entries;
    }

    private static final class Client implements WebSocket.Listener {
        final BlockingQueue<ByteBuffer> binary = new LinkedBlockingQueue<>();
        final BlockingQueue<String> text = new LinkedBlockingQueue<>();
        final BlockingQueue<ByteBuffer> pongs = new LinkedBlockingQueue<>();
        final BlockingQueue<String> end = new LinkedBlockingQueue<>();
        WebSocket socket;

        void welcomed() throws InterruptedException {
            assertThat(binary.take().getInt(0)).isEqualTo(OrderFormat.WELCOME);
        }

        void order(long id) throws Exception {
            socket.sendBinary(OrderFormat.newOrder().putLong(OrderFormat.ID_AT, id), true)
                    .get();
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            binary.add(copy(data));
            return WebSocket.Listener.super.onBinary(from, data, last);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.add(data.toString());
            return WebSocket.Listener.super.onText(from, data, last);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
            pongs.add(copy(data));
            return WebSocket.Listener.super.onPong(from, data);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            end.add(Integer.toString(code));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            end.add("error");
        }

        private static ByteBuffer copy(ByteBuffer data) {
            return ByteBuffer.allocate(data.remaining()).put(data).flip();
        }
    }
}
