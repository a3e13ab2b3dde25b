package io.wspool;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.xnio.Pooled;

/** Undertow in this process: a server with a WebSocket implementation of its own. Echoes every message. */
final class UndertowEcho extends AbstractReceiveListener implements AutoCloseable {
    /** Kept, or their levels would be forgotten. */
    private static final List<Logger> LOGS =
            Stream.of("io.undertow", "org.xnio").map(Logger::getLogger).toList();

    private final Undertow server;

    UndertowEcho() {
        this(null);
    }

    /** With TLS if there is a context for it. */
    UndertowEcho(@Nullable SSLContext tls) {
        LOGS.forEach(log -> log.setLevel(Level.WARNING));
        Undertow.Builder builder = Undertow.builder().setIoThreads(2).setWorkerThreads(2);
        if (tls == null) {
            builder.addHttpListener(0, "127.0.0.1");
        } else {
            builder.addHttpsListener(0, "127.0.0.1", tls);
        }
        server = builder.setHandler(Handlers.websocket((exchange, channel) -> {
                    channel.getReceiveSetter().set(this);
                    channel.resumeReceives();
                }))
                .build();
        server.start();
    }

    int port() {
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    String uri() {
        return "ws://127.0.0.1:" + port() + "/";
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
        WebSockets.sendText(message.getData(), channel, null);
    }

    @Override
    @SuppressWarnings("deprecation") // Pooled: it is what Undertow hands out
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
        Pooled<ByteBuffer[]> data = message.getData();
        WebSockets.sendBinary(data.getResource(), channel, new WebSocketCallback<Void>() {
            @Override
            public void complete(WebSocketChannel done, Void nothing) {
                data.close();
            }

            @Override
            public void onError(WebSocketChannel failed, Void nothing, Throwable error) {
                data.close();
            }
        });
    }

    @Override
    public void close() {
        server.stop();
    }
}
