package io.wspool.loop;

/** What a loop calls on a channel of its own. Loop only. */
public interface LoopMember {
    /** The end of a turn in which it asked for this: write what was encoded, in one write. */
    void flush();

    /**
     * A tick.
     *
     * @param servedNanos the loop's served time
     * @return whether it still has something in flight that must be looked after
     */
    boolean tick(long servedNanos);
}
