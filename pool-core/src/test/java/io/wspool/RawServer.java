package io.wspool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A listening socket on loopback whose connections the test takes and plays one by one. */
final class RawServer implements AutoCloseable {
    private final ServerSocket listening;
    private final List<Socket> taken = new ArrayList<>();

    RawServer() throws IOException {
        this(0);
    }

    /** With so large a receive buffer for what is accepted; 0 leaves it to the system. */
    RawServer(int receiveBytes) throws IOException {
        listening = new ServerSocket();
        if (receiveBytes > 0) {
            listening.setReceiveBufferSize(receiveBytes);
        }
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    }

    int port() {
        return listening.getLocalPort();
    }

    String uri() {
        return "ws://127.0.0.1:" + port() + "/feed";
    }

    /** The next connection. */
    Peer accept() throws IOException {
        listening.setSoTimeout((int) Patience.LIMIT.toMillis());
        return new Peer(take());
    }

    /** The next connection, as the server's side of TLS, and the socket that knows what was agreed on. */
    Tls acceptTls(SSLContext context) throws IOException {
        return acceptTls(context, true);
    }

    /** The same; whether the end of TLS is followed by the end of TCP. */
    Tls acceptTls(SSLContext context, boolean endsTcp) throws IOException {
        listening.setSoTimeout((int) Patience.LIMIT.toMillis());
        Socket plain = take();
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), endsTcp);
        tls.setUseClientMode(false);
        return new Tls(tls, new Peer(tls, plain));
    }

    record Tls(SSLSocket socket, Peer peer) {}

    /** How many connections have been made that were not accepted; they are accepted now, and closed. */
    int leftInBacklog() throws IOException {
        listening.setSoTimeout(1); // what is there is there at once: loopback's handshake ends in the backlog
        int count = 0;
        try {
            while (true) {
                take().close();
                count++;
            }
        } catch (SocketTimeoutException none) {
            return count;
        }
    }

    private Socket take() throws IOException {
        Socket socket = listening.accept();
        taken.add(socket);
        return socket;
    }

    /** Closes the listening socket alone: connections are refused from here on. */
    void stopListening() throws IOException {
        listening.close();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : taken) {
            socket.close();
        }
    }
}
