package io.wspool.examples;

import io.wspool.api.CloseCause;
import io.wspool.api.UpgradeRefusal;

/** Says in a few words what a close means for the person at the screen. */
final class CloseHint {
    private CloseHint() {}

    static String of(CloseCause cause) {
        UpgradeRefusal refusal = cause.refusal();
        if (refusal != null) {
            String retryAfter = refusal.header("retry-after");
            return "HTTP " + refusal.status() + (retryAfter == null ? "" : ", retry after " + retryAfter + " s");
        }
        return switch (cause.kind()) {
            case RECYCLED -> "replaced by a younger channel";
            case HEARTBEAT_TIMEOUT -> "no answer to pings, given up";
            case LOCAL_CLOSE -> "closed by this side";
            case PROTOCOL_ERROR -> "peer broke the protocol";
            case CONNECT_FAILED -> "no connection: is the server up?";
            case NOT_READY -> "login did not finish in time";
            case TRANSPORT_ERROR, END_OF_STREAM -> "connection lost";
            case UPGRADE_REFUSED -> "no WebSocket at this address";
            case OWNER_ABSENT -> "nobody polled";
            case PEER_CLOSE -> ofCode(cause.code());
        };
    }

    private static String ofCode(int code) {
        return switch (code) {
            case 1000 -> "closed normally by the server";
            case 1001 -> "server goes away";
            case 1002, 1003, 1007, 1010 -> "check protocol or version";
            case 1008 -> "policy: check credentials, limits";
            case 1009 -> "message too big for the server";
            case 1011 -> "error inside the server";
            case 1012 -> "server restarts";
            case 1013 -> "server is overloaded";
            default -> "closed by the server";
        };
    }
}
