package io.wspool.api;

/** What one of the pool's N places is doing. */
public enum SlotState {
    /** No connection and none wanted: before the start, after the end, or left so by the close policy. */
    VACANT,
    /** A connection is being made, or waits for its turn to be made. */
    DIALLING,
    /** One open channel. */
    LIVE,
    /** The old channel lives on while its successor is dialled. */
    REPLACING,
    /** Waiting for the next attempt. */
    BACKING_OFF,
    /** Given up until {@code resume()}: the peer refused in a way that trying again cannot mend. */
    HALTED
}
