package io.wspool.bench.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Passes bytes between clients and a server, on a thread of its own, until it makes one connection a black hole: nothing passes it in
 * either direction, and neither side is told. No byte is lost: they pass when it is released.
 */
final class TcpRelay implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final InetSocketAddress server;
    private volatile int swallowFrom = Integer.MAX_VALUE;
    private volatile boolean releaseAsked;
    private volatile boolean holding;
    private @Nullable Side held;

    TcpRelay(InetSocketAddress server) throws IOException {
        this.server = server;
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        Thread thread = new Thread(this::run, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /** The next connection whose client sends so many bytes at once becomes a black hole, those bytes included. */
    void swallow(int bytes) {
        swallowFrom = bytes;
    }

    /** Lets the black hole pass what it holds. */
    void release() {
        releaseAsked = true;
        selector.wakeup();
    }

    /** Whether a connection is a black hole now. */
    boolean holding() {
        return holding;
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select();
                if (releaseAsked) {
                    releaseAsked = false;
                    pass();
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    serve(key);
                }
                selector.selectedKeys().clear();
            }
        } catch (ClosedSelectorException e) {
            return; // closed
        } catch (IOException e) {
            System.err.println("the relay ended: " + e);
        }
    }

    private void serve(SelectionKey key) throws IOException {
        if (!key.isValid()) {
            return;
        }
        if (key.isAcceptable()) {
            SocketChannel client = listener.accept();
            SocketChannel upstream = SocketChannel.open(server);
            Side outward = new Side(client, upstream, true);
            Side inward = new Side(upstream, client, false);
            outward.other = inward;
            inward.other = outward;
            outward.register(selector);
            inward.register(selector);
        } else if (key.isReadable()) {
            move((Side) key.attachment());
        }
    }

    private void move(Side side) throws IOException {
        int count = side.read();
        if (count < 0) {
            side.from.close();
            side.to.close();
        } else if (side.fromClient && count >= swallowFrom) {
            swallowFrom = Integer.MAX_VALUE;
            held = side;
            side.listen(false);
            holding = true;
        } else {
            side.write();
        }
    }

    private void pass() throws IOException {
        Side side = held;
        if (side != null) {
            held = null;
            holding = false;
            side.write();
            side.listen(true);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            System.err.println("the relay did not close: " + e);
        }
    }

    /** One direction of one connection. */
    private static final class Side {
        private final SocketChannel from;
        private final SocketChannel to;
        private final boolean fromClient;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private @Nullable SelectionKey key;
        private @Nullable Side other;

        Side(SocketChannel from, SocketChannel to, boolean fromClient) {
            this.from = from;
            this.to = to;
            this.fromClient = fromClient;
        }

        void register(Selector selector) throws IOException {
            from.setOption(StandardSocketOptions.TCP_NODELAY, true);
            from.configureBlocking(false);
            key = from.register(selector, SelectionKey.OP_READ, this);
        }

        /** Both directions. */
        void listen(boolean on) {
            set(key, on);
            Side back = other;
            set(back == null ? null : back.key, on);
        }

        private static void set(@Nullable SelectionKey key, boolean on) {
            if (key != null && key.isValid()) {
                key.interestOps(on ? SelectionKey.OP_READ : 0);
            }
        }

        int read() throws IOException {
            buffer.clear();
            return from.read(buffer);
        }

        void write() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
        }
    }
}
