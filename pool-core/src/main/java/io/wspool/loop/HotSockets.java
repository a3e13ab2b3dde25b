package io.wspool.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which sockets a polling loop reads before it asks the selector: those that were of use last, at most {@value #MOST}. Each costs
 * a system call a turn while it is silent, so one that stays silent while others are hot goes cold; the last one stays. Loop only.
 */
final class HotSockets {
    static final int MOST = 8;
    static final int COLD_AFTER_EMPTY_READS = 4096;

    private final @Nullable HotReader[] readers = new HotReader[MOST];
    private final int[] emptyReads = new int[MOST];
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** This one was of use just now. */
    void heat(HotReader reader) {
        int place = 0;
        while (place < count && readers[place] != reader) {
            place++;
        }
        if (place == MOST) {
            place = coldest();
        } else if (place == count) {
            count++;
        }
        readers[place] = reader;
        emptyReads[place] = 0;
    }

    void cool(HotReader reader) {
        for (int i = 0; i < count; i++) {
            if (readers[i] == reader) {
                remove(i);
                return;
            }
        }
    }

    /** Reads each once; how many had something. */
    int read() {
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

    void clear() {
        Arrays.fill(readers, null);
        count = 0;
    }

    private void remove(int place) {
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
