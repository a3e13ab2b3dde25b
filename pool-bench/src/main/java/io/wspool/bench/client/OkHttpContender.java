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

    @Override
    public void connect(Receiver receiver) throws Exception {
        OkHttpClient.Builder builder = new OkHttpClient.Builder().socketFactory(new NoDelaySockets());
        if (options.tls) {
            builder.sslSocketFactory(Trust.jdk().getSocketFactory(), Trust.EVERYBODY)
                    .hostnameVerifier((host, session) -> true)
                    .protocols(List.of(Protocol.HTTP_1_1));
        }
        OkHttpClient client = builder.build();
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
        return (connection, sequence, more) -> {
            message.putLong(0, sequence);
            if (!sockets[connection].send(ByteString.of(message.array(), 0, options.bytes))) {
                throw new IllegalStateException("a send was refused");
            }
        };
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
