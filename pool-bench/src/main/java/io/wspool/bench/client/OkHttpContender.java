package io.wspool.bench.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** OkHttp: {@code send} puts the message into its queue, a thread of its own writes. */
final class OkHttpContender extends CallbackContender {
    private @Nullable OkHttpClient http;
    private WebSocket[] sockets = {};

    OkHttpContender(ClientOptions options) {
        super(options);
    }

    @Override
    public String note() {
        return super.note() + ", TCP_NODELAY by a socket factory";
    }

    /** It reads. */
    @Override
    public int threadsEach() {
        return 1;
    }

    @Override
    public void connect(Receiver receiver) throws Exception {
        OkHttpClient.Builder builder = new OkHttpClient.Builder().socketFactory(new NoDelaySockets());
        if (options.tls) {
            builder.sslSocketFactory(Trust.jdk().getSocketFactory(), Trust.EVERYBODY)
                    .hostnameVerifier((host, session) -> true)
                    .protocols(List.of(Protocol.HTTP_1_1));
        }
        OkHttpClient client = builder.build();
        client.dispatcher()
                .setMaxRequests(Math.max(options.channels, client.dispatcher().getMaxRequests()));
        http = client;
        Request request = new Request.Builder().url(options.uri().toString()).build();
        sockets = new WebSocket[options.channels];
        for (int i = 0; i < sockets.length; i++) {
            Listener listener = new Listener(i, receiver);
            sockets[i] = client.newWebSocket(request, listener);
            listener.open.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Override
    public Outbox newOutbox() {
        ByteBuffer message = ByteBuffer.allocate(options.bytes);
        return new Outbox() {
            @Override
            public void send(int connection, long sequence, boolean more) {
                message.putLong(0, sequence);
                accepted(sockets[connection].send(ByteString.of(message.array(), 0, options.bytes)));
            }

            @Override
            public void sendText(int connection, String text) {
                accepted(sockets[connection].send(text));
            }
        };
    }

    /** Its queue of 16 MiB is far from full in any work; a send is refused by a connection that is over. */
    private static void accepted(boolean yes) {
        if (!yes) {
            throw new IllegalStateException("a send was refused");
        }
    }

    @Override
    public void close() {
        for (WebSocket socket : sockets) {
            socket.cancel();
        }
        OkHttpClient client = http;
        if (client != null) {
            client.dispatcher().executorService().shutdown();
        }
    }

    private static final class Listener extends WebSocketListener {
        private final CompletableFuture<WebSocket> open = new CompletableFuture<>();
        private final int connection;
        private final Receiver receiver;

        Listener(int connection, Receiver receiver) {
            this.connection = connection;
            this.receiver = receiver;
        }

        @Override
        public void onOpen(WebSocket socket, Response response) {
            open.complete(socket);
        }

        @Override
        public void onMessage(WebSocket socket, ByteString bytes) {
            receiver.onMessage(connection, bytes.asByteBuffer().getLong(0), bytes.size());
        }

        @Override
        public void onMessage(WebSocket socket, String text) {
            receiver.onText(connection);
        }

        @Override
        public void onClosing(WebSocket socket, int code, String reason) {
            receiver.onEnd(connection, "closing, " + code);
        }

        @Override
        public void onFailure(WebSocket socket, Throwable error, @Nullable Response response) {
            open.completeExceptionally(error);
            receiver.onEnd(connection, error.toString());
        }
    }

    private static final class NoDelaySockets extends SocketFactory {
        private final SocketFactory system = SocketFactory.getDefault();

        private static Socket noDelay(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket() throws IOException {
            return noDelay(system.createSocket());
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return noDelay(system.createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return noDelay(system.createSocket(host, port, local, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return noDelay(system.createSocket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return noDelay(system.createSocket(host, port, local, localPort));
        }
    }
}
