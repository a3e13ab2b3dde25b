package io.wspool;

import io.wspool.api.ChannelSnapshot;
import io.wspool.channel.WebSocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One recycling of a place: which channel is replaced by which, and how long both were open, or neither. Told when the old one is
 * closed and the new one is ready, whichever comes last; then it is over. Home loop only.
 */
final class Succession {
    private final Supervisor supervisor;
    private final WebSocketChannel old;
    private @Nullable WebSocketChannel successor;
    private boolean oldIsClosed;
    private long oldClosedAt;
    private long readyAt;

    /** {@code old} leaves. */
    Succession(Supervisor supervisor, WebSocketChannel old) {
        this.supervisor = supervisor;
        this.old = old;
    }

    /** A channel of the place is ready; whether this is over. */
    boolean ready(WebSocketChannel channel) {
        if (successor == null) { // a later one succeeds the successor
            successor = channel;
            readyAt = supervisor.now();
        }
        return tellIfDone();
    }

    /** A channel of the place is closed; whether this is over. */
    boolean closed(WebSocketChannel channel) {
        if (channel == old) {
            oldIsClosed = true;
            oldClosedAt = supervisor.now();
        }
        return tellIfDone();
    }

    private boolean tellIfDone() {
        WebSocketChannel after = successor;
        if (after == null || !oldIsClosed) {
            return false;
        }
        ChannelSnapshot left = old.snapshot();
        ChannelSnapshot came = after.snapshot();
        Duration overlap = Duration.ofNanos(oldClosedAt - readyAt);
        supervisor.lives().recycled();
        supervisor.user().event(listener -> listener.onRecycled(left, came, overlap));
        return true;
    }
}
