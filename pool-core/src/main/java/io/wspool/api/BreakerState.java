package io.wspool.api;

/** The circuit breaker of an endpoint (scheme, host, port). */
public enum BreakerState {
    /** Dials are allowed. */
    CLOSED,
    /** A place failed too often in a row: no dials for a while. */
    OPEN,
    /** One dial is on trial; its stable life closes the breaker, its failure opens it again. */
    HALF_OPEN
}
