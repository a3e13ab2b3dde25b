package io.wspool;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.NullMarked;

/**
 * Echoes WebSocket messages and answers pings, one blocking thread per connection, without garbage once connected: the peer of
 * round-trip benchmarks. Frames up to 60 KiB; it trusts its client. A connection begins with small buffers, which grow with what comes
 * at once, and its thread has a small stack: it carries thousands.
 */
@NullMarked
public final class EchoServer implements Closeable {
    private static final int LEAST_BUFFER = 4 * 1024;
    private static final int MOST_BUFFER = 128 * 1024;
    private static final int STACK_BYTES = 128 * 1024;
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final ServerSocket server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());

    /** Listens on a free port of the loopback. */
    public EchoServer() throws IOException {
        start(this::accept);
    }

    /** Where. */
    public String uri() {
        return "ws://127.0.0.1:" + server.getLocalPort() + "/";
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(null, task, "echo-server", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            for (; ; ) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] received = new byte[LEAST_BUFFER];
            byte[] reply = new byte[LEAST_BUFFER];
            int held = upgrade(in, out, received);
            for (; ; ) {
                int replied = 0;
                int at = 0;
                for (int next = frameEnd(received, at, held); next > 0; next = frameEnd(received, at, held)) {
                    replied = echo(received, at, next, reply, replied);
                    at = next;
                }
                out.write(reply, 0, replied);
                byte[] rest = received;
                if (held == received.length && held < MOST_BUFFER) { // there was more
                    received = new byte[2 * held];
                    reply = new byte[2 * held];
                }
                System.arraycopy(rest, at, received, 0, held - at);
                held -= at;
                int read = in.read(received, held, received.length - held);
                if (read < 0) {
                    return;
                }
                held += read;
            }
        } catch (IOException e) {
            return; // the client is gone
        }
    }

    private static int upgrade(InputStream in, OutputStream out, byte[] buffer) throws IOException {
        int held = 0;
        int end = -1;
        while (end < 0) {
            int read = in.read(buffer, held, buffer.length - held);
            if (read < 0) {
                throw new IOException("no request");
            }
            held += read;
            end = new String(buffer, 0, held, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
        }
        String head = new String(buffer, 0, end, StandardCharsets.ISO_8859_1);
        String key = "";
        for (String line : head.split("\r\n", -1)) {
            if (line.regionMatches(true, 0, "sec-websocket-key:", 0, 18)) {
                key = line.substring(18).trim();
            }
        }
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n";
        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
        int rest = held - end - 4;
        System.arraycopy(buffer, end + 4, buffer, 0, rest);
        return rest;
    }

    private static String accept(String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the frame at {@code at} ends, or -1 while it is not whole. */
    private static int frameEnd(byte[] bytes, int at, int held) {
        if (held - at < 6) {
            return -1;
        }
        int length = bytes[at + 1] & 0x7F;
        int head = 6;
        if (length == 126) {
            if (held - at < 8) {
                return -1;
            }
            length = (bytes[at + 2] & 0xFF) << 8 | (bytes[at + 3] & 0xFF);
            head = 8;
        }
        int end = at + head + length;
        return end <= held ? end : -1;
    }

    private static int echo(byte[] from, int at, int end, byte[] to, int start) {
        int payload = at + ((from[at + 1] & 0x7F) == 126 ? 8 : 6);
        int length = end - payload;
        int opcode = from[at] & 0x0F;
        int write = start;
        to[write++] = (byte) (0x80 | (opcode == 9 ? 10 : opcode));
        if (length < 126) {
            to[write++] = (byte) length;
        } else {
            to[write++] = 126;
            to[write++] = (byte) (length >>> 8);
            to[write++] = (byte) length;
        }
        for (int i = 0; i < length; i++) {
            to[write++] = (byte) (from[payload + i] ^ from[payload - 4 + (i & 3)]);
        }
        return write;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
