package io.wspool.channel;

import io.wspool.api.ChannelLimits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The bounds of one channel, kept by the senders themselves: what waits (messages and bytes in one word) and the tokens that have
 * no outcome yet. A sender raises them before it offers and lowers them when it is refused; the loop lowers them when a message
 * has been encoded or has ended. Any thread; no lock, no allocation.
 */
class Admission {
    /** The most tokens of one channel without an outcome. */
    static final int MOST_TOKENS = 1 << 16;

    private static final int MESSAGES_SHIFT = 40;
    private static final long ONE_MESSAGE = 1L << MESSAGES_SHIFT;
    private static final long BYTES = ONE_MESSAGE - 1;
    private static final VarHandle WAITING;
    private static final VarHandle TOKENS;
    private static final VarHandle OWES;
    private static final VarHandle TELLS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WAITING =
                    lookup.findVarHandle(Admission.class, "waiting", long.class).withInvokeExactBehavior();
            TOKENS = lookup.findVarHandle(Admission.class, "tokens", int.class).withInvokeExactBehavior();
            OWES = lookup.findVarHandle(Admission.class, "owesWritable", boolean.class)
                    .withInvokeExactBehavior();
            TELLS = lookup.findVarHandle(Admission.class, "tellsWritable", boolean.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ChannelLimits limits;
    private volatile long waiting;
    private volatile int tokens;
    private volatile boolean owesWritable;
    private volatile boolean tellsWritable;

    Admission(ChannelLimits limits) {
        this.limits = limits;
    }

    /** Raises what waits by one message, unless that breaks a bound. While nothing waits any message is admitted. */
    boolean enter(int length) {
        long before = (long) WAITING.getAndAdd(this, ONE_MESSAGE + length);
        long messages = before >>> MESSAGES_SHIFT;
        if (messages == 0
                || (messages < limits.waitingMessages() && (before & BYTES) + length <= limits.waitingBytes())) {
            return true;
        }
        leave(length);
        return false;
    }

    /** Whether {@link #enter} would do it now. */
    public final boolean hasRoomFor(int length) {
        long now = waiting;
        long messages = now >>> MESSAGES_SHIFT;
        return messages == 0
                || (messages < limits.waitingMessages() && (now & BYTES) + length <= limits.waitingBytes());
    }

    /** Raises what waits by one message whatever the bound: the rest of a message that is already under way. */
    void force(int length) {
        long unused =
                (long) WAITING.getAndAdd(this, ONE_MESSAGE + length); // typed: a call for nothing is adapted, and boxes
    }

    /** Lowers what waits by one message. */
    void leave(int length) {
        long unused = (long) WAITING.getAndAdd(this, -(ONE_MESSAGE + length));
    }

    /** Raises the tokens; false, and nothing raised, when they are at their bound and {@code bounded}. */
    boolean enterToken(boolean bounded) {
        int before = (int) TOKENS.getAndAdd(this, 1);
        if (before < MOST_TOKENS || !bounded) {
            return true;
        }
        leaveTokens(1);
        return false;
    }

    /** Lowers the tokens: they have their outcome, or were refused. */
    void leaveTokens(int count) {
        int unused = (int) TOKENS.getAndAdd(this, -count);
    }

    /**
     * A sender of {@code length} bytes was refused: it shall hear of room. Answers true if there is room for it already, so that
     * the caller must see to it that it is told: once, however many are refused, until {@link #tellsDebt}.
     */
    boolean owe(int length, boolean tokensBounded) {
        owesWritable = true;
        // The loop may have made room, and looked at the flag, between the refusal and the line above.
        return hasRoom(tokensBounded)
                && hasRoomFor(length)
                && !tellsWritable
                && (boolean) TELLS.compareAndSet(this, false, true);
    }

    /** Whoever was to tell it is about to look whether there is a debt. */
    void tellsDebt() {
        tellsWritable = false;
    }

    /** Takes the debt, if there is one and there is room: the taker must tell it. */
    boolean takeDebtIfRoom(boolean tokensBounded) {
        return owesWritable && hasRoom(tokensBounded) && takeDebt();
    }

    /** Takes the debt, if there is one. */
    boolean takeDebt() {
        return (boolean) OWES.compareAndSet(this, true, false);
    }

    private boolean hasRoom(boolean tokensBounded) {
        long now = waiting;
        return now >>> MESSAGES_SHIFT <= limits.waitingMessages() / 2
                && (now & BYTES) <= limits.waitingBytes() / 2
                && (!tokensBounded || tokens <= MOST_TOKENS / 2);
    }

    /** Both numbers in one word; 0 when nothing waits. */
    public final long waiting() {
        return (long) WAITING.getOpaque(this);
    }

    /** Of {@link #waiting}, the bytes. */
    static long bytes(long waiting) {
        return waiting & BYTES;
    }

    long messages() {
        return (long) WAITING.getOpaque(this) >>> MESSAGES_SHIFT;
    }

    long bytes() {
        return (long) WAITING.getOpaque(this) & BYTES;
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    int tokens() {
        return tokens;
    }
}
