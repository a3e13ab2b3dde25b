package io.wspool.api;

import org.jspecify.annotations.Nullable;

/**
 * One connection of a pool, for one life: after a reconnect the place holds another one.
 * <p>What is sent here is <em>bound</em>: it is never moved to another channel; it waits while the channel is suspect and
 * ends as {@link Outcome#NOT_SENT} if the channel ends first. All methods may be called from any thread.
 */
public interface PooledChannel extends Sender {
    /** Unique within the pool, counting up from 1. */
    long id();

    /** {@code pool/place}, for example {@code feed/2}; together with {@link #id()} it names a life. */
    String name();

    /** The place, 0 to N - 1. */
    int slot();

    /** Where this life stands. */
    ChannelState state();

    /** What dispatch thinks of it. Meaningful while {@link ChannelState#OPEN}. */
    Standing standing();

    /** Why it closed, or null while it has not begun to. */
    @Nullable
    CloseCause closeCause();

    /** The subprotocol that the server chose, or null. */
    @Nullable
    String subprotocol();

    /**
     * Says that the login is done and others may use this channel. Only for pools with {@code manualReady(true)};
     * elsewhere, and when called again, without effect.
     */
    void ready();

    /** A pinned channel is never recycled: by age or suspicion an event is raised instead, by request another one is taken. */
    void pinned(boolean pinned);

    /** Whether it is pinned. */
    boolean pinned();

    /**
     * Starts the closing handshake after what waits has been written; returns at once. The place is refilled as after any
     * close by this side.
     *
     * @param code 1000, 1001, 1002, 1003, 1007 to 1014, or 3000 to 4999
     * @param reason at most 123 bytes of UTF-8
     * @throws IllegalArgumentException if the code may not be sent or the reason is too long
     */
    void close(int code, String reason);

    /**
     * Says that the reply to the request with this token has come: its round trip is recorded as {@link LatencyStage#APPLICATION}, from
     * its {@code send} to now. Called on the channel's loop, mostly in {@link MessageListener#onMessage}, on the channel that the
     * request was sent on. No allocation.
     *
     * @return whether such a request was open here; false, too, where {@link LatencySettings#openRequests} is 0
     * @throws IllegalStateException on another thread than the one that drives the channel's loop, where requests are measured
     */
    boolean replied(long token);

    /** Latencies of this life, stage by stage, to two digits. Any thread; also after the end. */
    Latency latency();

    /** Round trips of this life, as HdrHistogram's percentile distribution in microseconds. Allocates. */
    String rttHgrm();

    /** Figures of this moment. Allocates; not for the hot path. */
    ChannelSnapshot snapshot();
}
