package io.wspool.api;

import org.jspecify.annotations.Nullable;

/**
 * Why a channel closed, or why a dial failed.
 *
 * @param kind who began and how
 * @param code the code of the Close frame (RFC 6455 §7.4), or 1006 where none was received
 * @param reason the peer's or our reason, non-printables escaped, at most 123 bytes before escaping
 * @param clean whether both Close frames were seen
 * @param detail what happened, measured against allowed, for a person; never holds secrets
 * @param error the exception behind it, or null
 */
public record CloseCause(
        Kind kind,
        int code,
        String reason,
        boolean clean,
        String detail,
        @Nullable Throwable error) {
    /** No Close frame was received (RFC 6455 §7.1.5). */
    public static final int ABNORMAL = 1006;

    /** Who began the close and how. */
    public enum Kind {
        /** The peer sent Close first. */
        PEER_CLOSE,
        /** {@code close} was called on this side. */
        LOCAL_CLOSE,
        /** Replaced by a younger channel. */
        RECYCLED,
        /** The last allowed heartbeat was missed. */
        HEARTBEAT_TIMEOUT,
        /** The peer broke RFC 6455, or a limit of ours. */
        PROTOCOL_ERROR,
        /** The transport failed: reset, TLS alert, time-out of the kernel. */
        TRANSPORT_ERROR,
        /** The peer ended the stream without a Close frame. */
        END_OF_STREAM,
        /** No connection: name, TCP, TLS or a deadline. */
        CONNECT_FAILED,
        /** The server answered the upgrade with something else than a valid 101. */
        UPGRADE_REFUSED,
        /** {@code ready()} was not called in time after the channel opened. */
        NOT_READY,
        /** The caller's own thread stopped polling and the sockets were shut from outside. */
        OWNER_ABSENT
    }

    /** Checks. */
    public CloseCause {
        Check.notNull("kind", kind);
        Check.notNull("reason", reason);
        Check.notNull("detail", detail);
    }

    /** No Close frame was received, so {@link #ABNORMAL}. */
    public static CloseCause abnormal(Kind kind, String detail, @Nullable Throwable error) {
        return new CloseCause(kind, ABNORMAL, "", false, detail, error);
    }

    /** The upgrade's refusal, where that is the cause, else null. */
    public @Nullable UpgradeRefusal refusal() {
        return error instanceof UpgradeRefusedException refused ? refused.refusal() : null;
    }

    /** The same cause with the knowledge that both Close frames were seen, or were not. */
    public CloseCause withClean(boolean seen) {
        return seen == clean ? this : new CloseCause(kind, code, reason, seen, detail, error);
    }

    @Override
    public String toString() {
        return kind + " " + code + (reason.isEmpty() ? "" : " \"" + reason + "\"") + (clean ? " clean" : " unclean")
                + (detail.isEmpty() ? "" : ": " + detail);
    }
}
