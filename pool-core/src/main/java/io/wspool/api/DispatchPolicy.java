package io.wspool.api;

/** How the pool chooses a channel for a message that is not bound to one. */
public enum DispatchPolicy {
    /** The lowest measured cost: expected nanoseconds until the peer has read the message. */
    HEALTHIEST,
    /** Each eligible channel in turn. */
    ROUND_ROBIN
}
