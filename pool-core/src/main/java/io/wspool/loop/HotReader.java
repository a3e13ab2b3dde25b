package io.wspool.loop;

/** Somebody who reads a socket that is worth asking before the selector is. */
public interface HotReader {
    /**
     * Reads once and hands on what came, after {@link Loop#received}. Loop only; does not throw.
     *
     * @return how many bytes; 0 if there were none; -1 if there will never be any
     */
    int readHot();

    /** Whether the selector is to tell when there is something to read; it does until it need not. */
    void selectable(boolean whether);
}
