package io.wspool.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One channel at one moment: what its loop published last.
 *
 * @param id unique within the pool
 * @param name pool and place
 * @param slot the place
 * @param state where its life stands
 * @param standing what dispatch thinks of it
 * @param cause why it closed, or null
 * @param openFor how long it has been, or was, open
 * @param idleFor since the last application data in either direction
 * @param costNanos expected wait until the peer has read an empty message
 * @param srttNanos smoothed round trip (RFC 6298)
 * @param rttvarNanos its variation
 * @param rtt percentiles of this life
 * @param waitingMessages accepted and not encoded
 * @param waitingBytes their payload
 * @param inflightBytes encoded and unconfirmed payload
 * @param misses heartbeats missed in a row
 * @param pingDeaf whether the endpoint ignores pings
 * @param evidence whether a pong has matched in this life
 * @param pinned whether recycling leaves it alone
 * @param receivedMessages data messages received
 * @param receivedBytes their payload
 * @param unmatchedPongs pongs that answered no ping of ours
 * @param listenerErrors what listeners of the whole pool threw
 * @param account what became of its messages
 */
public record ChannelSnapshot(
        long id,
        String name,
        int slot,
        ChannelState state,
        Standing standing,
        @Nullable CloseCause cause,
        Duration openFor,
        Duration idleFor,
        long costNanos,
        long srttNanos,
        long rttvarNanos,
        RttFigures rtt,
        long waitingMessages,
        long waitingBytes,
        long inflightBytes,
        int misses,
        boolean pingDeaf,
        boolean evidence,
        boolean pinned,
        long receivedMessages,
        long receivedBytes,
        long unmatchedPongs,
        long listenerErrors,
        Account account) {}
