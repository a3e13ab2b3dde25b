package io.wspool.wire;

/** Close codes of RFC 6455 §7.4 and of the IANA registry. No state; any thread; no allocation. */
public final class CloseCodes {
    /** The purpose is fulfilled. */
    public static final int NORMAL = 1000;

    /** The peer broke the protocol. */
    public static final int PROTOCOL_ERROR = 1002;

    /** A Close frame without a body. Never on the wire. */
    public static final int NO_CODE = 1005;

    /** Data that does not fit the message's type, such as text that is no UTF-8. */
    public static final int INVALID_DATA = 1007;

    /** A policy that has no code of its own. */
    public static final int POLICY = 1008;

    /** A message over the receiver's limit. */
    public static final int TOO_BIG = 1009;

    /** The longest reason that fits into a control frame beside the code (RFC 6455 §5.5). */
    public static final int MAX_REASON_BYTES = 123;

    private static final int FIRST_UNREGISTERED = 1015;
    private static final int FIRST_FREE = 3000;
    private static final int LAST_FREE = 4999;

    private CloseCodes() {}

    /**
     * Whether a peer may send this code: the registered ones that are meant for the wire, and 3000 to 4999. Not 1004
     * to 1006 and 1015, which are reserved, nor 1016 to 2999, which nobody has registered.
     */
    public static boolean mayBeReceived(int code) {
        if (code >= FIRST_FREE) {
            return code <= LAST_FREE;
        }
        return code >= NORMAL && code < FIRST_UNREGISTERED && (code < 1004 || code > 1006);
    }

    /** Whether we may send this code: what may be received, because a peer's code is echoed (RFC 6455 §5.5.1). */
    public static boolean mayBeSent(int code) {
        return mayBeReceived(code);
    }

    /** The code's registered meaning, for messages to people. */
    public static String name(int code) {
        return switch (code) {
            case 1000 -> "normal closure";
            case 1001 -> "going away";
            case 1002 -> "protocol error";
            case 1003 -> "unsupported data";
            case 1005 -> "no code";
            case 1006 -> "abnormal closure";
            case 1007 -> "invalid data";
            case 1008 -> "policy violation";
            case 1009 -> "message too big";
            case 1010 -> "extension required";
            case 1011 -> "internal error";
            case 1012 -> "service restart";
            case 1013 -> "try again later";
            case 1014 -> "bad gateway";
            case 1015 -> "TLS handshake failed";
            case 3000 -> "unauthorized";
            case 3003 -> "forbidden";
            case 3008 -> "timeout";
            default -> code >= FIRST_FREE && code <= LAST_FREE ? "application code" : "unregistered code";
        };
    }
}
