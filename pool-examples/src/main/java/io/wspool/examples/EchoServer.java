package io.wspool.examples;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import org.xnio.Options;

/**
 * A server for the examples beside it, on Undertow: sends each message back, says yes to a login, and answers the text {@code ping} by
 * {@code pong}. On 127.0.0.1, port 8080 or the one that is the argument, until Ctrl-C.
 */
public final class EchoServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int PORT = 8080;

    private final UnaryOperator<String> answer;
    private final Undertow undertow;

    /** Starts on a port, 0 for any; {@code answer} says what is sent for a text. */
    EchoServer(int port, UnaryOperator<String> answer) {
        this.answer = answer;
        undertow = Undertow.builder()
                .addHttpListener(port, HOST)
                .setIoThreads(1)
                .setWorkerThreads(1)
                .setSocketOption(Options.TCP_NODELAY, true)
                .setHandler(Handlers.websocket(this::onConnect))
                .build();
        undertow.start();
    }

    public static void main(String[] args) {
        // before the first class of Undertow: JBoss Logging would choose a logger that prints
        System.setProperty("org.jboss.logging.provider", "slf4j");
        EchoServer server = new EchoServer(args.length > 0 ? Integer.parseInt(args[0]) : PORT, EchoServer::answer);
        System.out.println(server.uri() + " sends each message back, until Ctrl-C");
    }

    /** What the examples expect to hear. */
    static String answer(String text) {
        if (text.contains("\"op\":\"login\"")) {
            return "{\"login\":\"ok\"}";
        }
        return text.equals("ping") ? "pong" : text;
    }

    String uri() {
        var address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        return "ws://" + HOST + ":" + address.getPort() + "/";
    }

    @Override
    public void close() {
        undertow.stop();
    }

    private void onConnect(WebSocketHttpExchange exchange, WebSocketChannel channel) {
        channel.getReceiveSetter().set(new AbstractReceiveListener() {
            @Override
            protected void onFullTextMessage(WebSocketChannel from, BufferedTextMessage message) {
                WebSockets.sendText(answer.apply(message.getData()), from, null);
            }

            @Override
            protected void onFullBinaryMessage(WebSocketChannel from, BufferedBinaryMessage message) {
                var data = message.getData();
                WebSockets.sendBinary(WebSockets.mergeBuffers(data.getResource()), from, null);
                data.free();
            }
        });
        channel.resumeReceives();
    }
}
