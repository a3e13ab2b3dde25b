package io.wspool.bench.client;

/** What a client does in a round. One thread calls it. */
interface Work extends AutoCloseable {
    /** Connects. */
    void open() throws Exception;

    /** The library's version. */
    String version();

    /** What a reader of the figures should know. */
    String note();

    /** Whether {@link #round} may be called to warm up, and its figures thrown away. */
    default boolean warmsUp() {
        return true;
    }

    /** One round of about so long. */
    RoundResult round(long millis) throws Exception;

    @Override
    void close();
}
