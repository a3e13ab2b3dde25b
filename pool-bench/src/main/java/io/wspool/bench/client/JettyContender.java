package io.wspool.bench.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.jspecify.annotations.Nullable;

/** Jetty: {@code sendBinary} queues the frame and writes it, or leaves it to the thread that is just writing. */
final class JettyContender extends CallbackContender {
    private @Nullable WebSocketClient client;
    private Session[] sessions = {};

    JettyContender(ClientOptions options) {
        super(options);
    }

    /** What it does when nobody configures it is asked in one work; in the others it would close while it has no round. */
    private boolean atDefaults() {
        return options.work.equals("notice");
    }

    @Override
    public String note() {
        return super.note() + (atDefaults() ? "" : ", no idle timeout");
    }

    @Override
    public void connect(Receiver receiver) throws Exception {
        HttpClient http = new HttpClient();
        if (options.tls) {
            SslContextFactory.Client tls = new SslContextFactory.Client(true);
            tls.setEndpointIdentificationAlgorithm(null);
            http.setSslContextFactory(tls);
        }
        WebSocketClient made = new WebSocketClient(http);
        client = made;
        if (!atDefaults()) {
            made.setIdleTimeout(Duration.ZERO);
        }
        made.start();
        sessions = new Session[options.channels];
        for (int i = 0; i < sessions.length; i++) {
            sessions[i] =
                    made.connect(new Endpoint(i, receiver), options.uri()).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Override
    public Outbox newOutbox() {
        return new Outbox() {
            @Override
            public void send(int connection, long sequence, boolean more) {
                ByteBuffer message = ByteBuffer.allocate(options.bytes); // Jetty's until its callback is called
                message.putLong(0, sequence);
                sessions[connection].sendBinary(message, Callback.NOOP);
            }

            @Override
            public void sendText(int connection, String text) {
                sessions[connection].sendText(text, Callback.NOOP);
            }
        };
    }

    @Override
    public void close() {
        WebSocketClient running = client;
        if (running != null) {
            for (Session session : sessions) {
                session.disconnect();
            }
            running.setStopTimeout(100);
        }
    }

    /** Found by Jetty through reflection, so it and its methods are public. */
    public static final class Endpoint implements Session.Listener.AutoDemanding {
        private final int connection;
        private final Receiver receiver;

        Endpoint(int connection, Receiver receiver) {
            this.connection = connection;
            this.receiver = receiver;
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            receiver.onMessage(connection, payload.getLong(payload.position()), payload.remaining());
            callback.succeed();
        }

        @Override
        public void onWebSocketText(String text) {
            receiver.onText(connection);
        }

        @Override
        public void onWebSocketClose(int code, @Nullable String reason, Callback callback) {
            receiver.onEnd(connection, "closed, " + code);
            callback.succeed();
        }

        @Override
        public void onWebSocketError(Throwable error) {
            receiver.onEnd(connection, error.toString());
        }
    }
}
