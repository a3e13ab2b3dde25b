package io.wspool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A WebSocket server on plain blocking sockets, one thread per connection: echoes frames, answers pings and Closes, shows each whole
 * message to the test, and can be made to drop a connection.
 */
final class EchoServer implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    private final List<EchoConnection> open = new CopyOnWriteArrayList<>();
    private final Receiver receiver;
    private final Thread acceptor;

    /** Every connection once its upgrade is done, in that order. */
    final BlockingQueue<EchoConnection> connected = new LinkedBlockingQueue<>();

    /** Sees what arrives, on the connection's thread, before it is echoed. */
    @FunctionalInterface
    interface Receiver {
        void received(EchoConnection connection, boolean text, byte[] message);
    }

    EchoServer() throws IOException {
        this((connection, text, message) -> {});
    }

    EchoServer(Receiver receiver) throws IOException {
        this.receiver = receiver;
        acceptor = start(this::accept);
    }

    String uri() {
        return "ws://127.0.0.1:" + listening.getLocalPort() + "/";
    }

    /** The next connection that was upgraded. */
    EchoConnection next() throws InterruptedException {
        return Patience.next("a connection", connected);
    }

    /** Those that are open now. */
    List<EchoConnection> open() {
        return new ArrayList<>(open);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                start(() -> serve(new EchoConnection(socket, receiver)));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void serve(EchoConnection connection) {
        try {
            connection.upgrade();
            open.add(connection);
            connected.add(connection);
            connection.echo();
        } catch (IOException gone) {
            return; // a client that goes away, or close()
        } finally {
            open.remove(connection);
            connection.over();
        }
    }

    private static Thread start(Runnable task) {
        Thread thread = new Thread(task, "echo-server");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Also waits until the descriptors are closed, which a blocked thread delays. */
    @Override
    public void close() throws IOException {
        listening.close();
        List<EchoConnection> rest = open();
        rest.forEach(EchoConnection::cut);
        try {
            Patience.end(acceptor);
            for (EchoConnection connection : rest) {
                connection.awaitEnd();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
