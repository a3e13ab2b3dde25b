package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelLimits;
import io.wspool.api.LoopMode;
import io.wspool.api.Outcome;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.api.Sender;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sixteen threads send at once, half of their messages bound to a channel each, in all sizes, through bounds that they meet. */
class ManySendersTest {
    private static final int THREADS = 16;
    private static final int MESSAGES = 600;
    private static final int HEAD = 12;
    /** Over a fragment, which is 32 KiB. */
    private static final int LONG = 33_000;
    /** In a queue's entry itself, in one chunk, in two; frames with short and with longer heads. */
    private static final int[] SIZES = {HEAD, 100, 512, 513, 64, 4097, 125, 126};

    private final Books books = new Books(THREADS * MESSAGES);
    private final AtomicIntegerArray arrived = new AtomicIntegerArray(THREADS * MESSAGES);
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<EchoConnection, int[]> lastBound = new ConcurrentHashMap<>();
    private final Object room = new Object();

    @ParameterizedTest
    @CsvSource({"EPOLL, 2", "NIO, 1", "IO_URING, 2"})
    void everyFrameIsWholeInOrderAndAccountedFor(Sockets sockets, int loops) throws Exception {
        ChannelLimits limits = new ChannelLimits(64, 256 * 1024, 1 << 20, 1 << 20, 1024, 32 * 1024);
        try (EchoServer server = new EchoServer(this::received);
                WebSocketPool pool = WebSocketPool.to(server.uri())
                        .channels(4)
                        .loops(loops)
                        .limits(limits)
                        .environment(sockets.environment("pool", LoopMode.SLEEPING))
                        .onOutcomes(books)
                        .onWritable(channel -> roomAgain())
                        .start()) {
            pool.awaitFull(Duration.ofSeconds(60));
            sendFromAllThreads(pool);
            pool.close(Duration.ofSeconds(60));
            books.assertExact(pool.snapshot().account());
        }
        assertThat(wrong).isEmpty();
        assertThat(books.count(Outcome.CONFIRMED)).isEqualTo(THREADS * MESSAGES);
        assertThat(IntStream.range(0, arrived.length()).filter(token -> arrived.get(token) != 1))
                .as("each has arrived once")
                .isEmpty();
    }

    private void sendFromAllThreads(WebSocketPool pool) throws Exception {
        ExecutorService senders = Executors.newFixedThreadPool(THREADS);
        try {
            List<PooledChannel> channels = pool.channels();
            List<? extends Future<?>> all = IntStream.range(0, THREADS)
                    .mapToObj(thread -> senders.submit(() -> {
                        send(pool, channels.get(thread % channels.size()), thread);
                        return null;
                    }))
                    .toList();
            for (Future<?> one : all) {
                Patience.result("the end of a sender", one);
            }
        } finally {
            senders.shutdown();
        }
    }

    private void send(WebSocketPool pool, PooledChannel mine, int thread) throws InterruptedException {
        for (int number = 0; number < MESSAGES; number++) {
            boolean bound = number % 2 == 0;
            Sender to = bound ? mine : pool;
            byte[] message = message(thread, number, bound);
            int token = thread * MESSAGES + number;
            if (books.sent(token, to.send(message, token)) != SendResult.ACCEPTED) {
                sendWhenThereIsRoom(to, message, token);
            }
        }
    }

    /** Offers inside the lock that {@link #roomAgain} takes, so that room which comes after the refusal is heard of. */
    private void sendWhenThereIsRoom(Sender to, byte[] message, int token) throws InterruptedException {
        synchronized (room) {
            while (books.sent(token, to.send(message, token)) != SendResult.ACCEPTED) {
                long before = System.nanoTime();
                room.wait(TimeUnit.SECONDS.toMillis(30));
                if (System.nanoTime() - before >= TimeUnit.SECONDS.toNanos(30)) {
                    throw new AssertionError("refused, and never told of room");
                }
            }
        }
    }

    private void roomAgain() {
        synchronized (room) {
            room.notifyAll();
        }
    }

    private static byte[] message(int thread, int number, boolean bound) {
        int size = number % 50 == thread ? LONG : SIZES[(thread + number) % SIZES.length];
        ByteBuffer message = ByteBuffer.allocate(size);
        message.putInt(thread).putInt(number).putInt(bound ? 1 : 0);
        while (message.hasRemaining()) {
            message.put((byte) (thread * 31 + number + message.position()));
        }
        return message.array();
    }

    private void received(EchoConnection connection, boolean text, byte[] bytes) {
        ByteBuffer head = ByteBuffer.wrap(bytes);
        int thread = head.getInt();
        int number = head.getInt();
        boolean bound = head.getInt() == 1;
        if (!ByteBuffer.wrap(message(thread, number, bound)).equals(ByteBuffer.wrap(bytes)) || text) {
            wrong.add("torn: " + bytes.length + " bytes of message " + number + " of thread " + thread);
            return;
        }
        arrived.incrementAndGet(thread * MESSAGES + number);
        if (bound) {
            int[] last = lastBound.computeIfAbsent(
                    connection, none -> IntStream.range(0, THREADS).map(i -> -1).toArray());
            if (number <= last[thread]) {
                wrong.add("order: thread " + thread + " sent " + number + " before " + last[thread]);
            }
            last[thread] = number;
        }
    }
}
