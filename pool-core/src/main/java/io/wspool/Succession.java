package io.wspool;

import io.wspool.api.ChannelSnapshot;
import io.wspool.channel.WebSocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One recycling of a place: which channel is replaced by which, and how long both were open, or neither. Told when the old one is
 * closed and the new one is ready, whichever comes last. Home loop only.
 */
final class Succession {
    private final Supervisor supervisor;
    private @Nullable WebSocketChannel old;
    private @Nullable WebSocketChannel successor;
    private boolean oldIsClosed;
    private long oldClosedAt;
    private long readyAt;

    Succession(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    /** Whether one is under way. */
    boolean isOn() {
        return old != null;
    }

    /** The old channel leaves. */
    void retires(WebSocketChannel channel) {
        old = channel;
        successor = null;
        oldIsClosed = false;
    }

    /** A channel of the place is ready. */
    void ready(WebSocketChannel channel) {
        if (old != null && successor == null) { // a later one succeeds the successor
            successor = channel;
            readyAt = supervisor.now();
            tellIfDone();
        }
    }

    /** A channel of the place is closed. */
    void closed(WebSocketChannel channel) {
        if (channel == old) {
            oldIsClosed = true;
            oldClosedAt = supervisor.now();
            tellIfDone();
        }
    }

    private void tellIfDone() {
        WebSocketChannel before = old;
        WebSocketChannel after = successor;
        if (before == null || after == null || !oldIsClosed) {
            return;
        }
        old = null;
        ChannelSnapshot left = before.snapshot();
        ChannelSnapshot came = after.snapshot();
        Duration overlap = Duration.ofNanos(oldClosedAt - readyAt);
        supervisor.lives().recycled();
        supervisor.user().event(listener -> listener.onRecycled(left, came, overlap));
    }
}
