package io.wspool.api;

/** Who drives the event loops. */
public enum LoopMode {
    /** The pool's own threads, which sleep while there is nothing to do. */
    SLEEPING,
    /**
     * The pool's own threads, which never sleep: each keeps a core busy, and answers sooner by the time that waking up takes. For a
     * machine with a core to spare for each loop; a {@code ThreadFactory} of yours can bind its threads to them.
     */
    SPINNING,
    /**
     * The caller's thread, by {@code poll()}: one loop, and no hand-off for what that thread sends. Names are still resolved, and
     * the long computations of TLS made, on daemon threads of the pool.
     * <p>Free of garbage if that thread is a {@link io.netty.util.concurrent.FastThreadLocalThread}: on others Netty recycles
     * nothing, which with {@code wss} or io_uring costs some hundred bytes per message.
     */
    CALLER_POLLED
}
