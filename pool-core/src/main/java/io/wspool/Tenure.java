package io.wspool;

import io.wspool.channel.WebSocketChannel;
import io.wspool.health.Staleness;

/** One channel's time as the live one of its place. Home loop only; {@link #channel} from any thread. */
final class Tenure {
    /** No moment of any clock: there are thousands of these, and a flag of its own would cost eight bytes each. */
    private static final long NOT_SUSPECT = Long.MIN_VALUE;

    private final WebSocketChannel channel;
    private final long lifetimeNanos;
    private long suspectSince = NOT_SUSPECT;

    /**
     * Begins.
     *
     * @param lifetimeNanos after which it is replaced; 0 is never
     */
    Tenure(WebSocketChannel channel, long lifetimeNanos) {
        this.channel = channel;
        this.lifetimeNanos = lifetimeNanos;
    }

    WebSocketChannel channel() {
        return channel;
    }

    long lifetimeNanos() {
        return lifetimeNanos;
    }

    /** It is suspect now, or is not; false if that is known. */
    boolean becomes(boolean suspectNow, long nowNanos) {
        if (suspectNow == isSuspect()) {
            return false;
        }
        suspectSince = suspectNow ? nowNanos : NOT_SUSPECT;
        return true;
    }

    private boolean isSuspect() {
        return suspectSince != NOT_SUSPECT;
    }

    Staleness.Candidate candidate(int slot, long nowNanos) {
        return new Staleness.Candidate(
                slot,
                nowNanos - channel.load().usefulAtNanos(),
                nowNanos - channel.load().openedAtNanos(),
                lifetimeNanos,
                isSuspect(),
                isSuspect() ? nowNanos - suspectSince : 0,
                channel.pinned());
    }
}
