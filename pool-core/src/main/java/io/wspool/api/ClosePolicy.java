package io.wspool.api;

/**
 * Chooses what follows a close. Asked on the pool's home loop, once per ended life or failed dial; must be a pure function.
 * Of what this side began (recycling, closing, a missed heartbeat, a protocol error of the peer) it is not asked: such a place
 * is refilled at once. Replace the table with any function of the cause.
 */
@FunctionalInterface
public interface ClosePolicy {
    /**
     * The action for a cause of the kinds {@code PEER_CLOSE}, {@code END_OF_STREAM} and {@code TRANSPORT_ERROR} (both 1006),
     * {@code UPGRADE_REFUSED}, {@code CONNECT_FAILED} and {@code NOT_READY}.
     */
    CloseAction onClose(CloseCause cause);

    /** The default, {@link ClosePolicies#standard()}. */
    static ClosePolicy standard() {
        return ClosePolicies.standard();
    }

    /** The table of the origin, to the letter: {@link ClosePolicies#origin()}. */
    static ClosePolicy origin() {
        return ClosePolicies.origin();
    }

    /** This policy, but a clean 1000 from the peer leaves the place vacant. */
    default ClosePolicy leaveOn1000() {
        return cause ->
                cause.kind() == CloseCause.Kind.PEER_CLOSE && cause.code() == 1000 ? CloseAction.LEAVE : onClose(cause);
    }
}
