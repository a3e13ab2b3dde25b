package io.wspool.wire;

import java.util.Locale;
import java.util.Set;

/** The grammar of HTTP heads as far as an upgrade needs it: what may go into a request, how a list is read. */
final class HttpText {
    private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

    /** Headers that the upgrade itself writes, or that would change where its head or its connection ends. */
    private static final Set<String> RESERVED = Set.of(
            "host",
            "upgrade",
            "connection",
            "content-length",
            "transfer-encoding",
            "te",
            "trailer",
            "keep-alive",
            "proxy-connection",
            "expect",
            "http2-settings");

    private HttpText() {}

    /** RFC 9110 §5.6.2. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(HttpText::isTokenChar);
    }

    private static boolean isTokenChar(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c < 0x80 && TOKEN_SIGNS.indexOf(c) >= 0);
    }

    /** Where the first character stands that is no printing ASCII (nor a space, if those are allowed), or -1. */
    static int firstUnprintable(String text, boolean spaceAllowed) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > '~' || c < ' ' || (c == ' ' && !spaceAllowed)) {
                return i;
            }
        }
        return -1;
    }

    static boolean isReserved(String headerName) {
        String name = headerName.toLowerCase(Locale.ROOT);
        return RESERVED.contains(name) || name.startsWith("sec-websocket-");
    }

    /** Whether a comma-separated list (RFC 9110 §5.6.1) holds the token, whatever its case. */
    static boolean listHolds(String list, String token) {
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int end = comma < 0 ? list.length() : comma;
            if (list.substring(from, end).strip().equalsIgnoreCase(token)) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }
}
