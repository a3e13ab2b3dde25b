package io.wspool.api;

/**
 * What one reader has found for one stage in one interval; see {@link LatencyReader#next}. The reader's own object: it shows the next
 * interval after the next call. No method allocates but {@link #figures}. The thread of its reader.
 */
public interface LatencyInterval {
    /** Of what. */
    LatencyStage stage();

    /** From the reading before this one to this one. */
    long lengthNanos();

    /** How many values; all others are 0 if this is. */
    long count();

    /** The shortest. */
    long minNanos();

    /** The longest. */
    long maxNanos();

    /** The average. */
    double meanNanos();

    /**
     * The value that so many per cent do not exceed.
     *
     * @param percentile 0 to 100
     */
    long percentileNanos(double percentile);

    /** All of this, as a record. Allocates it. */
    LatencyFigures figures();
}
