package io.wspool.wire;

import io.wspool.api.Check;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one asks a server for: where, with which headers of one's own, offering which subprotocols (RFC 6455 §4.1).
 * <p>Whoever holds one holds one that cannot break out of its request line or its headers. Immutable; may be used for
 * any number of dials. Only {@link #uri()} and {@link #headers()} hold secrets: {@link #toString()}, {@link #endpoint()}
 * and the refusals of this constructor do not.
 *
 * @param uri {@code ws} or {@code wss}, with a host; path and query already percent-encoded
 * @param headers in the order in which they are sent; no {@code Origin} goes out unless it is here
 * @param subprotocols offered, the preferred first; distinct
 */
public record UpgradeRequest(URI uri, List<Header> headers, List<String> subprotocols) {
    private static final int MAX_PORT = 65_535;

    /**
     * A header of the user's own.
     *
     * @param name a token (RFC 9110 §5.6.2), and none that the upgrade itself writes
     * @param value printing ASCII and spaces
     */
    public record Header(String name, String value) {
        /** Checks. A refusal names the header and keeps its value to itself: it may be a credential. */
        public Header {
            Check.notNull("connect.headers", name);
            Check.require(HttpText.isToken(name), "connect.headers", quoted(name), "a token of RFC 9110");
            Check.require(!HttpText.isReserved(name), "connect.headers", name, "none that the upgrade itself writes");
            Check.notNull("connect.headers[" + name + "]", value);
            checkPrintable("connect.headers[" + name + "]", value, true);
        }

        @Override
        public String toString() {
            return name + ": (not shown)";
        }
    }

    /** Checks and copies. */
    public UpgradeRequest {
        Check.notNull("uri", uri);
        headers = List.copyOf(headers);
        subprotocols = List.copyOf(subprotocols);
        checkAuthority(uri);
        Check.require(uri.getRawFragment() == null, "uri", endpointOf(uri), "without a fragment");
        checkPrintable("uri.path", orEmpty(uri.getRawPath()), false);
        checkPrintable("uri.query", orEmpty(uri.getRawQuery()), false);
        Set<String> seen = new HashSet<>();
        for (String subprotocol : subprotocols) {
            Check.require(
                    HttpText.isToken(subprotocol), "connect.subprotocols", quoted(subprotocol), "a token of RFC 9110");
            Check.require(seen.add(subprotocol), "connect.subprotocols", subprotocol, "offered once");
        }
    }

    /** Whether the connection is TLS. */
    public boolean secure() {
        return secure(uri);
    }

    /** The name or address to connect to, in lower case, IPv6 without its brackets. */
    public String host() {
        String host = hostOf(uri);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** The port to connect to: 80 or 443 where the URI names none. */
    public int port() {
        return portOf(uri);
    }

    /** The {@code Sec-WebSocket-Accept} that belongs to a {@code Sec-WebSocket-Key} (RFC 6455 §4.2.2). */
    public static String accept(String key) {
        return UpgradeHead.accept(key);
    }

    /** {@code scheme://host:port}, always with the port, for logs and as a key: no path, no query, no secret. */
    public String endpoint() {
        return endpointOf(uri);
    }

    /** The request target (RFC 9112 §3.2.1). */
    String target() {
        String path = orEmpty(uri.getRawPath());
        String query = uri.getRawQuery();
        return (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    /** The Host header: without the scheme's own port, and without the zone of a link-local address (RFC 6874 §3). */
    String hostHeader() {
        String host = hostOf(uri);
        int zone = host.startsWith("[") ? host.indexOf('%') : -1;
        String named = zone < 0 ? host : host.substring(0, zone) + "]";
        return port() == defaultPort(uri) ? named : named + ":" + port();
    }

    @Override
    public String toString() {
        return "UpgradeRequest[" + endpoint() + ", " + headers.size() + " headers, subprotocols " + subprotocols + "]";
    }

    private static void checkAuthority(URI uri) {
        String scheme = uri.getScheme();
        Check.require(
                "ws".equalsIgnoreCase(scheme) || "wss".equalsIgnoreCase(scheme),
                "uri.scheme",
                String.valueOf(scheme),
                "ws or wss");
        String authority = orEmpty(uri.getRawAuthority());
        Check.require(authority.indexOf('@') < 0, "uri", scheme + "://(not shown)", "without user-info");
        Check.require(uri.getHost() != null, "uri", scheme + "://" + quoted(authority), "one with a host");
        if (uri.getPort() != -1) {
            Check.within("uri.port", uri.getPort(), 1, MAX_PORT);
        }
    }

    private static void checkPrintable(String name, String value, boolean spaceAllowed) {
        int at = HttpText.firstUnprintable(value, spaceAllowed);
        if (at >= 0) {
            String found = String.format(Locale.ROOT, "(U+%04X at %d)", (int) value.charAt(at), at);
            Check.require(false, name, found, spaceAllowed ? "printing ASCII and spaces" : "printing ASCII");
        }
    }

    private static String quoted(String text) {
        return "\"" + PeerText.escaped(text, CloseCodes.MAX_REASON_BYTES) + "\"";
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static boolean secure(URI uri) {
        return "wss".equalsIgnoreCase(uri.getScheme());
    }

    private static int defaultPort(URI uri) {
        return secure(uri) ? 443 : 80;
    }

    private static int portOf(URI uri) {
        return uri.getPort() == -1 ? defaultPort(uri) : uri.getPort();
    }

    private static String hostOf(URI uri) {
        return uri.getHost().toLowerCase(Locale.ROOT);
    }

    private static String endpointOf(URI uri) {
        return (secure(uri) ? "wss://" : "ws://") + hostOf(uri) + ":" + portOf(uri);
    }
}
