package io.wspool.api;

/** The parts of a message's way that are measured, each in a histogram of its own. */
public enum LatencyStage {
    /**
     * From {@code send} on a thread that is not the channel's loop until the loop has taken the message over. What the loop's own thread
     * sends waits for nobody and is not counted. Needs {@link LatencySettings#on}.
     */
    QUEUE_WAIT,
    /**
     * From where {@link #QUEUE_WAIT} ends, or from the turn in which the loop's own thread has sent it, until the kernel has taken the
     * message's last byte: encoding, waiting for a suspect channel or a full socket, TLS, the system call. Needs
     * {@link LatencySettings#on}.
     */
    WRITE,
    /** From the moment the kernel took a ping to its pong, less pauses of this process. Always measured. */
    PONG,
    /**
     * From {@code send(message, token)} until {@link PooledChannel#replied} is called with that token on the same channel. Needs
     * {@link LatencySettings#withRequests}.
     */
    APPLICATION
}
