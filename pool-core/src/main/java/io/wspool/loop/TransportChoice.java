package io.wspool.loop;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.uring.IoUring;
import io.wspool.api.TransportKind;
import java.io.FileNotFoundException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides which sockets a pool gets, and says why. Classes and libraries of the native ones may be missing, in any combination.
 *
 * @param transport made for one pool
 * @param reason for the line that is logged at start
 */
public record TransportChoice(SocketTransport transport, String reason) {
    /** Deep enough for any error that Netty wraps around the loader's. */
    private static final int MOST_CAUSES = 16;

    /**
     * Chooses.
     *
     * @throws IllegalStateException if what was asked for is not available; one sentence with the setting, its value and the cause
     */
    public static TransportChoice of(TransportKind kind) {
        if (kind == TransportKind.AUTO) {
            return automatic();
        }
        Throwable missing = missing(kind);
        if (missing != null) {
            throw new IllegalStateException(
                    "transport=" + kind + " is not available on this machine: " + cause(kind, missing), missing);
        }
        return new TransportChoice(make(kind), "asked for");
    }

    private static TransportChoice automatic() {
        Throwable epoll = missing(TransportKind.EPOLL);
        if (epoll == null) {
            return new TransportChoice(make(TransportKind.EPOLL), "native library found");
        }
        Throwable kqueue = missing(TransportKind.KQUEUE);
        if (kqueue == null) {
            return new TransportChoice(make(TransportKind.KQUEUE), "native library found");
        }
        boolean mac = System.getProperty("os.name", "").startsWith("Mac");
        return new TransportChoice(
                make(TransportKind.NIO),
                mac
                        ? "no kqueue: " + cause(TransportKind.KQUEUE, kqueue)
                        : "no epoll: " + cause(TransportKind.EPOLL, epoll));
    }

    private static SocketTransport make(TransportKind kind) {
        return switch (kind) {
            case AUTO, NIO -> new NioTransport();
            case EPOLL -> new EpollTransport();
            case IO_URING -> new IoUringTransport();
            case KQUEUE -> new KqueueTransport();
        };
    }

    /** Why a kind is not available, null if it is. */
    public static @Nullable Throwable missing(TransportKind kind) {
        try {
            return switch (kind) {
                case AUTO, NIO -> null;
                case EPOLL -> Epoll.unavailabilityCause();
                case IO_URING -> IoUring.unavailabilityCause();
                case KQUEUE -> KQueue.unavailabilityCause();
            };
        } catch (LinkageError e) {
            return e; // Netty's classes for it are not on the class path
        }
    }

    /** The artifact that is missing, else the loader's or the kernel's own words, in one line. */
    static String cause(TransportKind kind, Throwable missing) {
        Throwable last = missing;
        for (int depth = 0; last.getCause() != null && depth < MOST_CAUSES; depth++) {
            last = last.getCause();
        }
        if (last instanceof FileNotFoundException || last instanceof ClassNotFoundException) {
            return "netty-transport-native-" + kind.name().toLowerCase(Locale.ROOT)
                    + " is not on the class path, or not for this platform";
        }
        String said = last.getMessage();
        String line = said == null ? "" : said.lines().findFirst().orElse("");
        return last.getClass().getSimpleName() + (line.isEmpty() ? "" : ": " + line);
    }
}
