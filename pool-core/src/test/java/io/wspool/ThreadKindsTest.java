package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.util.concurrent.FastThreadLocalThread;
import io.wspool.api.LoopMode;
import io.wspool.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

/** Threads that cost garbage by their kind are named in the log, once for each pool. In a JVM whose log is its output. */
class ThreadKindsTest {
    private static final String COSTS =
            " drives a loop and is no FastThreadLocalThread: with wss or io_uring Netty makes some"
                    + " hundred bytes of garbage a message; start it as io.netty.util.concurrent.FastThreadLocalThread";

    @Test
    void aPlainThreadIsNamedOnce() throws Exception {
        assertThat(run("plain")).containsExactly("info orders: thread plain" + COSTS);
    }

    @Test
    void ofTheThreadsOfAFactoryOneIsNamed() throws Exception {
        assertThat(run("factory")).singleElement().asString().matches("info orders: thread made-[12]" + COSTS);
    }

    @Test
    void aVirtualThreadIsNamed() throws Exception {
        assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(21);
        assertThat(run("virtual"))
                .singleElement()
                .asString()
                .contains("orders: thread without a name (virtual) drives a loop: ");
    }

    @Test
    void thePoolsOwnThreadsAndNettysAreNot() throws Exception {
        assertThat(run("fast")).isEmpty();
        assertThat(run("own")).isEmpty();
    }

    private static List<String> run(String kind) throws Exception {
        String log = ChildJvm.log(List.of("-XX:TieredStopAtLevel=1"), Program.class, kind);
        assertThat(log).as("the log is seen").contains("transport");
        return log.lines().filter(line -> line.contains("drives a loop")).toList();
    }

    /** Lets a pool be driven by threads of one kind. */
    static final class Program {
        private static int made;

        private Program() {}

        public static void main(String[] args) throws Exception {
            FutureTask<?> polling = new FutureTask<>(Program::polling);
            switch (args[0]) {
                case "plain" -> new Thread(polling, "plain").start();
                case "fast" -> new FastThreadLocalThread(polling, "fast").start();
                case "virtual" -> virtual(polling);
                default -> {
                    driven(args[0].equals("own") ? null : task -> new Thread(task, "made-" + ++made));
                    return;
                }
            }
            polling.get();
        }

        private static void virtual(Runnable task) throws ReflectiveOperationException {
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        }

        private static WebSocketPoolBuilder pool(LoopMode mode) {
            return WebSocketPool.to("ws://127.0.0.1:1/")
                    .name("orders")
                    .channels(2)
                    .mode(mode);
        }

        private static Object polling() throws Exception {
            try (WebSocketPool pool = pool(LoopMode.CALLER_POLLED).start()) {
                pool.poll();
                pool.poll();
                pool.warmUp(Duration.ofMillis(500)); // its pools are driven by this thread too
                return pool.close(Duration.ZERO);
            }
        }

        private static void driven(ThreadFactory factory) {
            WebSocketPoolBuilder builder = pool(LoopMode.SLEEPING).loops(2);
            if (factory != null) {
                builder.threadFactory(factory);
            }
            try (WebSocketPool pool = builder.start()) {
                pool.close(Duration.ZERO);
            }
        }
    }
}
