package io.wspool;

import io.wspool.api.CloseAction;
import io.wspool.api.CloseCause;
import io.wspool.api.UpgradeRefusal;
import io.wspool.health.RetryAfter;
import org.jspecify.annotations.Nullable;

/** What the cause of an end means for the place and for the endpoint. Made for each end of a channel. Home loop only. */
final class Aftermath {
    private final Supervisor supervisor;
    private final CloseCause cause;
    private @Nullable CloseAction action;

    Aftermath(Supervisor supervisor, CloseCause cause) {
        this.supervisor = supervisor;
        this.cause = cause;
    }

    CloseCause cause() {
        return cause;
    }

    /** Whether this side wanted the end. */
    boolean byUs() {
        return cause.kind() == CloseCause.Kind.RECYCLED || cause.kind() == CloseCause.Kind.LOCAL_CLOSE;
    }

    /** Tells the breaker its verdict; how many failures in a row the place has now. */
    int judge(int place, boolean stable) {
        Endpoint endpoint = supervisor.endpoint();
        if (byUs()) {
            endpoint.withdrawn(place);
        } else if (stable) {
            endpoint.stable(place);
        } else {
            endpoint.failed(place);
        }
        return endpoint.failures(place);
    }

    /** What is to be done; the user's policy is asked once. */
    CloseAction action() {
        CloseAction decided = action;
        if (decided == null) {
            decided = decide();
            action = decided;
        }
        return decided;
    }

    private CloseAction decide() {
        return switch (cause.kind()) {
            case PEER_CLOSE, END_OF_STREAM, TRANSPORT_ERROR, UPGRADE_REFUSED, CONNECT_FAILED, NOT_READY ->
                supervisor.user().decide(supervisor.settings().closePolicy(), cause);
            case LOCAL_CLOSE, RECYCLED, HEARTBEAT_TIMEOUT, PROTOCOL_ERROR, OWNER_ABSENT -> CloseAction.AT_ONCE;
        };
    }

    /** Dials of the whole endpoint wait for as long as its refusal asks (RFC 9110 §10.2.3). */
    void holdEndpoint() {
        UpgradeRefusal refusal = cause.refusal();
        if (refusal != null) {
            long nanos = RetryAfter.nanos(refusal.header("retry-after"));
            if (nanos != RetryAfter.NONE) {
                supervisor.endpoint().hold(nanos);
            }
        }
    }
}
