package io.wspool.api;

/**
 * Reads in intervals. Each reader has its own: readers take nothing from each other, and nothing from the totals. One thread at a
 * time, which may be any; the loops do not notice.
 * <p><b>Cost:</b> a walk over the counts that are in use, some ten microseconds; no allocation once the range of values was seen.
 * <b>Truth:</b> a value that is recorded during a reading is in this interval or in the next one, exactly once.
 */
public interface LatencyReader {
    /**
     * What was recorded since the last call for this stage, or since this reader was made.
     *
     * @return always the same object for a stage
     */
    LatencyInterval next(LatencyStage stage);
}
