package io.wspool.bench.client;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ServerHandshake;
import org.jspecify.annotations.Nullable;

/** Java-WebSocket: {@code send} makes the frame and puts it into a queue, a thread for each connection writes. */
final class JavaWebSocketContender extends CallbackContender {
    private Connection[] connections = {};

    JavaWebSocketContender(ClientOptions options) {
        super(options);
    }

    @Override
    public String note() {
        return super.note() + ", TCP_NODELAY";
    }

    /** One reads, one writes. */
    @Override
    public int threadsEach() {
        return 2;
    }

    @Override
    public void connect(Receiver receiver) throws Exception {
        connections = new Connection[options.channels];
        for (int i = 0; i < connections.length; i++) {
            Connection connection = new Connection(options.uri(), i, receiver);
            connections[i] = connection;
            connection.setTcpNoDelay(true);
            if (options.tls) {
                connection.setSocketFactory(Trust.jdk().getSocketFactory());
            }
            if (!connection.connectBlocking(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("not connected");
            }
        }
    }

    @Override
    public Outbox newOutbox() {
        ByteBuffer message = ByteBuffer.allocate(options.bytes);
        return new Outbox() {
            @Override
            public void send(int connection, long sequence, boolean more) {
                message.clear().putLong(0, sequence);
                connections[connection].send(message);
            }

            @Override
            public void sendText(int connection, String text) {
                connections[connection].send(text);
            }
        };
    }

    @Override
    public void close() {
        for (Connection connection : connections) {
            connection.close();
        }
    }

    private static final class Connection extends WebSocketClient {
        private final int connection;
        private final Receiver receiver;

        Connection(URI uri, int connection, Receiver receiver) {
            super(uri);
            this.connection = connection;
            this.receiver = receiver;
        }

        @Override
        public void onOpen(ServerHandshake handshake) {}

        @Override
        public void onMessage(@Nullable String message) {
            receiver.onText(connection);
        }

        @Override
        public void onMessage(ByteBuffer bytes) {
            receiver.onMessage(connection, bytes.getLong(bytes.position()), bytes.remaining());
        }

        @Override
        public void onClose(int code, @Nullable String reason, boolean remote) {
            receiver.onEnd(connection, "closed, " + code);
        }

        @Override
        public void onError(Exception error) {
            receiver.onEnd(connection, error.toString());
        }
    }
}
