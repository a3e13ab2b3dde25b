package io.wspool;

import io.wspool.channel.WebSocketChannel;
import io.wspool.health.Staleness;

/** One channel's time as the live one of its place. Home loop only; {@link #channel} from any thread. */
final class Tenure {
    private final WebSocketChannel channel;
    private final long lifetimeNanos;
    private boolean suspect;
    private long suspectSince;
    private boolean skipTold;

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
        if (suspect == suspectNow) {
            return false;
        }
        suspect = suspectNow;
        suspectSince = nowNanos;
        return true;
    }

    /** That it was due and left alone is told once: true the first time. */
    boolean takeSkip() {
        boolean first = !skipTold;
        skipTold = true;
        return first;
    }

    Staleness.Candidate candidate(int slot, long nowNanos) {
        return new Staleness.Candidate(
                slot,
                nowNanos - channel.load().usefulAtNanos(),
                nowNanos - channel.load().openedAtNanos(),
                lifetimeNanos,
                suspect,
                suspect ? nowNanos - suspectSince : 0,
                channel.pinned());
    }
}
