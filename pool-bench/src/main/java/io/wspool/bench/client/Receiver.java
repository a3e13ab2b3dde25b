package io.wspool.bench.client;

/** Hears what comes back. A connection's calls come one after another, in order, on whichever thread its library chooses. */
interface Receiver {
    /**
     * A whole binary message.
     *
     * @param sequence its first eight bytes
     * @param bytes its whole length
     */
    void onMessage(int connection, long sequence, int bytes);

    /** A text message. */
    void onText(int connection);

    /** The library says that the connection does not answer, and still holds on to it. Ours alone does. */
    default void onSuspicion(int connection) {}

    /** The connection is over, or its library says that it is in trouble. May come more than once. */
    void onEnd(int connection, String why);
}
