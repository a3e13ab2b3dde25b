package io.wspool.api;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/**
 * The close policies that come with the pool, as tables. A policy of the user's may ask one of them for what it does not
 * want to decide itself.
 * <p><b>Threads:</b> any; pure functions. Close codes: RFC 6455 §7.4.1 and the IANA registry (1012 and later).
 */
public final class ClosePolicies {
    /** Deep enough for any exception that Netty and the JDK wrap around another. */
    private static final int MOST_CAUSES = 16;

    private ClosePolicies() {}

    /**
     * The default table.
     * <ul>
     * <li>1000, a Close frame without a code, 3000 to 4999 and all codes not named here: back off
     * <li>1001, 1012 (the server goes away or restarts), and a connection that ended without a Close frame (1006): at once
     * <li>1002, 1003, 1007, 1009, 1010: back off at the cap, for the two sides do not understand each other
     * <li>1008, 4401, 4403, HTTP 401 and 403: halt, for asking again with the same credentials gets clients banned
     * <li>1011, 1013 (the server is in trouble): back off, but not before 30 s
     * <li>any other refused upgrade, a failed dial, {@code ready()} not called in time: back off
     * <li>a certificate that does not verify: back off at the cap
     * </ul>
     */
    public static ClosePolicy standard() {
        return ClosePolicies::standardAction;
    }

    /**
     * The table of the article that this pool began with, to the letter, and the default table for what it leaves open:
     * 1000 needs no handling and leaves the place vacant, 1006 is dialled at once, 1011 halts until somebody has looked at
     * the server, 1002 asks for a look at the protocol's version and backs off at the cap.
     */
    public static ClosePolicy origin() {
        return cause -> {
            if (!peerBegan(cause)) {
                return standardAction(cause);
            }
            return switch (cause.code()) {
                case 1000 -> CloseAction.LEAVE;
                case 1002 -> CloseAction.BACK_OFF_AT_CAP;
                case 1006 -> CloseAction.AT_ONCE;
                case 1011 -> CloseAction.HALT;
                default -> standardAction(cause);
            };
        };
    }

    private static CloseAction standardAction(CloseCause cause) {
        return switch (cause.kind()) {
            case PEER_CLOSE, END_OF_STREAM, TRANSPORT_ERROR -> afterCode(cause.code());
            case UPGRADE_REFUSED -> afterRefusal(cause.refusal());
            case CONNECT_FAILED -> badCertificate(cause.error()) ? CloseAction.BACK_OFF_AT_CAP : CloseAction.BACK_OFF;
            case NOT_READY -> CloseAction.BACK_OFF;
            case LOCAL_CLOSE, RECYCLED, HEARTBEAT_TIMEOUT, PROTOCOL_ERROR, OWNER_ABSENT -> CloseAction.AT_ONCE;
        };
    }

    private static boolean peerBegan(CloseCause cause) {
        return switch (cause.kind()) {
            case PEER_CLOSE, END_OF_STREAM, TRANSPORT_ERROR -> true;
            default -> false;
        };
    }

    private static CloseAction afterCode(int code) {
        return switch (code) {
            case 1001, 1006, 1012 -> CloseAction.AT_ONCE;
            case 1002, 1003, 1007, 1009, 1010 -> CloseAction.BACK_OFF_AT_CAP;
            case 1008, 4401, 4403 -> CloseAction.HALT;
            case 1011, 1013 -> CloseAction.BACK_OFF_SLOWLY;
            default -> CloseAction.BACK_OFF;
        };
    }

    private static CloseAction afterRefusal(@Nullable UpgradeRefusal refusal) {
        int status = refusal == null ? 0 : refusal.status();
        return status == 401 || status == 403 ? CloseAction.HALT : CloseAction.BACK_OFF;
    }

    static boolean badCertificate(@Nullable Throwable error) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof CertificateException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
