package io.wspool.measure;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A few numbers that one thread writes and any thread reads as one consistent set (a sequence lock). The writer never waits; a
 * reader that meets a write reads again. No allocation on either side.
 */
public final class PublishedLongs {
    private static final VarHandle VERSION;
    private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(PublishedLongs.class, "version", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] values;

    @SuppressWarnings("unused") // by VERSION
    private long version;

    /** All zero. */
    public PublishedLongs(int size) {
        values = new long[size];
    }

    /** Begins a change: readers wait for {@link #end}. Writer only. */
    public void begin() {
        VERSION.setOpaque(this, version + 1);
        VarHandle.releaseFence(); // the odd version is seen before any of the new values
    }

    /** What was set last. Writer only. */
    public long get(int index) {
        return values[index];
    }

    /** Sets one value, between {@link #begin} and {@link #end}. Writer only. */
    public void set(int index, long value) {
        VALUE.setOpaque(values, index, value);
    }

    /** Adds to one value, between {@link #begin} and {@link #end}. Writer only. */
    public void add(int index, long delta) {
        VALUE.setOpaque(values, index, values[index] + delta);
    }

    /** Ends a change. Writer only. */
    public void end() {
        VERSION.setRelease(this, version + 1);
    }

    /** Copies one consistent set into {@code into}. Any thread. */
    public void read(long[] into) {
        for (; ; ) {
            long before = (long) VERSION.getAcquire(this);
            if ((before & 1) == 0) {
                for (int i = 0; i < values.length; i++) {
                    into[i] = (long) VALUE.getOpaque(values, i);
                }
                VarHandle.acquireFence(); // the values are read before the version is looked at again
                if ((long) VERSION.getOpaque(this) == before) {
                    return;
                }
            }
            Thread.onSpinWait();
        }
    }
}
