package io.wspool.testkit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A client's opening handshake, read and answered by hand (RFC 6455 §4.2). */
final class Upgrade {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String END = "\r\n\r\n";

    private final StringBuilder head = new StringBuilder();
    private boolean complete;

    /** Takes bytes up to the end of the head; returns how many. */
    int feed(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            head.append((char) (bytes[i] & 0xFF));
            if (head.length() >= END.length() && head.indexOf(END, head.length() - END.length()) >= 0) {
                complete = true;
                return i + 1;
            }
        }
        return length;
    }

    boolean isComplete() {
        return complete;
    }

    String head() {
        return head.toString();
    }

    /** What is wrong with it (§4.1), or null. */
    @Nullable
    String fault() {
        String first = head.substring(0, head.indexOf("\r\n"));
        if (!first.matches("GET /\\S* HTTP/1\\.1")) {
            return "request line " + first;
        }
        if (headers("host").size() != 1) {
            return "Host " + headers("host");
        }
        if (!headers("upgrade").equals(List.of("websocket"))) {
            return "Upgrade " + headers("upgrade");
        }
        if (headers("connection").stream()
                .noneMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"))) {
            return "Connection " + headers("connection");
        }
        if (!headers("sec-websocket-version").equals(List.of("13"))) {
            return "Sec-WebSocket-Version " + headers("sec-websocket-version");
        }
        List<String> keys = headers("sec-websocket-key");
        return keys.size() == 1 && keys.get(0).matches("[A-Za-z0-9+/]{22}==") ? null : "Sec-WebSocket-Key " + keys;
    }

    /** The 101 for it, with these lines added. */
    String answer(String extraHeaders) {
        List<String> keys = headers("sec-websocket-key");
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept(keys.isEmpty() ? "" : keys.get(0)) + "\r\n" + extraHeaders + "\r\n";
    }

    private List<String> headers(String name) {
        List<String> values = new ArrayList<>();
        for (String line : head.toString().lines().toList()) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                values.add(line.substring(colon + 1).trim());
            }
        }
        return values;
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java has it
        }
    }
}
