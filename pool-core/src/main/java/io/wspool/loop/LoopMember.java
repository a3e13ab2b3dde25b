package io.wspool.loop;

/** What a loop calls on a channel of its own. Loop only. */
public interface LoopMember {
    /** What {@link #tick} answers when nothing is left to be looked after. */
    long NO_TICK = Long.MAX_VALUE;

    /** The end of a turn in which it asked for this: write what is encoded. */
    void flush();

    /**
     * A tick.
     *
     * @param servedNanos the loop's served time
     * @return for how many nanoseconds it may be left alone, 0 if it is to be looked after at the usual interval, or {@link #NO_TICK}
     */
    long tick(long servedNanos);
}
