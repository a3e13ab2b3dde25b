package io.wspool.api;

/** Who drives the event loops. */
public enum LoopMode {
    /** The pool's own threads, which sleep while there is nothing to do. */
    SLEEPING,
    /** The caller's thread, by {@code poll()}: no hand-off, no other thread, one loop. */
    CALLER_POLLED
}
