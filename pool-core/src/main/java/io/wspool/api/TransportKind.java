package io.wspool.api;

/**
 * Which sockets of the operating system a pool uses. The native ones need their library on the class path; see README for the
 * artifacts. What is asked for by name and is not available fails at start; nothing else is taken in its place.
 */
public enum TransportKind {
    /**
     * {@link #EPOLL} on Linux, {@link #KQUEUE} on macOS, where their native library is on the class path; else {@link #NIO}. Never
     * {@link #IO_URING}: its writes wait for the loop's next turn, many kernels and containers forbid it, and for a few busy
     * sockets it is not faster.
     */
    AUTO,
    /** The JDK's sockets: everywhere. */
    NIO,
    /** Linux's epoll. */
    EPOLL,
    /**
     * Linux's io_uring. All of the loop's reads and writes go into the kernel together, once a turn: for many channels with little
     * traffic each. A message leaves with the turn that follows its send, so in mode {@code CALLER_POLLED} what the owner
     * sends outside a callback leaves at its next {@code poll}; there is no I/O past Netty's pipeline.
     */
    IO_URING,
    /** BSD's kqueue, on macOS. Compiled, but not run by the tests of this project, which has no such machine. */
    KQUEUE
}
