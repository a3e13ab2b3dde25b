package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server's side of one connection, played by the test: it reads and writes bytes, and nothing happens by itself. */
final class Peer implements AutoCloseable {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Socket socket;
    private final Socket transport;
    private final DataInputStream in;
    private final OutputStream out;

    Peer(Socket socket) throws IOException {
        this(socket, socket);
    }

    /** With TLS, {@code socket}, over {@code transport}. */
    Peer(Socket socket, Socket transport) throws IOException {
        this.socket = socket;
        this.transport = transport;
        socket.setSoTimeout((int) Patience.LIMIT.toMillis());
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /** The request's head, with the empty line that ends it. */
    String readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ended = 0;
        while (ended < 4) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("in the head: " + head);
            }
            head.write(b);
            ended = b == "\r\n\r\n".charAt(ended) ? ended + 1 : b == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads the request and switches protocols; {@code behind} goes in the same segment as the 101. */
    Peer upgrade(byte[]... behind) throws IOException {
        byte[] head = switching(readHead()).getBytes(StandardCharsets.ISO_8859_1);
        send(Frame.joined(head, Frame.joined(behind)));
        return this;
    }

    /** The 101 for a request. */
    static String switching(String request) {
        String key = request.lines()
                .filter(line -> line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18))
                .map(line -> line.substring(18).strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no key in " + request));
        try {
            byte[] sha = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(sha) + "\r\n\r\n";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads the request and answers with this instead of a 101. */
    void refuse(String response) throws IOException {
        readHead();
        send(response.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[]... parts) throws IOException {
        out.write(Frame.joined(parts));
    }

    /** The client's next frame, which must be masked and without reserved bits; null when the connection has ended. */
    @Nullable
    Frame read() throws IOException {
        try {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            int second = in.readUnsignedByte();
            assertThat(first & 0x70).as("reserved bits of a client's frame").isZero();
            assertThat(second & 0x80).as("mask bit of a client's frame").isEqualTo(0x80);
            int length = second & 0x7F;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = Math.toIntExact(in.readLong());
            }
            byte[] key = in.readNBytes(4);
            byte[] payload = new byte[length];
            in.readFully(payload);
            for (int i = 0; i < length; i++) {
                payload[i] ^= key[i & 3];
            }
            return new Frame(first & 0x0F, (first & 0x80) != 0, payload);
        } catch (SocketException | EOFException e) {
            return null; // reset, or cut within a frame: it has ended
        }
    }

    /** The next frame of this kind; others before it are passed over. */
    Frame readUntil(int opcode) throws IOException {
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.opcode() == opcode) {
                return frame;
            }
        }
        throw new EOFException("ended before a frame of opcode " + opcode);
    }

    /** All frames up to the connection's end, which must come. */
    List<Frame> readAll() throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = read(); frame != null; frame = read()) {
            frames.add(frame);
        }
        return frames;
    }

    /** Ends the sending side, then reads what the client still says, up to the end. */
    List<Frame> finishAndReadAll() throws IOException {
        finish();
        return readAll();
    }

    /** Reads up to the client's Close, ends the sending side as a server does (RFC 6455 §7.1.1), and reads up to the end. */
    List<Frame> readUntilCloseAndEnd() throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = read(); frame != null; frame = read()) {
            frames.add(frame);
            if (frame.isClose()) {
                finish();
            }
        }
        return frames;
    }

    /** Answers each ping and echoes each message until the connection ends; a Close is answered. */
    void echo() throws IOException {
        for (Frame frame = read(); frame != null; frame = read()) {
            int first = (frame.fin() ? 0x80 : 0) | (frame.opcode() == Frame.PING ? Frame.PONG : frame.opcode());
            if (frame.opcode() != Frame.PONG) {
                send(Frame.server(first, frame.payload()));
            }
            if (frame.isClose()) {
                close();
                return;
            }
        }
    }

    /** Answers the client's Close and ends TCP, as a server should. */
    void answerClose() throws IOException {
        Frame close = readUntil(Frame.CLOSE);
        send(Frame.server(0x80 | Frame.CLOSE, Arrays.copyOf(close.payload(), Math.min(2, close.payload().length))));
        close();
    }

    /** Ends the connection by a reset. */
    void reset() throws IOException {
        transport.setSoLinger(true, 0);
        transport.close();
    }

    /** Ends the sending side only. */
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
