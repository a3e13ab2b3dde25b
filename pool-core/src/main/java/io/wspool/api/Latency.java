package io.wspool.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Latencies of a pool, all channels past and present, or of one life of a channel. They are recorded by the loops and may be read by
 * any thread at any time, also after the end; the reader pays, never the sender.
 * <p>With {@link LatencySettings#expectedInterval} everything that is read of {@link LatencyStage#APPLICATION} is corrected for
 * coordinated omission; what is recorded stays as it was measured.
 */
public interface Latency {
    /** Everything so far. Allocates. */
    LatencyFigures figures(LatencyStage stage);

    /** Everything so far as HdrHistogram's percentile distribution ({@code .hgrm}), in microseconds. Allocates. */
    String hgrm(LatencyStage stage);

    /** A reader of intervals whose first one begins now. */
    LatencyReader newReader();

    /** Begins a log on a stream, which the log closes. Writes the head of the log at once. */
    LatencyLog hlog(OutputStream to);

    /**
     * Begins a log in a file; one that is there is replaced.
     *
     * @throws IOException if the file cannot be made
     */
    LatencyLog hlog(Path file) throws IOException;

    /** Requests that await their reply, as of the end of each loop's last turn. */
    long openRequests();

    /**
     * Requests that will not be measured any more: pushed out as the oldest by {@link LatencySettings#openRequests}, replaced by one
     * with the same token, or open when their channel ended.
     */
    long forgottenRequests();

    /** Calls of {@link PooledChannel#replied} for which no request was open. */
    long unknownReplies();
}
