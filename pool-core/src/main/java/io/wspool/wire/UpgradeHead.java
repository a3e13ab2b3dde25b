package io.wspool.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.wspool.api.Check;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One dial's request head, and what its 101 must look like (RFC 6455 §4.1). No network; any thread. */
final class UpgradeHead {
    private static final int NONCE_BYTES = 16;
    private static final int MAX_HEADERS = 100;
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final UpgradeRequest request;
    private final String key;
    private final String expectedAccept;

    UpgradeHead(UpgradeRequest request, byte[] nonce) {
        Check.require(nonce.length == NONCE_BYTES, "nonce.length", nonce.length, "16");
        this.request = request;
        key = Base64.getEncoder().encodeToString(nonce);
        expectedAccept = accept(key);
    }

    /** The Sec-WebSocket-Accept that belongs to a Sec-WebSocket-Key. */
    static String accept(String key) {
        return Base64.getEncoder().encodeToString(sha1(key + GUID));
    }

    ByteBuf encode(ByteBufAllocator allocator) {
        StringBuilder head = new StringBuilder(512);
        head.append("GET ").append(request.target()).append(" HTTP/1.1\r\n");
        line(head, "Host", request.hostHeader());
        line(head, "Upgrade", "websocket");
        line(head, "Connection", "Upgrade");
        line(head, "Sec-WebSocket-Key", key);
        line(head, "Sec-WebSocket-Version", "13");
        if (!request.subprotocols().isEmpty()) {
            line(head, "Sec-WebSocket-Protocol", String.join(", ", request.subprotocols()));
        }
        for (UpgradeRequest.Header header : request.headers()) {
            line(head, header.name(), header.value());
        }
        return ByteBufUtil.writeAscii(allocator, head.append("\r\n"));
    }

    private static void line(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    /** What is wrong with a whole, parsed response, or null if the protocol is switched. */
    @Nullable
    String problem(HttpResponse response) {
        HttpHeaders headers = response.headers();
        if (response.status().code() != 101) {
            return "status " + response.status().code() + " instead of 101";
        }
        if (!HttpVersion.HTTP_1_1.equals(response.protocolVersion())) {
            return "101 that is not HTTP/1.1";
        }
        if (headers.size() > MAX_HEADERS) {
            return headers.size() + " headers, allowed " + MAX_HEADERS;
        }
        List<String> upgrade = headers.getAll(HttpHeaderNames.UPGRADE);
        if (upgrade.size() != 1 || !upgrade.get(0).equalsIgnoreCase("websocket")) {
            return "101 without \"Upgrade: websocket\"";
        }
        if (headers.getAll(HttpHeaderNames.CONNECTION).stream().noneMatch(v -> HttpText.listHolds(v, "upgrade"))) {
            return "101 without \"Connection: Upgrade\"";
        }
        List<String> accept = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        if (accept.size() != 1) {
            return "101 with " + accept.size() + " Sec-WebSocket-Accept headers instead of one";
        }
        if (!accept.get(0).equals(expectedAccept)) {
            return "101 with a Sec-WebSocket-Accept that does not belong to this request";
        }
        if (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
            return "101 with an extension that was not offered";
        }
        return subprotocolProblem(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
    }

    /** None returned although some were offered is legal (RFC 6455 §4.1); the caller may mind. */
    private @Nullable String subprotocolProblem(List<String> chosen) {
        if (chosen.size() > 1) {
            return "101 with " + chosen.size() + " Sec-WebSocket-Protocol headers, allowed 1";
        }
        if (chosen.size() == 1 && !request.subprotocols().contains(chosen.get(0))) {
            return "101 with a subprotocol that was not offered: \""
                    + PeerText.escaped(chosen.get(0), CloseCodes.MAX_REASON_BYTES) + "\"";
        }
        return null;
    }

    private static byte[] sha1(String text) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
