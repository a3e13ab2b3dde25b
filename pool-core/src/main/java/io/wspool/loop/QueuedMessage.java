package io.wspool.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way from a sender's thread to a loop: who shall have it, and a copy of its bytes. Used again and
 * again; it always goes back to the {@link LoopQueue} that made it.
 * <p><b>Threads:</b> one owner at a time, whose fields these are: whoever called {@link LoopQueue#take} until an offer is
 * {@link LoopQueue.Offer#ACCEPTED}, from there the receiving loop, until {@link LoopQueue#release}. Only the state word
 * is ever touched by two threads. <b>Cost:</b> up to 512 bytes lie in the message itself, more in chunks of 4 KiB;
 * nothing is allocated while the queue's free lists last. Not padded: a message and its bytes are 0.6 KB apart from the
 * next.
 */
public final class QueuedMessage extends Payload {
    /** What takes drained messages over: a channel. */
    public interface Receiver {
        /** Takes over a message; it is the receiver's now, even if this throws. On the loop that drains. */
        void receive(QueuedMessage message);
    }

    /*
     * The state word: the use count above, one of these in the two lowest bits below. A use is one offer; its number
     * keeps a sender that was preempted after its offer from revoking a later use of the same message (ABA). At ten
     * million uses a second 62 bits last 14,000 years.
     */
    /** In the free list. */
    private static final int FREE = 0;
    /** In a queue; sender and loop may both reach for it. */
    private static final int FULL = 1;
    /** One owner has it. */
    private static final int TAKEN = 2;
    /** The sender has it back from a closed queue, in whose array it may still lie. */
    private static final int REVOKED = 3;

    private static final int PHASE_BITS = 2;
    private static final long PHASE = (1 << PHASE_BITS) - 1;
    private static final VarHandle STATE = stateHandle();

    /** Whom {@link LoopQueue#drain} hands it to; may be changed when the message is moved. */
    public @Nullable Receiver target;
    /** The next one in whatever list its owner keeps it. */
    public @Nullable QueuedMessage next;
    /** The user's token; valid if {@link #hasToken}. */
    public long token;
    /** Payload bytes that are encoded already: the rest is what a refused write left. Loop only. */
    public int offset;
    /** How often it was moved to another channel. */
    public int moves;

    /** When its sender offered it; written only where latencies are measured. */
    public long offeredAt;
    /** When a loop first took it over; likewise. */
    public long arrivedAt;

    public boolean moveable;
    public boolean text;
    public boolean hasToken;

    /** These bytes are the rest of a message whose beginning is encoded. Loop only. */
    public boolean continuation;

    /** It has reached a loop once, and was counted there. Loop only. */
    public boolean arrived;

    /** {@link #offeredAt} was written by another thread than the loop's. */
    public boolean handedOver;

    /** The queue of the current use. Written before the release store of FULL. */
    private @Nullable LoopQueue offeredTo;

    private long state = TAKEN;

    QueuedMessage(LoopQueue home) {
        super(home);
    }

    /** Says to whom and how it goes. */
    public void describe(Receiver to, boolean asText, boolean withToken, long itsToken, boolean mayMove) {
        target = to;
        text = asText;
        hasToken = withToken;
        token = itsToken;
        moveable = mayMove;
    }

    /** Whether a part of it is encoded. */
    public boolean begun() {
        return continuation || offset > 0;
    }

    /** Whether all of it is. */
    public boolean isEncoded() {
        return begun() && offset == length;
    }

    // The state word, in the order of a life.

    /** Sender: out of the free list. Plain: the free list handed it over. */
    void own() {
        state = withPhase(state, TAKEN);
    }

    /**
     * Sender, before its offer: a new use, FULL. Release, because a closing loop may meet the message in an older place
     * of its array and must then see in {@link #offeredTo} that this use is not its own.
     *
     * @return the state word of this use, for {@link #revoke}
     */
    long makeFull(LoopQueue queue) {
        long full = withPhase(state + (1L << PHASE_BITS), FULL);
        offeredTo = queue;
        STATE.setRelease(this, full);
        return full;
    }

    /** Sender, when the queue was full: nobody else has seen it. */
    void takeBack() {
        STATE.setOpaque(this, withPhase(state, TAKEN));
    }

    /** Loop of an open queue: no fence and no CAS, since senders only reach for it after they saw the queue closed. */
    void setTaken() {
        assert phase() == FULL : this;
        STATE.setOpaque(this, withPhase(state, TAKEN));
    }

    /** Loop of a closing queue: takes the message unless its sender was quicker. */
    boolean tryTake(LoopQueue queue) {
        long seen = (long) STATE.getAcquire(this);
        return (seen & PHASE) == FULL && offeredTo == queue && STATE.compareAndSet(this, seen, withPhase(seen, TAKEN));
    }

    /** Sender that found the queue closed after its offer: takes the message back unless the loop was quicker. */
    boolean revoke(long full) {
        return STATE.compareAndSet(this, full, withPhase(full, REVOKED));
    }

    /** Owner: forgets everything but the use count. */
    void clear() {
        int phase = phase();
        if (phase != TAKEN && phase != REVOKED) {
            throw new IllegalStateException(this + " is not its releaser's");
        }
        dropPayload();
        target = null;
        next = null;
        offeredTo = null;
        token = 0;
        offset = 0;
        moves = 0;
        moveable = false;
        text = false;
        hasToken = false;
        continuation = false;
        arrived = false;
        handedOver = false;
        STATE.setOpaque(this, withPhase(state, FREE));
    }

    /** Owner: throws unless the message may be offered. */
    void checkOwned() {
        int phase = phase();
        if (target == null || (phase != TAKEN && phase != REVOKED)) {
            throw new IllegalStateException(this + " is not its sender's, or has no target");
        }
    }

    private int phase() {
        return (int) (state & PHASE);
    }

    private static long withPhase(long state, int phase) {
        return (state & ~PHASE) | phase;
    }

    @Override
    public String toString() {
        long seen = (long) STATE.getOpaque(this);
        String phase = switch ((int) (seen & PHASE)) {
            case FREE -> "FREE";
            case FULL -> "FULL";
            case TAKEN -> "TAKEN";
            default -> "REVOKED";
        };
        return "message(" + phase + ", use " + (seen >>> PHASE_BITS) + ", " + length + " bytes)";
    }

    private static VarHandle stateHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(QueuedMessage.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
