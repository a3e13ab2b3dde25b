package io.wspool.bench.client;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The JDK's own client. It allows one outstanding send, so that a sender waits for the one before. */
final class JdkContender extends CallbackContender {
    private Line[] lines = {};

    JdkContender(ClientOptions options) {
        super(options);
    }

    @Override
    public String version() {
        return Runtime.version().toString();
    }

    @Override
    public void connect(Receiver receiver) throws Exception {
        HttpClient.Builder builder = HttpClient.newBuilder();
        if (options.tls) {
            builder.sslContext(Trust.jdk());
        }
        HttpClient http = builder.build();
        lines = new Line[options.channels];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = new Line(
                    http.newWebSocketBuilder()
                            .buildAsync(options.uri(), new Listener(i, receiver))
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS),
                    options.bytes);
        }
    }

    @Override
    public Outbox newOutbox() {
        return new Outbox() {
            @Override
            public void send(int connection, long sequence, boolean more) {
                lines[connection].send(sequence);
            }

            @Override
            public void sendText(int connection, String text) {
                lines[connection].sendText(text);
            }
        };
    }

    @Override
    public void close() {
        for (Line line : lines) {
            line.socket.abort();
        }
    }

    /** One connection's way out. Its buffer is free again when the send is done. */
    private static final class Line {
        private final WebSocket socket;
        private final ByteBuffer message;
        private CompletableFuture<WebSocket> last;

        Line(WebSocket socket, int bytes) {
            this.socket = socket;
            this.message = ByteBuffer.allocate(bytes);
            this.last = CompletableFuture.completedFuture(socket);
        }

        synchronized void send(long sequence) {
            last.join();
            message.clear().putLong(0, sequence);
            last = socket.sendBinary(message, true);
        }

        synchronized void sendText(String text) {
            last.join();
            last = socket.sendText(text, true);
        }
    }

    /** Messages may come in parts. */
    private static final class Listener implements WebSocket.Listener {
        private final int connection;
        private final Receiver receiver;
        private long sequence;
        private int bytes;

        Listener(int connection, Receiver receiver) {
            this.connection = connection;
            this.receiver = receiver;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            for (int i = 0; i < data.remaining() && bytes + i < ClientOptions.SEQUENCE_BYTES; i++) {
                sequence = sequence << 8 | (data.get(data.position() + i) & 0xFF);
            }
            bytes += data.remaining();
            if (last) {
                int whole = bytes;
                bytes = 0;
                receiver.onMessage(connection, sequence, whole);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            if (last) {
                receiver.onText(connection);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            receiver.onEnd(connection, "closed, " + code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            receiver.onEnd(connection, error.toString());
        }
    }
}
