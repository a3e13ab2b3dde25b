package io.wspool.bench.client;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Vert.x: a write from another thread goes to the connection's event loop. */
final class VertxContender extends CallbackContender {
    private @Nullable Vertx vertx;
    /** Kept: one that is not referred to closes its connections when it is collected. */
    private @Nullable WebSocketClient client;

    private WebSocket[] sockets = {};

    VertxContender(ClientOptions options) {
        super(options);
    }

    @Override
    public String note() {
        return super.note() + ", native transport" + (options.tls ? ", " + Trust.nettyProvider() : "");
    }

    @Override
    public void connect(Receiver receiver) throws Exception {
        Vertx made = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        vertx = made;
        WebSocketClientOptions settings = new WebSocketClientOptions()
                .setMaxConnections(options.channels)
                .setSsl(options.tls)
                .setTrustAll(options.tls)
                .setVerifyHost(!options.tls);
        if (options.tls && OpenSSLEngineOptions.isAvailable()) {
            settings.setSslEngineOptions(new OpenSSLEngineOptions());
        }
        WebSocketClient connector = made.createWebSocketClient(settings);
        client = connector;
        WebSocketConnectOptions target = new WebSocketConnectOptions()
                .setHost(options.uri().getHost()) // an IPv6 address in brackets: a URL is made of it
                .setPort(options.port)
                .setURI(options.path);
        sockets = new WebSocket[options.channels];
        for (int i = 0; i < sockets.length; i++) {
            int connection = i;
            ClientWebSocket socket = connector.webSocket();
            socket.binaryMessageHandler(
                    message -> receiver.onMessage(connection, message.getLong(0), message.length()));
            socket.textMessageHandler(text -> receiver.onText(connection));
            socket.closeHandler(closed -> receiver.onEnd(connection, "closed"));
            socket.exceptionHandler(error -> receiver.onEnd(connection, error.toString()));
            sockets[i] = socket.connect(target)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Override
    public Outbox newOutbox() {
        byte[] rest = new byte[options.bytes - ClientOptions.SEQUENCE_BYTES];
        return new Outbox() {
            @Override
            public void send(int connection, long sequence, boolean more) {
                sockets[connection].writeBinaryMessage(
                        Buffer.buffer(options.bytes).appendLong(sequence).appendBytes(rest));
            }

            @Override
            public void sendText(int connection, String text) {
                sockets[connection].writeTextMessage(text);
            }
        };
    }

    @Override
    public void close() {
        WebSocketClient open = client;
        if (open != null) {
            open.close();
        }
        Vertx running = vertx;
        if (running != null) {
            running.close();
        }
    }
}
