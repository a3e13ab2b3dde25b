package io.wspool.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Rare events, never one per message. Called on the loop of the channel concerned, else on the pool's home loop: calls for
 * one channel come in order, each once; calls for two may overlap. Return within microseconds. What a listener throws is
 * counted, logged, and changes nothing.
 */
public interface PoolListener {
    /** A channel changed its state. {@code cause} is null only for the step to OPEN. */
    default void onState(ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {}

    /** Dispatch thinks differently of an open channel. */
    default void onStanding(ChannelSnapshot channel, Standing from, Standing to) {}

    /** A heartbeat was missed: {@code miss} of {@code allowed}. */
    default void onHeartbeatMiss(ChannelSnapshot channel, int miss, int allowed) {}

    /** The endpoint lets pings pass unanswered while data comes: it is watched and routed without evidence. Once a life. */
    default void onPingDeaf(ChannelSnapshot channel) {}

    /**
     * A place will be dialled again.
     *
     * @param slot the place
     * @param attempt failures in a row so far, 0 after a stable life
     * @param cause why the last life ended or the last dial failed
     * @param delay until the attempt asks for its turn
     */
    default void onRetry(int slot, int attempt, CloseCause cause, Duration delay) {}

    /** A place was given up until {@code resume()}. */
    default void onHalted(int slot, CloseCause cause) {}

    /** A channel was replaced before, or for want of connections after, it closed; {@code overlap} is negative for a gap. */
    default void onRecycled(ChannelSnapshot old, ChannelSnapshot successor, Duration overlap) {}

    /** A pinned channel was due to be recycled and was left alone. Once a life. */
    default void onRecycleSkipped(ChannelSnapshot channel) {}

    /** The endpoint's breaker moved. */
    default void onBreaker(BreakerState from, BreakerState to) {}

    /** The pool as a whole changed. */
    default void onPoolState(PoolState from, PoolState to) {}

    /** More than half of the live channels are suspect and all are used; or that has ended. */
    default void onPanic(boolean panic) {}

    /** Nothing is live: sends answer {@link SendResult#NO_LIVE_CHANNEL}. Once an outage; its end is {@link #onPoolState}. */
    default void onOutage() {}

    /** A key is served by another place than before. Found out, and told, when somebody asks for the key's channel. */
    default void onAffinityMove(long key, int fromSlot, int toSlot) {}

    /**
     * The loop was not served for {@code gap}, the heartbeat's timeout at least: nothing of it is held against peers. While messages are
     * unconfirmed a late tick notices it, and up to 100 ms of it may go unnoticed.
     */
    default void onLocalPause(Duration gap) {}
}
