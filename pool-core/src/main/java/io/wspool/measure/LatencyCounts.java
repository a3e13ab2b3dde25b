package io.wspool.measure;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Latencies in nanoseconds, counted in the buckets of HdrHistogram. One thread records, any thread reads.
 * <p><b>Why not its recorders:</b> they swap two histograms under a phaser, so whoever reads an interval takes it from everybody else,
 * and every channel would own three histograms a stage. Here a count only ever grows: an interval is the difference of two readings,
 * each reader keeps its own last one, nobody waits, and a value is in exactly one interval of each reader.
 * <p><b>Cost:</b> a load, an addition and an opaque store a value; no allocation once its power of two was seen. <b>Memory:</b>
 * a chunk for each power of two that occurred, 1 KiB at two digits, 8 KiB at three.
 */
final class LatencyCounts {
    private static final int MOST_BITS = 42;

    /** What took longer counts as this: 73 minutes. */
    static final long LONGEST_NANOS = (1L << MOST_BITS) - 1;

    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(long[][].class);

    private final int chunkBits;
    private final int mask;

    /** The first counts values below the chunk's length one by one, as does the second; each later one twice as coarsely as the one before. */
    private final long[] @Nullable [] chunks;

    /** Keeps so many significant digits. */
    LatencyCounts(int digits) {
        int exactUpTo = 2 * (int) Math.pow(10, digits);
        chunkBits =
                Integer.SIZE - Integer.numberOfLeadingZeros(exactUpTo - 1) - 1; // half of HdrHistogram's sub-buckets
        mask = (1 << chunkBits) - 1;
        chunks = new long[MOST_BITS - chunkBits + 1][];
    }

    /** Records a value so many times. The writer's thread only. */
    void record(long nanos, long times) {
        long value = nanos >>> MOST_BITS == 0 ? nanos : outside(nanos);
        int chunk = Long.SIZE - Long.numberOfLeadingZeros(value | mask) - chunkBits;
        long[] counts = chunks[chunk];
        if (counts == null) {
            counts = grow(chunk);
        }
        int index = (int) (value >>> Math.max(0, chunk - 1)) & mask;
        COUNT.setOpaque(counts, index, counts[index] + times);
    }

    private long[] grow(int chunk) {
        long[] counts = new long[mask + 1];
        CHUNK.setRelease(chunks, chunk, counts);
        return counts;
    }

    private static long outside(long nanos) {
        return nanos < 0 ? 0 : LONGEST_NANOS;
    }

    /** How many chunks there can be. Any thread. */
    int chunks() {
        return chunks.length;
    }

    /** Its counts, or null if none of its values has occurred. Any thread. */
    long @Nullable [] chunk(int chunk) {
        return (long[]) CHUNK.getAcquire(chunks, chunk);
    }

    /** One count. Any thread. */
    static long count(long[] counts, int index) {
        return (long) COUNT.getOpaque(counts, index);
    }

    /** The least of the values that are counted there. */
    long value(int chunk, int index) {
        return chunk == 0 ? index : (long) (index + mask + 1) << (chunk - 1);
    }
}
