package io.wspool;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;

/** The server's side of one connection. */
final class EchoConnection {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Socket socket;
    private final EchoServer.Receiver receiver;
    private final DataInputStream in;
    private final BufferedOutputStream out;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private boolean text;

    EchoConnection(Socket socket, EchoServer.Receiver receiver) {
        this.socket = socket;
        this.receiver = receiver;
        try {
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 * 1024));
            out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Resets the connection, from any thread. */
    void cut() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            return; // it was closed already
        }
    }

    /** Waits until the client's end, or a cut, has been seen here. */
    void awaitEnd() throws InterruptedException {
        Patience.await("the end of a connection", ended);
    }

    void over() {
        try {
            socket.close();
        } catch (IOException e) {
            return; // closed all the same
        } finally {
            ended.countDown();
        }
    }

    void upgrade() throws IOException {
        String key = "";
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.regionMatches(true, 0, "sec-websocket-key:", 0, 18)) {
                key = line.substring(18).trim();
            }
        }
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n";
        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            line.append((char) c);
        }
        return line.toString().trim();
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

    /** Until the end. */
    void echo() throws IOException {
        while (true) {
            int first = in.read();
            if (first < 0) {
                return;
            }
            boolean fin = (first & 0x80) != 0;
            int opcode = first & 0x0F;
            byte[] payload = payload();
            if (opcode == CLOSE) {
                frame(true, CLOSE, payload);
                out.flush();
                return;
            }
            if (opcode == PING) {
                frame(true, PONG, payload);
            } else if (opcode != PONG) {
                data(fin, opcode, payload);
                frame(fin, opcode, payload);
            }
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    private void data(boolean fin, int opcode, byte[] payload) {
        if (opcode != CONTINUATION) {
            text = opcode == TEXT;
        }
        if (fin && message.size() == 0) {
            receiver.received(this, text, payload);
            return;
        }
        message.writeBytes(payload);
        if (fin) {
            receiver.received(this, text, message.toByteArray());
            message.reset();
        }
    }

    private byte[] payload() throws IOException {
        int second = in.readUnsignedByte();
        int length = second & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        if ((second & 0x80) == 0) {
            throw new IOException("a client's frame must be masked");
        }
        int key = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        for (int i = 0; i < length; i++) {
            payload[i] ^= (byte) (key >> (24 - 8 * (i & 3)));
        }
        return payload;
    }

    private void frame(boolean fin, int opcode, byte[] payload) throws IOException {
        out.write((fin ? 0x80 : 0) | opcode);
        if (payload.length < 126) {
            out.write(payload.length);
        } else if (payload.length < 1 << 16) {
            out.write(126);
            out.write(payload.length >>> 8);
            out.write(payload.length);
        } else {
            out.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >>> shift));
            }
        }
        out.write(payload);
    }
}
