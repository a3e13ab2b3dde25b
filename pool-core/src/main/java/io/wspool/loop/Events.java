package io.wspool.loop;

import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a loop has to do later, in order. What one of them throws is logged and breaks only itself. Loop only. */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final String loop;
    private final ArrayDeque<Runnable> queued = new ArrayDeque<>();

    /** Of the loop of that name. */
    Events(String loop) {
        this.loop = loop;
    }

    void add(Runnable event) {
        queued.addLast(event);
    }

    boolean isEmpty() {
        return queued.isEmpty();
    }

    int size() {
        return queued.size();
    }

    /** Runs the first {@code count}, not what they add; how many there were. */
    int run(int count) {
        for (int i = 0; i < count; i++) {
            Runnable event = queued.pollFirst();
            if (event == null) {
                return i;
            }
            try {
                event.run();
            } catch (Throwable t) {
                LOG.error("{}: an event failed; the loop goes on", loop, t);
            }
        }
        return count;
    }
}
