package io.wspool.api;

/**
 * What became of messages, of one channel or of the whole pool. Always {@code accepted + movedIn = queued + inflight + confirmed
 * + unknown + notSent + movedOut}; for the pool both moves cancel out. {@code queued} and {@code inflight} are differences.
 *
 * @param accepted taken from the user
 * @param written their first byte was encoded, and is not known to have stayed here
 * @param confirmed the peer's endpoint has read them
 * @param unknown their channel ended without saying
 * @param notSent surely not on any wire
 * @param movedIn came from another channel, unwritten
 * @param movedOut went to another channel, unwritten
 */
public record Account(
        long accepted, long written, long confirmed, long unknown, long notSent, long movedIn, long movedOut) {
    /** Nothing yet. */
    public static final Account EMPTY = new Account(0, 0, 0, 0, 0, 0, 0);

    /** Accepted and not yet encoded. */
    public long queued() {
        return accepted + movedIn - movedOut - written - notSent;
    }

    /** Encoded and neither confirmed nor ended: what would be unknown if the channels died now. */
    public long inflight() {
        return written - confirmed - unknown;
    }

    /** Messages whose end is still to come. */
    public long open() {
        return queued() + inflight();
    }
}
