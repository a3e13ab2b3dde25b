package io.wspool.api;

import java.time.Duration;
import java.util.List;

/**
 * The pool at one moment.
 *
 * @param name its name
 * @param state the whole
 * @param breaker of its endpoint
 * @param panic whether more than half of the live channels are suspect, so that all are used
 * @param evidence whether dispatch has measured costs; without, it uses the least loaded channel in turn
 * @param account what became of all messages; adds up exactly
 * @param rtt round trips of all channels since the start
 * @param quality how well connections have lived
 * @param slots all places
 * @param connections sockets that exist or are being made
 * @param recycled channels replaced by younger ones
 * @param listenerErrors what listeners threw
 */
public record PoolSnapshot(
        String name,
        PoolState state,
        BreakerState breaker,
        boolean panic,
        boolean evidence,
        Account account,
        RttFigures rtt,
        Quality quality,
        List<SlotSnapshot> slots,
        int connections,
        long recycled,
        long listenerErrors) {
    /**
     * How well connections have lived.
     *
     * @param connections lives that reached open
     * @param meanDuration how long ended lives were open
     * @param dropped lives that ended unclean
     * @param meanRttNanos average round trip
     * @param reconnects lives after the first of their place
     */
    public record Quality(
            long connections, Duration meanDuration, long dropped, double meanRttNanos, long reconnects) {}

    /** Copies. */
    public PoolSnapshot {
        slots = List.copyOf(slots);
    }
}
