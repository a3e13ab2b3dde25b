package io.wspool.channel;

import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.SendResult;
import io.wspool.api.Standing;
import io.wspool.loop.QueuedMessage;
import org.jspecify.annotations.Nullable;

/**
 * What a channel tells its place: the one arrow upwards. On the channel's loop, at the end of a turn; only {@link #panic} is asked at any
 * time.
 */
public interface ChannelOwner {
    /** The channel has stepped; at {@code CLOSED} its descriptor is gone and every outcome is told. */
    void onState(WebSocketChannel channel, ChannelState from, ChannelState to, @Nullable CloseCause cause);

    /** Dispatch thinks differently of it. */
    void onStanding(WebSocketChannel channel, Standing from, Standing to);

    /** The user says that it may be used by others; without {@code manualReady} right after its open. */
    void onReady(WebSocketChannel channel);

    /** Whether suspicion excludes nobody, because too many are suspect or nobody else is there. Reads one word of each live channel. */
    boolean panic();

    /** Picks another channel for a waiting message. On {@code ACCEPTED} the message is gone from {@code from}. */
    SendResult move(QueuedMessage message, WebSocketChannel from);

    /** It ended while a refused sender was still to hear of room. */
    void owesWritable();
}
