package io.wspool.loop;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a polling loop asks the selector, and which sockets it reads before that: those that were of use last, at most
 * {@value #MOST}. Each costs a system call a turn while it is silent, so one that stays silent while others are hot goes cold; the
 * last one stays. Loop only.
 * <p>While turns do not sleep the selector need not know plain ones: they leave it, and join it again before a turn that may sleep.
 */
public final class HotSockets {
    static final int MOST = 8;
    static final int COLD_AFTER_EMPTY_READS = 4096;

    /** Timers, tasks and sockets that are not hot wait at most so long while hot sockets are read instead of the selector. */
    private static final long SELECT_AT_LEAST_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    /** The best time to select is behind a write: what that asked for cannot be back yet, so nothing hot waits meanwhile. */
    private static final long SELECT_BEHIND_WRITE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    /** So many turns without sleep say that there will be more: only then is it worth two system calls to leave the selector. */
    static final int APART_AFTER_TURNS = 1024;

    private final @Nullable HotReader[] readers = new HotReader[MOST];
    private final int[] emptyReads = new int[MOST];
    private int count;
    private boolean reading;
    private int turnsAwake;
    private boolean apart;
    private long selectedAt;
    private boolean wrote;

    /** Whether the bytes of one are being handed on: then {@link Loop#turnNanos} was read when they had come. */
    public boolean areRead() {
        return reading;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** This one was of use just now: while turns do not sleep, it is read before the selector is asked. */
    public void heat(HotReader reader) {
        int place = 0;
        while (place < count && readers[place] != reader) {
            place++;
        }
        if (place == MOST) {
            maySleep(); // while places are contested it costs less to leave the selector as it is
            place = coldest();
        } else if (place == count) {
            count++;
        }
        emptyReads[place] = 0;
        if (readers[place] != reader) {
            readers[place] = reader;
            if (apart) {
                leave(reader);
            }
        }
    }

    /** This one is not to be read any more. */
    public void cool(HotReader reader) {
        for (int i = 0; i < count; i++) {
            if (readers[i] == reader) {
                remove(i);
                return;
            }
        }
    }

    /**
     * This turn does not sleep. After some such turns the selector is no longer asked about hot sockets, unless there are more than
     * places: the longer way through it would now and then bring what the next read brings.
     */
    void awake() {
        if (!apart && ++turnsAwake >= APART_AFTER_TURNS) {
            apart = true;
            for (int i = 0; i < count; i++) {
                leave(readers[i]);
            }
        }
    }

    /** The selector has to know all sockets: this turn may sleep. */
    void maySleep() {
        turnsAwake = 0;
        if (apart) {
            for (int i = 0; i < count; i++) {
                rejoin(readers[i]);
            }
            apart = false;
        }
    }

    private static void leave(@Nullable HotReader reader) {
        if (reader != null) {
            reader.selectable(false);
        }
    }

    private void rejoin(@Nullable HotReader reader) {
        if (apart && reader != null) {
            reader.selectable(true);
        }
    }

    /** The socket took bytes. */
    public void wrote() {
        wrote = true;
    }

    void selected(long now) {
        selectedAt = now;
    }

    /** Whether the selector is to be asked before hot sockets are read. */
    boolean selectorComesFirst(long now) {
        boolean first = wrote && now - selectedAt >= SELECT_BEHIND_WRITE_NANOS;
        wrote = false;
        return first;
    }

    /** Whether it is to be asked now, whatever hot sockets bring. */
    boolean selectorIsDue(long now) {
        return now - selectedAt >= SELECT_AT_LEAST_NANOS;
    }

    /** Reads each once; how many had something. */
    int read() {
        reading = true;
        try {
            return readEach();
        } finally {
            reading = false;
        }
    }

    private int readEach() {
        int useful = 0;
        for (int i = count - 1; i >= 0; i--) { // downwards: the last may take the place of one that is removed
            HotReader reader = i < count ? readers[i] : null; // a callback may have ended others
            int bytes = reader == null ? 0 : reader.readHot();
            if (bytes > 0) {
                useful++;
            } else if (reader != null && i < count && readers[i] == reader) {
                if (bytes < 0 || (++emptyReads[i] >= COLD_AFTER_EMPTY_READS && count > 1)) {
                    remove(i);
                }
            }
        }
        return useful;
    }

    /** Forgets all. */
    void clear() {
        Arrays.fill(readers, null);
        count = 0;
    }

    private void remove(int place) {
        rejoin(readers[place]);
        count--;
        readers[place] = readers[count];
        emptyReads[place] = emptyReads[count];
        readers[count] = null;
    }

    private int coldest() {
        int coldest = 0;
        for (int i = 1; i < count; i++) {
            if (emptyReads[i] > emptyReads[coldest]) {
                coldest = i;
            }
        }
        return coldest;
    }
}
