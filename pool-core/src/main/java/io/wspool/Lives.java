package io.wspool;

import io.wspool.api.CloseCause;
import io.wspool.api.PoolSnapshot;
import io.wspool.measure.PublishedLongs;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How well connections have lived: counted on the home loop, read by any thread as one consistent set. */
final class Lives {
    private static final int OPENED = 0;
    private static final int ENDED = 1;
    private static final int CLEAN = 2;
    private static final int OPEN_NANOS = 3;
    private static final int RECYCLED = 4;
    private static final int RECONNECTS = 5;
    private static final int FIELDS = 6;

    private final PublishedLongs published = new PublishedLongs(FIELDS);

    void opened(boolean again) {
        published.begin();
        published.add(OPENED, 1);
        published.add(RECONNECTS, again ? 1 : 0);
        published.end();
    }

    /** A channel has ended; one that never opened was no life. */
    void ended(@Nullable CloseCause cause, long openNanos) {
        if (openNanos == 0) {
            return;
        }
        published.begin();
        published.add(ENDED, 1);
        published.add(CLEAN, cause != null && cause.clean() ? 1 : 0);
        published.add(OPEN_NANOS, openNanos);
        published.end();
    }

    void recycled() {
        published.begin();
        published.add(RECYCLED, 1);
        published.end();
    }

    PoolSnapshot.Quality quality(double meanRttNanos) {
        long[] now = read();
        Duration mean = now[ENDED] == 0 ? Duration.ZERO : Duration.ofNanos(now[OPEN_NANOS] / now[ENDED]);
        return new PoolSnapshot.Quality(now[OPENED], mean, now[ENDED] - now[CLEAN], meanRttNanos, now[RECONNECTS]);
    }

    long recycledCount() {
        return read()[RECYCLED];
    }

    int clean() {
        return (int) read()[CLEAN];
    }

    int unclean() {
        long[] now = read();
        return (int) (now[ENDED] - now[CLEAN]);
    }

    private long[] read() {
        long[] now = new long[FIELDS];
        published.read(now);
        return now;
    }
}
