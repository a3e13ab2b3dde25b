package io.wspool.loop;

import static io.wspool.loop.LoopQueue.Offer.ACCEPTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** A sender pays for a wake-up only when the loop sleeps or is about to, and then never forgets it. */
class LoopQueueWakeUpTest {
    private int wakeUps;
    private final LoopQueue queue = new LoopQueue(8, () -> wakeUps++);

    @Test
    void theFirstSendWakesALoopThatHasNotRunYet() {
        send();
        assertThat(wakeUps).isOne();
    }

    @Test
    void oneOfManySendersWakesASleepingLoop() {
        assertThat(queue.prepareToSleep()).isTrue();
        send();
        send();
        send();
        assertThat(wakeUps).isOne();
    }

    @Test
    void nobodyWakesALoopThatRuns() {
        queue.awake();
        send();
        assertThat(wakeUps).isZero();
    }

    @Test
    void aLoopThatWokeByItselfIsNotWoken() {
        queue.prepareToSleep();
        queue.awake();
        send();
        assertThat(wakeUps).isZero();
    }

    @Test
    void eachSleepIsEndedByItsOwnWakeUp() {
        for (int sleep = 1; sleep <= 3; sleep++) {
            assertThat(queue.prepareToSleep()).isTrue();
            send();
            assertThat(wakeUps).isEqualTo(sleep);
            assertThat(queue.drain(9)).isOne();
        }
    }

    /** The sender looked while the loop was awake, so it wakes nobody; the loop must look once more. */
    @Test
    void aLoopDoesNotSleepOverWhatCameAfterItsLastDrain() {
        queue.awake();
        queue.drain(9);
        send();
        assertThat(queue.prepareToSleep()).isFalse();
        send();
        assertThat(wakeUps).as("it stayed awake").isZero();
    }

    @Test
    void withoutTheSecondLookTheLoopSleepsForEver() {
        queue.awake();
        queue.drain(9);
        send();
        assertThat(prepareToSleepWithoutSecondLook()).isTrue();
        assertThat(queue.isEmpty()).as("something waits").isFalse();
        assertThat(wakeUps).as("and nobody was woken").isZero();
    }

    /** "Null, but not empty": the sender will look at the sleep word only after it has filled its place. */
    @Test
    void aMessageInMidOfferKeepsTheLoopAwake() {
        queue.awake();
        QueuedMessage message = message();
        long use = message.makeFull(queue);
        queue.messages.fill(
                () -> {
                    assertThat(queue.drain(9))
                            .as("not there yet, and not waited for")
                            .isZero();
                    assertThat(queue.isEmpty()).isFalse();
                    assertThat(queue.prepareToSleep()).isFalse();
                    return message;
                },
                1);
        assertThat(queue.settle(message, use)).isEqualTo(ACCEPTED);
        assertThat(queue.drain(9)).isOne();
    }

    /** The loop goes to sleep between the two halves of an offer that it has drained already: woken once too often. */
    @Test
    void anOfferThatFinishesAfterTheLoopFellAsleepWakesIt() {
        queue.awake();
        QueuedMessage message = message();
        long use = message.makeFull(queue);
        queue.messages.offer(message);
        queue.drain(9);
        assertThat(queue.prepareToSleep()).isTrue();
        assertThat(queue.settle(message, use)).isEqualTo(ACCEPTED);
        assertThat(wakeUps).isOne();
    }

    @Test
    void aRefusedSendWakesNobody() {
        for (int i = 0; i < 8; i++) {
            send();
        }
        queue.fallAsleep();
        assertThat(queue.offer(message())).isEqualTo(LoopQueue.Offer.FULL);
        assertThat(wakeUps).isOne(); // by the first of the eight
    }

    @Test
    void aClosedQueueWakesNobodyAndLetsItsLoopSleep() {
        queue.prepareToSleep();
        QueuedMessage message = message();
        long use = message.makeFull(queue);
        queue.messages.offer(message);
        queue.close(m -> {});
        assertThat(queue.settle(message, use)).isEqualTo(ACCEPTED);
        assertThat(queue.offer(message())).isEqualTo(LoopQueue.Offer.CLOSED);
        assertThat(wakeUps).isZero();
        assertThat(queue.prepareToSleep()).isTrue();
    }

    @Test
    void aWakeUpThatThrowsLeavesTheMessageAcceptedAndTheNextSenderTriesAgain() {
        int[] calls = {0};
        LoopQueue refusing = new LoopQueue(8, () -> {
            calls[0]++;
            throw new RejectedExecutionException("no");
        });
        for (int i = 0; i < 2; i++) {
            QueuedMessage message = refusing.take();
            message.target = refusing::release;
            assertThat(refusing.offer(message)).isEqualTo(ACCEPTED);
        }
        assertThat(calls[0]).isEqualTo(2);
        assertThat(refusing.drain(9)).isEqualTo(2);
    }

    /** Mutant of {@link LoopQueue#prepareToSleep}. */
    private boolean prepareToSleepWithoutSecondLook() {
        queue.fallAsleep();
        return true;
    }

    private void send() {
        assertThat(queue.offer(message())).isEqualTo(ACCEPTED);
    }

    private QueuedMessage message() {
        QueuedMessage message = queue.take();
        message.target = queue::release;
        return message;
    }
}
