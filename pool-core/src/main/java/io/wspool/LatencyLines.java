package io.wspool;

import io.wspool.api.LatencyInterval;
import io.wspool.api.LatencyReader;
import io.wspool.api.LatencyStage;
import io.wspool.loop.Loop;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line per stage and period into the log, for stages in which something was recorded, and the last ones at the end of the
 * pool. The home loop keeps the time; reading and writing happen in the background, since a log may wait for a disk.
 */
final class LatencyLines {
    private static final double MICROSECOND = 1_000.0;

    private final Logger log;
    private final String pool;
    private final LatencyReader reader;
    private final Loop home;
    private final Executor writer;
    private final long everyNanos;

    /** Of a pool, under the name that a log's configuration knows. */
    static LatencyLines of(String pool, LatencyReader reader, Loop home, Executor writer, long everyNanos) {
        return new LatencyLines(LoggerFactory.getLogger("io.wspool.latency"), pool, reader, home, writer, everyNanos);
    }

    LatencyLines(Logger log, String pool, LatencyReader reader, Loop home, Executor writer, long everyNanos) {
        this.log = log;
        this.pool = pool;
        this.reader = reader;
        this.home = home;
        this.writer = writer;
        this.everyNanos = everyNanos;
    }

    /** Starts the periods. On the home loop. */
    void start() {
        home.schedule(this::due, everyNanos);
    }

    private void due() {
        start();
        writer.execute(this::write);
    }

    /** What the last, shorter period has brought. On the home loop, which has no further turn. */
    void end() {
        writer.execute(this::write);
    }

    /** In the background, one at a time. */
    private void write() {
        for (LatencyStage stage : LatencyStage.values()) {
            LatencyInterval interval = reader.next(stage);
            if (interval.count() > 0 && log.isInfoEnabled()) {
                log.info(
                        "{} {}: {} in {} ms; us: mean {}, p50 {}, p90 {}, p99 {}, p99.9 {}, p99.99 {}, max {}",
                        pool,
                        stage,
                        interval.count(),
                        interval.lengthNanos() / 1_000_000,
                        Math.round(interval.meanNanos()) / MICROSECOND,
                        interval.percentileNanos(50) / MICROSECOND,
                        interval.percentileNanos(90) / MICROSECOND,
                        interval.percentileNanos(99) / MICROSECOND,
                        interval.percentileNanos(99.9) / MICROSECOND,
                        interval.percentileNanos(99.99) / MICROSECOND,
                        interval.maxNanos() / MICROSECOND);
            }
        }
    }
}
