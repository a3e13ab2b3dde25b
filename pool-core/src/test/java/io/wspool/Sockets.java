package io.wspool;

import io.wspool.api.LoopMode;
import io.wspool.loop.Environment;
import io.wspool.loop.SocketTransport;
import io.wspool.loop.SystemEnvironment;

/** Both kinds of sockets, each to be tested by name. */
enum Sockets {
    NIO,
    EPOLL;

    /** The system's environment for a pool of that name, with these sockets. */
    Environment environment(String pool, LoopMode mode) {
        SocketTransport transport = this == NIO ? SocketTransport.nio() : SocketTransport.epoll();
        return new SystemEnvironment(pool, mode, transport, null);
    }
}
