package io.wspool.loop;

import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a host name into addresses, never on a loop. */
public interface NameResolver extends AutoCloseable {
    /**
     * Looks a name up. Exactly one of the callback's arguments is null; it may run on any thread.
     *
     * @param host a name or an IP literal without brackets
     * @param port goes into the addresses
     */
    void resolve(String host, int port, Callback callback);

    /** Ends it; running look-ups may finish unheard. */
    @Override
    void close();

    /** Hears the result. */
    @FunctionalInterface
    interface Callback {
        /** One call per look-up: addresses, in the order to try them, or the failure. */
        void resolved(@Nullable List<? extends SocketAddress> addresses, @Nullable Throwable failure);
    }
}
