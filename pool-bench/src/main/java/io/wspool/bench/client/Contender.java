package io.wspool.bench.client;

/** One library with its connections. */
interface Contender extends AutoCloseable {
    /** The library's version. */
    String version();

    /** What was set beyond the library's defaults, and on which thread its caller runs. */
    String note();

    /** Opens all connections and waits for them. */
    void connect(Receiver receiver) throws Exception;

    /** What one sending thread sends with; it may own a buffer. */
    Outbox newOutbox();

    /** Threads of the library's that each connection takes for itself. */
    default int threadsEach() {
        return 0;
    }

    /** Falls quiet until {@link #resume}: another contender has its round. */
    default void rest() {}

    /** Before a round. */
    default void resume() {}

    @Override
    void close();

    /** One thread's way out. */
    interface Outbox {
        /**
         * Sends one binary message: the sequence, then zeros. Waits where the library wants its caller to.
         *
         * @param more others on this connection follow at once, so that a library that can may write them together
         */
        void send(int connection, long sequence, boolean more);

        /** Sends a text, work {@code fanin}. */
        default void sendText(int connection, String text) {
            throw new UnsupportedOperationException("this contender sends no text");
        }
    }
}
