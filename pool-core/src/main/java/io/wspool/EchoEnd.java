package io.wspool;

import io.wspool.wire.UpgradeRequest;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The far end of a rehearsal: a WebSocket server on a free port of 127.0.0.1 that echoes short frames, in blocking streams of the JDK.
 * A daemon thread listens, and one more serves each connection.
 */
final class EchoEnd implements AutoCloseable {
    private static final int MOST_HEAD = 8192;
    private static final int BUFFER = 16 * 1024;
    private static final int MOST_PAYLOAD = 125;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;

    private final ServerSocket listening = new ServerSocket(0, 0, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
    private final String name;

    EchoEnd(String name) throws IOException {
        this.name = name;
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                accepted.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException over) {
            closeAccepted(); // also one that came while it was closed
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
            OutputStream out = socket.getOutputStream();
            upgrade(in, out);
            byte[] answers = new byte[BUFFER];
            int end = 0;
            int first = 0;
            while (first != CLOSE) {
                first = in.readUnsignedByte();
                end = echo(first, in, answers, end);
                if (in.available() == 0 || end > BUFFER - 2 - MOST_PAYLOAD) {
                    out.write(answers, 0, end); // what came together goes back together
                    end = 0;
                }
            }
            out.write(answers, 0, end);
        } catch (IOException over) {
            return; // the rehearsal has ended
        }
    }

    private static void upgrade(DataInputStream in, OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            if (head.length() == MOST_HEAD) {
                throw new IOException("no request");
            }
            head.append((char) in.readUnsignedByte());
        }
        String header = "sec-websocket-key:";
        String key = head.toString()
                .lines()
                .filter(line -> line.regionMatches(true, 0, header, 0, header.length()))
                .map(line -> line.substring(header.length()).trim())
                .findFirst()
                .orElseThrow(() -> new IOException("no key"));
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + UpgradeRequest.accept(key) + "\r\n\r\n";
        out.write(answer.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads what follows a frame's first byte and puts the answer at {@code at}; the end of the answers. */
    private static int echo(int first, DataInputStream in, byte[] answers, int at) throws IOException {
        int length = in.readUnsignedByte() & 0x7F;
        if (length > MOST_PAYLOAD) {
            throw new IOException("a frame that no rehearsal sends");
        }
        int key = in.readInt();
        in.readFully(answers, at + 2, length);
        if (first == PONG) {
            return at;
        }
        for (int i = 0; i < length; i++) {
            answers[at + 2 + i] ^= (byte) (key >>> (24 - 8 * (i & 3)));
        }
        answers[at] = (byte) (first == PING ? PONG : first);
        answers[at + 1] = (byte) length;
        return at + 2 + length;
    }

    /** Closes every socket; the threads then end by themselves. */
    @Override
    public void close() throws IOException {
        listening.close();
        closeAccepted();
    }

    private void closeAccepted() {
        for (Socket socket : accepted) {
            try {
                socket.close();
            } catch (IOException ignored) {
                // it is closed all the same
            }
        }
    }
}
