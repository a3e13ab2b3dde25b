package io.wspool;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.wspool.api.LoopMode;
import io.wspool.api.TransportKind;
import io.wspool.loop.Environment;
import io.wspool.loop.SystemEnvironment;
import io.wspool.loop.TransportChoice;
import java.util.Arrays;
import java.util.List;

/** Every kind of sockets that a Linux machine has, each to be tested by name. */
enum Sockets {
    NIO(TransportKind.NIO),
    EPOLL(TransportKind.EPOLL),
    IO_URING(TransportKind.IO_URING);

    private final TransportKind kind;

    Sockets(TransportKind kind) {
        this.kind = kind;
    }

    /** Those of this machine. */
    static List<Sockets> available() {
        return Arrays.stream(values())
                .filter(sockets -> TransportChoice.missing(sockets.kind) == null)
                .toList();
    }

    /** What a builder's {@code transport} says. */
    TransportKind kind() {
        return kind;
    }

    /** The system's environment for a pool of that name, with these sockets; ends the test where the kernel refuses io_uring. */
    Environment environment(String pool, LoopMode mode) {
        if (this == IO_URING) {
            assumeThat(TransportChoice.missing(kind))
                    .as("why there is no io_uring")
                    .isNull();
        }
        return new SystemEnvironment(pool, mode, TransportChoice.of(kind).transport(), null);
    }
}
