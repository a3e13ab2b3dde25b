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
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads against one queue. The races that these may or may not meet are played by hand in the other tests. */
@SuppressWarnings("ThreadPriorityCheck") // yield only saves time: who cannot go on gives its core to who can
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
        int rounds = 600;
        Ledger[] ledgers = new Ledger[rounds];
        long[] accepted = new long[SENDERS];
        CyclicBarrier barrier = new CyclicBarrier(SENDERS + 1);
        List<Future<?>> senders = start(SENDERS, sender -> {
            for (int round = 0; round < rounds; round++) {
                barrier.await();
                accepted[sender] = ledgers[round].sendUntilClosed(sender);
                barrier.await();
            }
        });
        long total = 0;
        for (int round = 0; round < rounds; round++) {
            Ledger ledger = new Ledger(new LoopQueue(1_024, () -> {}));
            ledgers[round] = ledger;
            barrier.await();
            int drained = 0;
            for (int now = -1; now != 0 || drained <= round % 500; drained += now) {
                now = ledger.queue.drain(64); // until it has caught up, so that a sender is likely to be in mid-offer
            }
            ledger.queue.close(ledger::receive);
            barrier.await();
            assertThat(ledger.arrived()).as("round %d", round).containsExactly(accepted);
            total += Arrays.stream(accepted).sum();
            ledgers[round] = null;
        }
        join(senders);
        assertThat(total).isGreaterThan(rounds);
    }

    /**
     * A loop that really blocks whenever it may, and one sender that waits for each message to arrive before it sends the
     * next: so a wake-up that is lost is not made good by the next send, and the loop is always about to fall asleep.
     */
    @Test
    @Timeout(120)
    void noWakeUpIsLost() throws Exception {
        int messages = 200_000;
        Semaphore awake = new Semaphore(0);
        Ledger ledger = new Ledger(new LoopQueue(64, awake::release));
        List<Future<?>> senders = start(1, sender -> {
            for (int i = 0; i < messages; i++) {
                ledger.send(sender, i); // never full: one at a time
                for (int spins = 0; ledger.arrived.get(sender) == i && !Thread.interrupted(); spins++) {
                    if (spins > 1_000) {
                        Thread.yield();
                    }
                }
            }
        });
        int sleeps = 0;
        for (int drained = 0; drained < messages; ) {
            int now = ledger.queue.drain(32);
            drained += now;
            if (now != 0) {
                awake.drainPermits(); // a call that came too late for its sleep must not make good for a lost one
            } else if (ledger.queue.prepareToSleep()) {
                assertThat(awake.tryAcquire(30, TimeUnit.SECONDS))
                        .as("woken, %d of %d drained", drained, messages)
                        .isTrue();
                ledger.queue.awake();
                sleeps++;
            }
        }
        join(senders);
        assertThat(ledger.arrived.get(0)).isEqualTo(messages);
        assertThat(sleeps).as("it did sleep").isPositive();
    }

    private List<Future<?>> start(int count, Sending sending) {
        return IntStream.range(0, count)
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
        private static final int[] SIZES = {8, 8, 8, 8, 8, 8, 8, 512, 513};

        final LoopQueue queue;
        /** Per sender. */
        final AtomicLongArray arrived = new AtomicLongArray(SENDERS);

        private final byte[][] payloads = new byte[SENDERS][SIZES[SIZES.length - 1]];

        Ledger(LoopQueue queue) {
            this.queue = queue;
        }

        long[] arrived() {
            return IntStream.range(0, SENDERS).mapToLong(arrived::get).toArray();
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
            int sender = (int) message.token;
            long number = arrived.get(sender);
            int last = SIZES[(int) (number % SIZES.length)] - 4;
            if (message.length != last + 4
                    || ByteBuffer.wrap(message.array(last)).getInt(message.arrayIndex(last)) != (int) number) {
                throw new AssertionError(message + " is not number " + number + " of sender " + sender);
            }
            queue.release(message);
            arrived.set(sender, number + 1);
        }
    }
}
