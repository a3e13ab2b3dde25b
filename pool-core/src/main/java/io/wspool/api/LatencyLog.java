package io.wspool.api;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file in HdrHistogram's log format ({@code .hlog}), which its tools read. It grows by {@link #append}, as often as the user likes.
 * One thread at a time; not a loop's, since it writes.
 */
public interface LatencyLog extends Closeable {
    /**
     * Writes one line per stage with what was recorded since the last call, or since the log was begun. The stage's name is the line's
     * tag, values are nanoseconds. A stage for which nothing was recorded gets no line. Flushes.
     *
     * @throws IOException if what is written to takes no more
     */
    void append() throws IOException;

    /** Closes what is written to, without a last line. */
    @Override
    void close() throws IOException;
}
