package io.wspool.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a pool ended.
 *
 * @param end whether it ended by itself, or was left to a thread that does not poll
 * @param took from the call to the end
 * @param account what became of every message; nothing is open where the end is {@link End#COMPLETE}
 * @param cleanChannels channels, since the pool's start, whose closing handshake was completed
 * @param cutChannels channels, since the pool's start, that were cut at a deadline or had failed
 * @param owner where the end did not come in time, the threads that it waits for: the caller's that owns the loop, or those of
 *     loops, one of which did not come back from a callback; else null
 */
public record CloseResult(
        End end,
        Duration took,
        Account account,
        int cleanChannels,
        int cutChannels,
        @Nullable String owner) {
    /** How it ended. */
    public enum End {
        /**
         * The end has begun and is not waited for: called on a loop of the pool, or interrupted, or a thread of the pool did not come
         * back from a callback in time. {@code closed()} tells when it is over.
         */
        STARTED,
        /** Everything is closed and told. */
        COMPLETE,
        /** The sockets are shut; the outcomes of open messages are told at the owner's next {@code poll}. */
        OWNER_ABSENT
    }
}
