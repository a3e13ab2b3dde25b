package io.wspool.wire;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.wspool.api.UpgradeRefusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A refusal in the making: the head is known, the start of the body still comes. Everything in it is escaped. */
final class RefusalDraft {
    private static final int MAX_BODY_BYTES = 4096;
    private static final int MAX_VALUE_BYTES = 1024;

    /** An escape takes at most six characters for one byte; so this never cuts. */
    private static final int MAX_ESCAPED_BODY_BYTES = 6 * MAX_BODY_BYTES;

    /** Would be secrets in a log. */
    private static final Set<String> HIDDEN = Set.of("set-cookie", "set-cookie2", "authentication-info");

    private final int status;
    private final String reasonPhrase;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private final String problem;
    private final byte[] body = new byte[MAX_BODY_BYTES];
    private int bodyBytes;

    RefusalDraft(HttpResponse response, String problem) {
        this.status = response.status().code();
        this.reasonPhrase = escaped(response.status().reasonPhrase(), CloseCodes.MAX_REASON_BYTES);
        this.problem = problem;
        for (Map.Entry<String, String> header : response.headers()) {
            String name = escaped(header.getKey().toLowerCase(Locale.ROOT), MAX_VALUE_BYTES);
            String value = HIDDEN.contains(name) ? "(not kept)" : escaped(header.getValue(), MAX_VALUE_BYTES);
            headers.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        }
    }

    /** For an answer without a head that could be read. */
    static UpgradeRefusal unreadable(String problem) {
        return new UpgradeRefusal(0, "", Map.of(), "", problem);
    }

    /** Keeps what there is still room for; true when there is no more. */
    boolean add(ByteBuf content) {
        int kept = Math.min(content.readableBytes(), MAX_BODY_BYTES - bodyBytes);
        content.getBytes(content.readerIndex(), body, bodyBytes, kept);
        bodyBytes += kept;
        return bodyBytes == MAX_BODY_BYTES;
    }

    UpgradeRefusal finish() {
        String text = new String(body, 0, bodyBytes, StandardCharsets.UTF_8);
        return new UpgradeRefusal(status, reasonPhrase, headers, escaped(text, MAX_ESCAPED_BODY_BYTES), problem);
    }

    private static String escaped(String text, int maxBytes) {
        return PeerText.escaped(text, maxBytes);
    }
}
