package io.wspool.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
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

/** The demo's server, and its ways to fail, seen by the JDK's own client, save its sudden end. */
@Timeout(30)
class MarketServerTest {
    private static final int LONG_MILLIS = 25_000;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final String UPGRADE = String.join(
            "\r\n",
            "GET /market HTTP/1.1",
            "Host: market",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "",
            "");

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

    /** On a bare socket: the JDK's client now and then sleeps on, beside a connection whose end has come. */
    @Test
    void killedMeansWithoutClose() throws Exception {
        try (Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
            socket.setSoTimeout(LONG_MILLIS);
            socket.getOutputStream().write(UPGRADE.getBytes(US_ASCII));
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            for (int lastFour = 0; lastFour != 0x0D0A0D0A; ) { // up to the empty line
                lastFour = lastFour << Byte.SIZE | in.readUnsignedByte();
            }
            assertThat(nextOpcode(in)).as("the welcome").isEqualTo(BINARY);
            busiest().kill();
            int opcode = BINARY;
            while (opcode >= 0) {
                assertThat(opcode).isIn(TEXT, BINARY);
                opcode = nextOpcode(in);
            }
        }
    }

    /** Skips one frame of the server's; -1 at the end of the stream. */
    private static int nextOpcode(DataInputStream in) throws IOException {
        int first = in.read();
        if (first >= 0) {
            int length = in.readUnsignedByte();
            in.skipNBytes(length == 126 ? in.readUnsignedShort() : length);
        }
        return first < 0 ? -1 : first & 0xF;
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
