package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.wspool.api.LatencyInterval;
import io.wspool.api.LatencyReader;
import io.wspool.api.LatencySettings;
import io.wspool.api.LatencyStage;
import io.wspool.api.LoopMode;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import io.wspool.testkit.ChildJvm;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In steady state a message costs no garbage: bytes that a thread allocates, by the JVM's own count. In a JVM of its own, since leak
 * detection makes an object per buffer.
 */
class SteadyStateTest {
    private static final int MESSAGES = 20_000;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMessageCostsLessThanAByteOfGarbage(boolean latency) throws Exception {
        ChildJvm.Result run = ChildJvm.run(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                Boolean.toString(latency)));
        assertThat(run.exit()).as(run.output()).isZero();
        Map<String, Double> bytes = new TreeMap<>();
        run.output().lines().forEach(line -> {
            String[] words = line.split("=", -1);
            bytes.put(words[0], Double.valueOf(words[1]));
        });
        System.out.println(
                "bytes allocated per message" + (latency ? ", latencies recorded and read: " : ": ") + bytes);
        assertThat(bytes.keySet())
                .containsExactly(
                        "EPOLL polled owner",
                        "EPOLL sleeping loop",
                        "EPOLL sleeping sender",
                        "EPOLL waiting owner",
                        "NIO polled owner",
                        "NIO sleeping loop",
                        "NIO sleeping sender",
                        "NIO waiting owner");
        assertThat(bytes)
                .allSatisfy((thread, each) -> assertThat(each).as(thread).isLessThan(limit(thread)));
    }

    /** From JDK 24 on Netty runs without Unsafe, and its NIO sockets then make an object for a read or write now and then. */
    private static double limit(String thread) {
        boolean withoutUnsafe = Runtime.version().feature() >= 24;
        return withoutUnsafe && thread.matches("NIO (polled owner|waiting owner|sleeping loop)") ? 8 : 1;
    }

    /** Sends with tokens and waits for echoes, in windows, with all latencies recorded and read if its argument says so; prints the bytes that a thread allocates per message. */
    static final class Program {
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private static final Duration LONG = Duration.ofSeconds(60);
        private static final ProbeSettings NEVER_SUSPECT = new ProbeSettings(Duration.ofMillis(1), LONG);
        private static final int BATCHES = 12;
        private static final int WINDOW = 32;
        private static final int WINDOWS_PER_READING = 10;

        private final LatencySettings latency;
        private final ByteBuf message = Unpooled.directBuffer(64).writeZero(64);
        private final AtomicLong echoes = new AtomicLong();
        private final AtomicLong outcomes = new AtomicLong();
        private final CompletableFuture<Long> loopThread = new CompletableFuture<>();
        private long sent;
        private long windows;

        private Program(LatencySettings latency) {
            this.latency = latency;
        }

        public static void main(String[] args) throws Exception {
            LatencySettings latency =
                    Boolean.parseBoolean(args[0]) ? LatencySettings.ON.withRequests(1_024) : LatencySettings.OFF;
            for (Sockets sockets :
                    List.of(Sockets.NIO, Sockets.EPOLL)) { // with io_uring Netty makes an object per pass
                FutureTask<?> polled = new FutureTask<>(() -> new Program(latency).polled(sockets));
                new FastThreadLocalThread(polled).start(); // on a plain thread Netty makes an object per write
                polled.get();
                new Program(latency).sleeping(sockets);
            }
        }

        private WebSocketPool start(EchoServer server, LoopMode mode, Sockets sockets) {
            return WebSocketPool.to(server.uri())
                    .channels(2)
                    .lan()
                    .probe(NEVER_SUSPECT) // on a busy machine a suspicion would come and go: that is an event, with
                    // its objects
                    .latency(latency)
                    .mode(mode)
                    .environment(sockets.environment("pool", mode))
                    .onMessage((channel, received) -> {
                        if (latency.on()) {
                            channel.replied(received.content()
                                    .getLong(received.content().readerIndex()));
                        }
                        echoes.setRelease(echoes.getPlain() + 1);
                    })
                    .onOutcomes((channel, outcome, reason, tokens, from, to) ->
                            outcomes.setRelease(outcomes.getPlain() + to - from))
                    .onChannelOpen(channel ->
                            loopThread.complete(Thread.currentThread().getId()))
                    .start();
        }

        private Object polled(Sockets sockets) throws Exception {
            try (EchoServer server = new EchoServer();
                    WebSocketPool pool = start(server, LoopMode.CALLER_POLLED, sockets)) {
                pool.poll();
                pool.awaitFull(LONG);
                LatencyReader reader = pool.latency().newReader();
                owner(sockets + " polled owner", pool, reader, pool::poll);
                owner(sockets + " waiting owner", pool, reader, () -> pool.poll(LONG));
                return this;
            }
        }

        private void owner(String what, WebSocketPool pool, LatencyReader reader, Runnable poll) {
            print(what, measured(Thread.currentThread().getId(), () -> {
                for (int i = 0; i < WINDOW; i++) {
                    send(pool);
                }
                while (echoes.getPlain() < sent) {
                    poll.run();
                }
                read(reader);
            }));
        }

        private void sleeping(Sockets sockets) throws Exception {
            try (EchoServer server = new EchoServer();
                    WebSocketPool pool = start(server, LoopMode.SLEEPING, sockets)) {
                pool.awaitFull(LONG);
                LatencyReader reader = pool.latency().newReader();
                Runnable window = () -> {
                    for (int i = 0; i < WINDOW; i++) {
                        send(pool);
                    }
                    while (echoes.getAcquire() < sent) {
                        LockSupport.parkNanos(10_000);
                    }
                    read(reader);
                };
                print(
                        sockets + " sleeping sender",
                        measured(Thread.currentThread().getId(), window));
                print(sockets + " sleeping loop", measured(loopThread.join(), window));
            }
        }

        private void send(WebSocketPool pool) {
            message.setLong(0, sent);
            if (pool.send(message, sent) != SendResult.ACCEPTED) {
                throw new IllegalStateException("refused at " + sent);
            }
            sent++;
        }

        private void read(LatencyReader reader) {
            if (latency.on() && ++windows % WINDOWS_PER_READING == 0) {
                LatencyInterval interval = reader.next(LatencyStage.APPLICATION);
                if (interval.count() != WINDOWS_PER_READING * WINDOW || interval.percentileNanos(99) <= 0) {
                    throw new IllegalStateException("at " + sent + ": " + interval);
                }
                reader.next(LatencyStage.WRITE);
            }
        }

        /** The least of some batches: what compilers, growing rings and a probe that a busy machine delays take is no part of the steady state. */
        private static double measured(long thread, Runnable window) {
            long least = Long.MAX_VALUE;
            for (int batch = 0; batch < BATCHES && least > 0; batch++) {
                long before = THREADS.getThreadAllocatedBytes(thread);
                for (int done = 0; done < MESSAGES; done += WINDOW) {
                    window.run();
                }
                long allocated = THREADS.getThreadAllocatedBytes(thread) - before;
                least = Math.min(least, allocated);
            }
            return least / (double) MESSAGES;
        }

        private static void print(String what, double bytes) {
            System.out.println(what + "=" + String.format(Locale.ROOT, "%.4f", bytes));
        }
    }
}
