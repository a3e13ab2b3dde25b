package io.wspool.loop;

import static io.wspool.loop.LoopQueue.Offer.ACCEPTED;
import static io.wspool.loop.LoopQueue.Offer.CLOSED;
import static io.wspool.loop.LoopQueue.Offer.FULL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wspool.loop.QueuedMessage.Receiver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopQueueTest {
    private final LoopQueue queue = new LoopQueue(8, () -> {});
    private final List<Long> received = new ArrayList<>();
    private final Receiver receiver = message -> {
        received.add(message.token);
        queue.release(message);
    };

    @Test
    void handsMessagesOverInOrder() {
        for (int i = 0; i < 5; i++) {
            assertThat(send(i)).isEqualTo(ACCEPTED);
        }
        assertThat(queue.drain(100)).isEqualTo(5);
        assertThat(received).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(queue.drain(100)).isZero();
    }

    @Test
    void drainsNoMoreThanItsLimit() {
        for (int i = 0; i < 5; i++) {
            send(i);
        }
        assertThat(queue.drain(0)).isZero();
        assertThat(queue.drain(4)).isEqualTo(4);
        assertThat(queue.isEmpty()).isFalse();
        assertThat(queue.drain(4)).isOne();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(received).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 1_024})
    void takesItsCapacityAndRefusesTheNext(int capacity) {
        LoopQueue bounded = new LoopQueue(capacity, () -> {});
        assertThat(bounded.capacity()).isEqualTo(capacity);
        for (int i = 0; i < capacity; i++) {
            assertThat(bounded.offer(filled(bounded, i))).isEqualTo(ACCEPTED);
        }
        QueuedMessage refused = filled(bounded, capacity);
        assertThat(bounded.offer(refused)).isEqualTo(FULL);
        assertThat(bounded.drain(1)).isOne();
        assertThat(bounded.offer(refused)).as("the same message again").isEqualTo(ACCEPTED);
        assertThat(bounded.drain(capacity)).isEqualTo(capacity);
        assertThat(received).hasSize(capacity + 1).last().isEqualTo((long) capacity);
    }

    @Test
    void roundsItsCapacityUp() {
        assertThat(new LoopQueue(3 * 1_024, () -> {}).capacity()).isEqualTo(4_096);
    }

    @Test
    void aRefusedMessageCanBeReleased() {
        for (int i = 0; i < 8; i++) {
            send(i);
        }
        QueuedMessage refused = filled(queue, 9);
        assertThat(queue.offer(refused)).isEqualTo(FULL);
        queue.release(refused);
        assertThat(queue.take()).isSameAs(refused);
    }

    @Test
    void aReceiverThatThrowsLosesNothingOfTheRest() {
        RuntimeException first = new IllegalStateException("first");
        Error second = new AssertionError("second");
        send(0);
        queue.offer(throwing(first));
        send(1);
        queue.offer(throwing(second));
        queue.offer(throwing(first));
        send(2);
        assertThatThrownBy(() -> queue.drain(100)).isSameAs(first).hasSuppressedException(second);
        assertThat(received).containsExactly(0L, 1L, 2L);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(send(3)).isEqualTo(ACCEPTED);
        assertThat(queue.drain(1)).isOne();
    }

    @Test
    void aReceiverMayCloseTheQueueInMidDrain() {
        List<Long> rest = new ArrayList<>();
        QueuedMessage first = filled(queue, 0);
        first.target = message -> queue.close(m -> rest.add(m.token));
        queue.offer(first);
        send(1);
        send(2);
        assertThat(queue.drain(100)).isOne();
        assertThat(rest).containsExactly(1L, 2L);
        assertThat(received).isEmpty();
    }

    @Test
    void aTakenMessageIsBlank() {
        QueuedMessage used = filled(queue, 7);
        used.fill(new byte[5_000], 0, 5_000);
        used.next = used;
        used.offset = 1;
        used.moves = 1;
        used.moveable = true;
        used.text = true;
        used.hasToken = true;
        queue.release(used);
        QueuedMessage message = queue.take();
        assertThat(message).isSameAs(used);
        assertThat(message)
                .usingRecursiveComparison()
                .ignoringFields("home", "inline", "state", "cursorIndex")
                .isEqualTo(new QueuedMessage(queue));
    }

    @Test
    void aMessageIsReleasedOnceAndNotWhileItWaits() {
        QueuedMessage message = filled(queue, 0);
        queue.offer(message);
        assertThatThrownBy(() -> queue.release(message))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("message(FULL, use 1, 0 bytes)");
        assertThatThrownBy(() -> queue.offer(message)).isInstanceOf(IllegalStateException.class);
        queue.drain(1);
        assertThatThrownBy(() -> queue.release(message))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("FREE");
        assertThatThrownBy(() -> queue.offer(message)).isInstanceOf(IllegalStateException.class);
        assertThat(queue.take()).isSameAs(message).isNotSameAs(queue.take());
    }

    @Test
    void aMessageWithoutTargetIsRefused() {
        assertThatThrownBy(() -> queue.offer(queue.take())).isInstanceOf(IllegalStateException.class);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void theFreeListsKeepWithinTheirBounds() {
        LoopQueue small = new LoopQueue(16, () -> {});
        Set<QueuedMessage> messages = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            QueuedMessage message = small.take();
            message.fill(new byte[10_000], 0, 10_000); // three chunks
            messages.add(message);
        }
        assertThat(messages).as("all different").hasSize(40);
        messages.forEach(small::release);
        assertThat(small.freeMessages.size()).isEqualTo(16);
        assertThat(small.freeChunks.size()).isEqualTo(16);
    }

    @Test
    void aLargeQueueKeepsNoMoreThanAFewMegabytes() {
        LoopQueue large = new LoopQueue(65_536, () -> {});
        int many = LoopQueue.MOST_FREE_MESSAGES + 1;
        List<QueuedMessage> messages = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            QueuedMessage message = large.take();
            message.fill(new byte[1_000], 0, 1_000); // one chunk
            messages.add(message);
        }
        messages.forEach(large::release);
        assertThat(large.freeMessages.size()).isEqualTo(LoopQueue.MOST_FREE_MESSAGES);
        assertThat(large.freeChunks.size()).isEqualTo(LoopQueue.MOST_FREE_CHUNKS);
    }

    @Test
    void aMovedMessageGoesHomeWithItsChunks() {
        LoopQueue other = new LoopQueue(8, () -> {});
        QueuedMessage message = filled(queue, 1);
        message.fill(new byte[5_000], 0, 5_000);
        message.target = moved -> {
            moved.moves++;
            moved.target = receiver;
            assertThat(other.offer(moved)).isEqualTo(ACCEPTED);
        };
        queue.offer(message);
        queue.drain(1);
        QueuedMessage arrived = message;
        arrived.target = m -> {
            received.add(m.token);
            assertThat(m.length).isEqualTo(5_000);
            other.release(m);
        };
        assertThat(other.drain(1)).isOne();
        assertThat(received).containsExactly(1L);
        assertThat(queue.freeMessages.size()).isOne();
        assertThat(queue.freeChunks.size()).isEqualTo(2);
        assertThat(other.freeMessages.isEmpty()).isTrue();
        assertThat(other.freeChunks.isEmpty()).isTrue();
    }

    @Test
    void aClosedQueueTakesNothing() {
        QueuedMessage message = filled(queue, 0);
        assertThat(queue.close(m -> {})).isZero();
        for (int i = 0; i <= queue.capacity(); i++) {
            assertThat(queue.offer(message)).as("never full of what it refused").isEqualTo(CLOSED);
        }
        queue.release(message);
        assertThat(queue.drain(10)).isZero();
        assertThat(queue.isEmpty()).isTrue();
    }

    /** Send and drain, small and large, for ever: what one round takes the next one gets. */
    @ParameterizedTest
    @ValueSource(ints = {16, 512, 513, 100_000})
    void allocatesNothingInSteadyState(int bytes) {
        LoopQueue steady = new LoopQueue(1_024, () -> {});
        byte[] payload = new byte[bytes];
        Receiver counting = steady::release;
        Runnable rounds = () -> {
            for (int i = 0; i < 1_000; i++) {
                for (int burst = 0; burst < 4; burst++) {
                    QueuedMessage message = steady.take();
                    message.target = counting;
                    message.fill(payload, 0, bytes);
                    steady.offer(message);
                }
                steady.drain(4);
                steady.prepareToSleep();
            }
        };
        assertThat(Allocated.leastBytes(rounds)).isZero();
    }

    @Test
    void textAllocatesNothingEither() {
        String text = "héllo \ud83d\ude00 ".repeat(500);
        QueuedMessage message = queue.take();
        assertThat(Allocated.leastBytes(() -> {
                    for (int i = 0; i < 100; i++) {
                        message.fillText(text, QueuedMessage.utf8Length(text));
                    }
                }))
                .isZero();
    }

    private LoopQueue.Offer send(long token) {
        return queue.offer(filled(queue, token));
    }

    private QueuedMessage throwing(Throwable failure) {
        QueuedMessage message = queue.take();
        message.target = m -> {
            queue.release(m);
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        };
        return message;
    }

    private QueuedMessage filled(LoopQueue from, long token) {
        QueuedMessage message = from.take();
        message.token = token;
        message.target = receiver;
        return message;
    }
}
