package io.wspool.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.loop.LoopQueue.Offer;
import io.wspool.loop.QueuedMessage.Receiver;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads against one queue. The races that these may or may not meet are played by hand in the other tests. */
@SuppressWarnings("ThreadPriorityCheck") // yield only saves time: the sender of a full queue gives its core to the loop
class LoopQueueStressTest {
    private static final int SENDERS = 2;

    private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** Each round is one queue's whole life: all that was accepted arrives once and in order, and nothing else does. */
    @Test
    @Timeout(120)
    void nothingAcceptedIsLostWhenAQueueCloses() throws Exception {
        int rounds = 10_000;
        Ledger[] ledgers = new Ledger[rounds];
        long[] accepted = new long[SENDERS];
        CyclicBarrier barrier = new CyclicBarrier(SENDERS + 1);
        List<Future<?>> senders = start(sender -> {
            for (int round = 0; round < rounds; round++) {
                barrier.await();
                accepted[sender] = ledgers[round].sendUntilClosed(sender);
                barrier.await();
            }
        });
        long total = 0;
        for (int round = 0; round < rounds; round++) {
            Ledger ledger = new Ledger(new LoopQueue(16, () -> {}));
            ledgers[round] = ledger;
            barrier.await();
            for (int turns = round % 50; turns > 0; turns--) {
                ledger.queue.drain(1 + round % 7);
            }
            ledger.queue.close(ledger::receive);
            barrier.await();
            assertThat(ledger.arrived).as("round %d", round).containsExactly(accepted);
            total += Arrays.stream(accepted).sum();
            ledgers[round] = null;
        }
        join(senders);
        assertThat(total).isGreaterThan(rounds);
    }

    /** A loop that really blocks whenever it may: one lost wake-up, and it never finishes. */
    @Test
    @Timeout(120)
    void noWakeUpIsLost() throws Exception {
        int messages = 100_000;
        Semaphore awake = new Semaphore(0);
        Ledger ledger = new Ledger(new LoopQueue(64, awake::release));
        List<Future<?>> senders = start(sender -> {
            for (long i = 0; i < messages; ) {
                if (ledger.send(sender, i) == Offer.ACCEPTED) {
                    i++;
                    for (long pause = i % 64; pause > 0; pause--) {
                        Thread.onSpinWait(); // the loop falls asleep now and then
                    }
                } else {
                    Thread.yield();
                }
            }
        });
        int sleeps = 0;
        for (int drained = 0; drained < SENDERS * messages; ) {
            int now = ledger.queue.drain(32);
            drained += now;
            if (now == 0 && ledger.queue.prepareToSleep()) {
                assertThat(awake.tryAcquire(60, TimeUnit.SECONDS))
                        .as("woken, %d of %d drained", drained, SENDERS * messages)
                        .isTrue();
                ledger.queue.awake();
                sleeps++;
            }
        }
        join(senders);
        assertThat(ledger.arrived).containsOnly(messages);
        assertThat(sleeps).as("it did sleep").isPositive();
    }

    private List<Future<?>> start(Sending sending) {
        return IntStream.range(0, SENDERS)
                .<Future<?>>mapToObj(sender -> threads.submit(() -> {
                    sending.run(sender);
                    return null;
                }))
                .toList();
    }

    private static void join(List<Future<?>> senders) throws Exception {
        for (Future<?> sender : senders) {
            sender.get();
        }
    }

    private interface Sending {
        void run(int sender) throws Exception;
    }

    /** Sends numbered messages and sees that they come whole and in order. */
    private static final class Ledger implements Receiver {
        private static final int[] SIZES = {8, 8, 8, 512, 513, 5_000};

        final LoopQueue queue;
        /** Per sender. */
        final long[] arrived = new long[SENDERS];

        private final byte[][] payloads = new byte[SENDERS][SIZES[SIZES.length - 1]];

        Ledger(LoopQueue queue) {
            this.queue = queue;
        }

        Offer send(int sender, long number) {
            int size = SIZES[(int) (number % SIZES.length)];
            byte[] payload = payloads[sender];
            ByteBuffer.wrap(payload).putLong(0, number).putInt(size - 4, (int) number);
            QueuedMessage message = queue.take();
            message.target = this;
            message.token = sender;
            message.fill(payload, 0, size);
            Offer offer = queue.offer(message);
            if (offer != Offer.ACCEPTED) {
                queue.release(message);
            }
            return offer;
        }

        long sendUntilClosed(int sender) {
            for (long accepted = 0; ; ) {
                switch (send(sender, accepted)) {
                    case ACCEPTED -> accepted++;
                    case FULL -> Thread.yield();
                    case CLOSED -> {
                        return accepted;
                    }
                }
            }
        }

        @Override
        public void receive(QueuedMessage message) {
            long number = arrived[(int) message.token]++;
            int last = SIZES[(int) (number % SIZES.length)] - 4;
            assertThat(message.length).isEqualTo(last + 4);
            assertThat(ByteBuffer.wrap(message.array(last)).getInt(message.arrayIndex(last)))
                    .isEqualTo((int) number);
            queue.release(message);
        }
    }
}
