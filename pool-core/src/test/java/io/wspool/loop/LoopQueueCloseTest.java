package io.wspool.loop;

import static io.wspool.loop.LoopQueue.Offer.ACCEPTED;
import static io.wspool.loop.LoopQueue.Offer.CLOSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wspool.loop.LoopQueue.Offer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The end of a queue, its races played by hand: an offer in two halves, and a sender stopped inside the first one. The two
 * known mistakes are played beside the real thing, and shown to lose messages.
 */
class LoopQueueCloseTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final LoopQueue queue = new LoopQueue(8, () -> {});
    private final List<Long> rest = new ArrayList<>();

    @Test
    void handsOverWhatWaits() {
        queue.offer(message(queue, 1));
        queue.offer(message(queue, 2));
        assertThat(close()).isEqualTo(2);
        assertThat(rest).containsExactly(1L, 2L);
        assertThat(close()).isZero();
    }

    @Test
    void handsOverAllEvenIfTheTakerThrows() {
        for (int i = 0; i < 3; i++) {
            queue.offer(message(queue, i));
        }
        assertThatThrownBy(() -> queue.close(message -> {
                    rest.add(message.token);
                    throw new IllegalStateException("taker " + message.token);
                }))
                .hasMessage("taker 0");
        assertThat(rest).containsExactly(0L, 1L, 2L);
    }

    /** The element comes after the loop's last poll: only the sender can find out. */
    @Test
    void anOfferAfterTheLastPollIsRevoked() {
        QueuedMessage late = message(queue, 1);
        long use = late.makeFull(queue); // it has read "open" before
        assertThat(close()).isZero();
        assertThat(queue.messages.offer(late)).isTrue();
        assertThat(queue.drain(9)).as("the loop leaves it alone").isZero();
        assertThat(queue.isEmpty()).as("and may sleep").isTrue();
        assertThat(queue.settle(late, use)).isEqualTo(CLOSED);
        assertThat(close()).as("a revoked message is not handed over").isZero();
        queue.release(late);
    }

    @Test
    void withoutTheSecondLookAtClosedThatOfferIsLost() {
        QueuedMessage late = message(queue, 1);
        late.makeFull(queue);
        close();
        queue.messages.offer(late);
        Offer told = settleWithoutSecondLook();
        assertThat(told).isEqualTo(ACCEPTED);
        assertThat(rest).as("accepted, and never seen again").isEmpty();
    }

    /** The loop takes the element before its sender looks: the loop's CAS came first. */
    @Test
    void anOfferThatTheClosingLoopTookIsAccepted() {
        QueuedMessage message = message(queue, 1);
        long use = message.makeFull(queue);
        queue.messages.offer(message);
        assertThat(close()).isOne();
        assertThat(queue.settle(message, use)).isEqualTo(ACCEPTED);
        assertThat(rest).containsExactly(1L);
        queue.release(message);
    }

    /** The sender looks between the loop's write of closed and its poll: the sender's CAS came first. */
    @Test
    void anOfferThatItsSenderRevokedIsNotTaken() {
        QueuedMessage message = message(queue, 1);
        long use = message.makeFull(queue);
        queue.messages.offer(message);
        queue.shut();
        assertThat(queue.settle(message, use)).isEqualTo(CLOSED);
        assertThat(close()).isZero();
        queue.release(message);
    }

    @Test
    void anOfferThatWasDrainedBeforeTheCloseIsAccepted() {
        QueuedMessage message = message(queue, 1);
        long use = message.makeFull(queue);
        queue.messages.offer(message);
        assertThat(queue.drain(1)).isOne();
        assertThat(close()).isZero();
        assertThat(queue.settle(message, use)).isEqualTo(ACCEPTED);
        assertThat(rest).containsExactly(1L);
    }

    /** ABA: drained, released, taken by another sender and offered again before the first one looks. */
    @Test
    void aSenderNeverRevokesALaterUseOfItsMessage() {
        QueuedMessage message = message(queue, 1);
        long firstUse = message.makeFull(queue);
        queue.messages.offer(message);
        queue.drain(1);
        queue.release(message);

        QueuedMessage again = message(queue, 2);
        assertThat(again).isSameAs(message);
        long secondUse = again.makeFull(queue);
        queue.messages.offer(again);
        queue.shut();
        assertThat(queue.settle(message, firstUse)).as("was drained").isEqualTo(ACCEPTED);
        assertThat(close()).isOne();
        assertThat(queue.settle(again, secondUse)).isEqualTo(ACCEPTED);
        assertThat(rest).containsExactly(1L, 2L);
    }

    /** The other ABA: revoked here, offered to another loop, and still lying in this array. */
    @Test
    void aClosingLoopNeverTakesAMessageThatWaitsInAnotherQueue() {
        LoopQueue other = new LoopQueue(8, () -> {});
        QueuedMessage message = message(queue, 1);
        long use = message.makeFull(queue);
        queue.messages.offer(message);
        queue.shut();
        assertThat(queue.settle(message, use)).isEqualTo(CLOSED);
        assertThat(other.offer(message)).isEqualTo(ACCEPTED);
        assertThat(close()).isZero();
        assertThat(other.drain(9)).isOne();
        assertThat(rest).containsExactly(1L);
    }

    /**
     * A sender is stopped between winning its place and filling it; behind it another one is accepted; then the loop
     * closes. {@code fill} asks for the element exactly there. A loop that waits burns time of its core.
     */
    @Test
    @Timeout(60)
    void waitsForASenderThatIsStoppedInMidOffer() throws InterruptedException {
        QueuedMessage stopped = message(queue, 1);
        long use = stopped.makeFull(queue);
        Thread loop = new Thread(this::close);
        queue.messages.fill(
                () -> {
                    assertThat(queue.offer(message(queue, 2))).isEqualTo(ACCEPTED);
                    loop.start();
                    while (loop.isAlive() && THREADS.getThreadCpuTime(loop.getId()) < 100_000_000) {
                        Thread.onSpinWait();
                    }
                    assertThat(loop.isAlive()).as("it waits").isTrue();
                    return stopped;
                },
                1);
        Offer told = queue.settle(stopped, use);
        loop.join();
        assertThat(rest).contains(2L).doesNotHaveDuplicates();
        assertThat(rest.contains(1L)).as("told %s", told).isEqualTo(told == ACCEPTED);
    }

    @Test
    void withRelaxedPollTheMessageBehindASenderInMidOfferIsLost() {
        QueuedMessage stopped = message(queue, 1);
        long use = stopped.makeFull(queue);
        queue.messages.fill(
                () -> {
                    assertThat(queue.offer(message(queue, 2))).isEqualTo(ACCEPTED);
                    closeWithRelaxedPoll();
                    return stopped;
                },
                1);
        assertThat(queue.settle(stopped, use)).isEqualTo(CLOSED);
        assertThat(rest).as("2 was accepted, and is never seen again").isEmpty();
    }

    private int close() {
        return queue.close(message -> rest.add(message.token));
    }

    /** Mutant of {@link LoopQueue#settle}. */
    private static Offer settleWithoutSecondLook() {
        return ACCEPTED;
    }

    /** Mutant of {@link LoopQueue#close}. */
    private void closeWithRelaxedPoll() {
        queue.shut();
        for (QueuedMessage message = queue.messages.relaxedPoll();
                message != null;
                message = queue.messages.relaxedPoll()) {
            if (message.tryTake(queue)) {
                rest.add(message.token);
            }
        }
    }

    private QueuedMessage message(LoopQueue from, long token) {
        QueuedMessage message = from.take();
        message.token = token;
        message.target = m -> rest.add(m.token);
        return message;
    }
}
