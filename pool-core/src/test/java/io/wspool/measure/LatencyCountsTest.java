package io.wspool.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The buckets are those of HdrHistogram, so nothing is rounded twice; what is outside counts at the ends. */
class LatencyCountsTest {
    /** Of a fresh recorder that has recorded this value alone. */
    private static long kept(int digits, long value) {
        LatencyCounts counts = new LatencyCounts(digits);
        counts.record(value, 1);
        long kept = -1;
        for (int chunk = 0; chunk < counts.chunks(); chunk++) {
            long[] of = counts.chunk(chunk);
            for (int i = 0; of != null && i < of.length; i++) {
                if (LatencyCounts.count(of, i) != 0) {
                    assertThat(kept).as("one bucket for " + value).isEqualTo(-1);
                    assertThat(LatencyCounts.count(of, i)).isEqualTo(1);
                    kept = counts.value(chunk, i);
                }
            }
        }
        return kept;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void eachValueFallsIntoItsBucketOfHdrHistogram(int digits) {
        Histogram histogram = new Histogram(digits);
        SplittableRandom random = new SplittableRandom(digits);
        for (int i = 0; i < 5_000; i++) {
            long value = random.nextLong(LatencyCounts.LONGEST_NANOS + 1) >>> random.nextInt(42);
            assertThat(kept(digits, value)).as("%d", value).isEqualTo(histogram.lowestEquivalentValue(value));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void bothSidesOfEachPowerOfTwo(int digits) {
        Histogram histogram = new Histogram(digits);
        for (int bits = 0; bits < 42; bits++) {
            for (long value = (1L << bits) - 1; value <= (1L << bits) + 1; value++) {
                if (value <= LatencyCounts.LONGEST_NANOS) {
                    assertThat(kept(digits, value)).as("%d", value).isEqualTo(histogram.lowestEquivalentValue(value));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void whatIsOutsideCountsAtTheEnds(int digits) {
        long longest = LatencyCounts.LONGEST_NANOS;
        assertThat(kept(digits, -1)).isZero();
        assertThat(kept(digits, Long.MIN_VALUE)).isZero();
        assertThat(kept(digits, longest + 1)).isEqualTo(kept(digits, longest));
        assertThat(kept(digits, Long.MAX_VALUE)).isEqualTo(kept(digits, longest));
        assertThat(kept(digits, longest - longest / 50)).isLessThan(kept(digits, longest));
    }
}
