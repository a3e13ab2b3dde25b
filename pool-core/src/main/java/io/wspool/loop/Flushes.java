package io.wspool.loop;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The members of a loop that have something to write in this turn, in the order in which they said so. Loop only. */
final class Flushes {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final String name;
    private LoopMember[] dirty = new LoopMember[8];
    private int count;
    private int flushedEarly;
    private boolean flushing;

    Flushes(String name) {
        this.name = name;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Once until it is flushed. Above {@link SendBuffers#KEPT} the first is flushed at once: each holds a buffer until then. */
    void add(LoopMember member) {
        if (count == dirty.length) {
            dirty = Arrays.copyOf(dirty, 2 * count);
        }
        dirty[count++] = member;
        if (!flushing && count - flushedEarly > SendBuffers.KEPT) {
            flushing = true;
            flush(flushedEarly++);
            flushing = false;
        }
    }

    /** Flushes all, and those that are added meanwhile. */
    void run() {
        flushing = true;
        for (int i = flushedEarly; i < count; i++) {
            flush(i);
        }
        flushing = false;
        flushedEarly = 0;
        count = 0;
    }

    private void flush(int index) {
        LoopMember member = dirty[index];
        dirty[index] = null;
        try {
            member.flush();
        } catch (Throwable t) {
            LOG.error("{}: a flush failed; the loop goes on", name, t);
        }
    }
}
