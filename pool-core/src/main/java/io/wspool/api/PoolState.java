package io.wspool.api;

/** The pool as a whole: the first of these, in this order, that holds. */
public enum PoolState {
    /** Ended; nothing is left. */
    CLOSED,
    /** {@code close()} was called; channels drain. */
    CLOSING,
    /** The endpoint's breaker is not closed: it has failed too often in a row. */
    DEGRADED,
    /** No channel has been live yet, or none is live now. */
    STARTING,
    /** Some places are live. */
    PARTIAL,
    /** Every place is live. */
    FULL
}
