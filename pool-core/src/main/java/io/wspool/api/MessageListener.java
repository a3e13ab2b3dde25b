package io.wspool.api;

/** Receives every message of every channel, in order per channel. */
@FunctionalInterface
public interface MessageListener {
    /**
     * Called on the channel's loop, which serves nothing else until it returns: return within microseconds. Sends
     * from here are written at the end of the loop's turn. What it throws is counted and logged and breaks only its
     * own call.
     *
     * @param channel where the message came from; answers sent on it stay on it
     * @param message borrowed, valid during this call only
     */
    void onMessage(PooledChannel channel, Message message);
}
