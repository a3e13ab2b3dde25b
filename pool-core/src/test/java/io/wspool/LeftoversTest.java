package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.wspool.api.CloseSettings;
import io.wspool.api.LoopMode;
import io.wspool.api.SendResult;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** After close nothing of a pool is left: no thread, no descriptor, no send buffer. */
class LeftoversTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int POOLS = 10;

    @ParameterizedTest
    @CsvSource({
        "SLEEPING, NIO",
        "SLEEPING, EPOLL",
        "SLEEPING, IO_URING",
        "CALLER_POLLED, NIO",
        "CALLER_POLLED, EPOLL",
        "CALLER_POLLED, IO_URING"
    })
    void nothingIsLeftAfterClose(LoopMode mode, Sockets sockets) throws Exception {
        useOne(mode, sockets); // loads classes, whose jars stay open
        long memory = memory();
        long descriptors = descriptors();
        for (int i = 0; i < POOLS; i++) {
            useOne(mode, sockets);
        }
        assertNoMoreThan(memory, descriptors);
    }

    private static void useOne(LoopMode mode, Sockets sockets) throws Exception {
        try (EchoServer server = new EchoServer();
                WebSocketPool pool = WebSocketPool.to(server.uri().replace("127.0.0.1", "localhost"))
                        .name("leftover")
                        .channels(2)
                        .loops(mode == LoopMode.SLEEPING ? 2 : 1)
                        .mode(mode)
                        .lan()
                        .environment(sockets.environment("leftover", mode))
                        .start()) {
            if (mode == LoopMode.CALLER_POLLED) {
                pool.poll();
            }
            pool.awaitFull(LONG);
            assertThat(threads()).as("the test can see them").isNotEmpty();
            List<EchoConnection> connections = List.of(server.next(), server.next());
            assertThat(pool.sendText("something")).isEqualTo(SendResult.ACCEPTED);
            pool.close(LONG);
            for (EchoConnection connection : connections) {
                connection.awaitEnd();
            }
        }
        for (Thread thread : threads()) {
            Patience.end(thread); // the last one completes closed() shortly before it ends
        }
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("wspool-leftover"))
                .toList();
    }

    /** Waits, since what an earlier test has left may still go, and the server's sockets close on its threads. */
    private static void assertNoMoreThan(long memory, long descriptors) {
        Patience.until("the end of every send buffer", () -> memory() <= memory);
        Patience.until("the end of every descriptor", () -> descriptors() <= descriptors);
    }

    private static long memory() {
        return UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @ParameterizedTest
    @EnumSource(Sockets.class)
    void nothingIsLeftAfterAnAbsentOwnerHasComeBack(Sockets sockets) throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            leaveOne(sockets, other);
            long memory = memory();
            long descriptors = descriptors();
            leaveOne(sockets, other);
            assertNoMoreThan(memory, descriptors);
        } finally {
            other.shutdown();
        }
    }

    private static void leaveOne(Sockets sockets, ExecutorService other) throws Exception {
        CloseSettings quick = new CloseSettings(Duration.ZERO, Duration.ofMillis(1));
        try (EchoServer server = new EchoServer()) {
            WebSocketPool pool = WebSocketPool.to(server.uri())
                    .channels(1)
                    .mode(LoopMode.CALLER_POLLED)
                    .closeTimeouts(quick)
                    .environment(sockets.environment("leftover", LoopMode.CALLER_POLLED))
                    .start();
            pool.poll();
            pool.awaitFull(LONG);
            assertThat(pool.sendText("something")).isEqualTo(SendResult.ACCEPTED);
            Patience.result("the end of close", other.submit(() -> pool.close(quick.drain())));
            server.next().awaitEnd();
            pool.poll();
            assertThat(pool.closed().toCompletableFuture()).isCompleted();
        }
    }
}
