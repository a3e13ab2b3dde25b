package io.wspool.loop;

import io.wspool.loop.Payload.Chunk;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.Consumer;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The hand-off from any thread to one loop: bounded, in order per sender, without a lock, and without garbage once its
 * free lists are filled.
 * <p><b>A send:</b> {@link #take} a message, fill it, {@link #offer} it. <b>The loop:</b> {@link #drain}; before it
 * blocks {@link #prepareToSleep}, afterwards {@link #awake}; at its end {@link #close}.
 * <p><b>Cost:</b> three CAS a message (take, offer, release); a wake-up only when the loop sleeps or is about to.
 * <b>Bounds:</b> {@link #capacity} messages wait here; as many free ones are kept, at most {@value #MOST_FREE_MESSAGES}, and as many free
 * chunks, at most {@value #MOST_FREE_CHUNKS} (8 MiB), each made when it is first needed. What does not fit into the free lists is left to the
 * garbage collector.
 * <p>No padding of its own: JCTools pads the indices, and what is left here is written when the loop goes to sleep or
 * wakes, next to a system call.
 */
public final class LoopQueue {
    /** What became of an offer. */
    public enum Offer {
        /** The loop has it, or will. The sender must not touch the message again. */
        ACCEPTED,
        /** As many as the capacity wait. The message is still the sender's. */
        FULL,
        /** The loop takes nothing any more. The message is still the sender's. */
        CLOSED
    }

    static final int MOST_FREE_MESSAGES = 4_096;
    static final int MOST_FREE_CHUNKS = 2_048;

    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;
    private static final VarHandle SLEEP = sleepHandle();

    final MpscVarHandleArrayQueue<QueuedMessage> messages;
    final MpmcVarHandleArrayQueue<QueuedMessage> freeMessages;
    final MpmcVarHandleArrayQueue<Chunk> freeChunks;
    private final Runnable wakeUp;
    private volatile boolean closed;

    /** Starts asleep, so that the first sender wakes a loop that has not run yet. */
    private volatile int sleep = ASLEEP;

    /**
     * Makes an open, empty queue.
     *
     * @param capacity rounded up to a power of two
     * @param wakeUp wakes the loop, from any thread; needless calls must do no harm. If it throws, the message waits
     *     and the next sender tries again
     */
    public LoopQueue(int capacity, Runnable wakeUp) {
        this.wakeUp = Objects.requireNonNull(wakeUp, "wakeUp");
        messages = new MpscVarHandleArrayQueue<>(capacity);
        int free = Math.max(2, messages.capacity());
        freeMessages = new MpmcVarHandleArrayQueue<>(Math.min(free, MOST_FREE_MESSAGES));
        freeChunks = new MpmcVarHandleArrayQueue<>(Math.min(free, MOST_FREE_CHUNKS));
    }

    /** How many messages can wait. */
    public int capacity() {
        return messages.capacity();
    }

    /** A free message, the caller's until an offer is accepted. Any thread. Allocates when none is free. */
    public QueuedMessage take() {
        // relaxed, like all uses of the free lists: behind a preempted thread it allocates instead of waiting
        QueuedMessage message = freeMessages.relaxedPoll();
        if (message == null) {
            return new QueuedMessage(this);
        }
        message.own();
        return message;
    }

    /**
     * Gives back a message that is the caller's, to the queue that made it. Any thread.
     *
     * @throws IllegalStateException if it waits in a queue or was given back already
     */
    public void release(QueuedMessage message) {
        message.clear();
        message.home.freeMessages.relaxedOffer(message);
    }

    /**
     * Hands a filled message to the loop. Any thread; never waits.
     *
     * @throws IllegalStateException if it has no target or is not the caller's
     */
    public Offer offer(QueuedMessage message) {
        if (closed) {
            return Offer.CLOSED; // also keeps a revoked message from entering the array a second time
        }
        message.checkOwned();
        long use = message.makeFull(this);
        if (!messages.offer(message)) {
            message.takeBack();
            return Offer.FULL;
        }
        return settle(message, use);
    }

    /**
     * The half of an offer that follows the queue's own. The loop may have the message by now, or a later sender: only
     * its state word is touched.
     * <p>Why no message is lost when the queue closes: the sender wins the producer index by CAS, then reads
     * {@link #closed}; the loop writes {@code closed}, then {@code poll()} reads the producer index. All four are volatile
     * accesses, hence in one order for both threads. A sender that read "open" won its index before {@code closed} was
     * written, so the loop sees the index and {@code poll()} waits for the element behind it. A sender that read "closed"
     * revokes; whoever wins the CAS on the state word has the message.
     */
    Offer settle(QueuedMessage message, long use) {
        if (closed && message.revoke(use)) {
            return Offer.CLOSED;
        }
        // Nor is a wake-up lost, by the same argument with `sleep` in the place of `closed`: the CAS of the producer
        // index is the sender's full fence between its offer and this volatile read.
        if (sleep == ASLEEP && SLEEP.compareAndSet(this, ASLEEP, AWAKE)) {
            wake();
        }
        return Offer.ACCEPTED;
    }

    private void wake() {
        try {
            wakeUp.run();
        } catch (RuntimeException e) {
            // An executor that refuses. The message is accepted: it must not look refused to its sender.
            sleep = ASLEEP;
        }
    }

    /** Whether nothing waits. A message that is half offered counts as waiting. Any thread. */
    public boolean isEmpty() {
        return closed || messages.isEmpty(); // what is found in a closed queue is on its way to be revoked
    }

    /**
     * Hands waiting messages to their targets. Loop only.
     * <p>Stops before a message whose sender was preempted in mid-offer instead of waiting for it; {@link #isEmpty} is
     * false then. A target that throws has its message all the same, and the next ones get theirs first.
     *
     * @param limit at most so many, so that senders cannot hold a turn for ever
     * @return how many were handed out
     */
    public int drain(int limit) {
        int drained = 0;
        Throwable failure = null;
        while (drained < limit && !closed) { // read again each time: a target may close the queue
            QueuedMessage message = messages.relaxedPoll();
            if (message == null) {
                break;
            }
            message.setTaken();
            drained++;
            try {
                Objects.requireNonNull(message.target).receive(message);
            } catch (RuntimeException | Error e) {
                failure = firstOf(failure, e);
            }
        }
        rethrow(failure);
        return drained;
    }

    /**
     * Takes nothing more and hands over what waits. Loop only; may be called again. Waits for a sender that was preempted
     * in mid-offer. Every accepted message has been drained or is handed over here.
     *
     * @param rest becomes the owner of each; if it throws, the next ones are handed over first
     * @return how many were handed over
     */
    public int close(Consumer<? super QueuedMessage> rest) {
        shut();
        int taken = 0;
        Throwable failure = null;
        // poll, not relaxedPoll: that one shows "nothing" in front of a preempted sender and hides accepted messages
        for (QueuedMessage message = messages.poll(); message != null; message = messages.poll()) {
            if (message.tryTake(this)) {
                taken++;
                try {
                    rest.accept(message);
                } catch (RuntimeException | Error e) {
                    failure = firstOf(failure, e);
                }
            }
        }
        rethrow(failure);
        return taken;
    }

    void shut() {
        closed = true;
        sleep = AWAKE; // the loop is up; nobody needs to wake it any more
    }

    /**
     * Tells senders that the loop is about to block, so that the next one wakes it. Loop only.
     * <p>The volatile write of ASLEEP is followed by the volatile read of the producer index in {@link #isEmpty}; the
     * sender does the reverse ({@link #settle}). At least one of the two sees the other.
     *
     * @return false if something waits: do not block, drain
     */
    public boolean prepareToSleep() {
        fallAsleep();
        if (isEmpty()) {
            return true;
        }
        awake();
        return false;
    }

    void fallAsleep() {
        sleep = ASLEEP;
    }

    /** Tells senders that the loop runs, so that they need not wake it. Loop only. */
    public void awake() {
        SLEEP.setRelease(this, AWAKE); // no fence: whoever still sees ASLEEP wakes once too often
    }

    Chunk takeChunk() {
        Chunk chunk = freeChunks.relaxedPoll();
        return chunk == null ? new Chunk() : chunk;
    }

    void returnChunk(Chunk chunk) {
        freeChunks.relaxedOffer(chunk);
    }

    private static Throwable firstOf(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next) {
            first.addSuppressed(next);
        }
        return first;
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    private static VarHandle sleepHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(LoopQueue.class, "sleep", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
