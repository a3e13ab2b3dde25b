package io.wspool.api;

import java.time.Duration;

/**
 * What is measured of each message's way, beside the round trips of pings, which always are.
 * <p>When on, a sender on another thread than the channel's loop reads the clock once a message, and the loop reads it once more a
 * write; everything else uses the reading that each turn of a loop makes anyway.
 *
 * @param on whether {@link LatencyStage#QUEUE_WAIT} and {@link LatencyStage#WRITE} are recorded
 * @param openRequests so many sends with a token may await {@link PooledChannel#replied} on a channel, the oldest is forgotten for
 *     one more; 0: no send is a request, {@link LatencyStage#APPLICATION} is not recorded
 * @param expectedInterval how far apart requests were meant to be; a reply that took longer has held back others, and what these would
 *     have waited is added to what is read of {@link LatencyStage#APPLICATION}; 0: no correction
 * @param logEvery so often a line per stage goes to the log ({@code io.wspool.latency}, level INFO); 0: never
 */
public record LatencySettings(boolean on, int openRequests, Duration expectedInterval, Duration logEvery) {
    /** Nothing but pongs. */
    public static final LatencySettings OFF = new LatencySettings(false, 0, Duration.ZERO, Duration.ZERO);

    /** Queue wait and write. */
    public static final LatencySettings ON = new LatencySettings(true, 0, Duration.ZERO, Duration.ZERO);

    /** The largest {@link #openRequests}: about 2.6 MB a channel. */
    public static final int MOST_OPEN_REQUESTS = 65_536;

    private static final Duration LEAST_LOG = Duration.ofMillis(100);

    /** Refuses what cannot work. */
    public LatencySettings {
        Check.within("latency.openRequests", openRequests, 0, MOST_OPEN_REQUESTS);
        Check.require(on || openRequests == 0, "latency.openRequests", openRequests, "0 where latency.on=false");
        Check.notNegative("latency.expectedInterval", expectedInterval);
        Check.require(
                expectedInterval.isZero() || openRequests > 0,
                "latency.expectedInterval",
                expectedInterval,
                "PT0S where latency.openRequests=0");
        Check.notNegative("latency.logEvery", logEvery);
        Check.require(
                logEvery.isZero() || logEvery.compareTo(LEAST_LOG) >= 0,
                "latency.logEvery",
                logEvery,
                "PT0S or >= " + LEAST_LOG);
    }

    /** On, and each send with a token is a request; so many may be open on a channel. */
    public LatencySettings withRequests(int mostOpen) {
        return new LatencySettings(true, mostOpen, expectedInterval, logEvery);
    }

    /** Corrects for coordinated omission: requests were meant to be so far apart. */
    public LatencySettings withExpectedInterval(Duration interval) {
        return new LatencySettings(on, openRequests, interval, logEvery);
    }

    /** A line per stage in the log so often. */
    public LatencySettings withLogEvery(Duration period) {
        return new LatencySettings(on, openRequests, expectedInterval, period);
    }
}
