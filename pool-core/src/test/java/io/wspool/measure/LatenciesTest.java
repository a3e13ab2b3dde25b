package io.wspool.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.wspool.api.LatencyFigures;
import io.wspool.api.LatencyInterval;
import io.wspool.api.LatencyReader;
import io.wspool.api.LatencyStage;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers find: every value once, in figures that HdrHistogram would give, without garbage. */
class LatenciesTest {
    private static final LatencyStage STAGE = LatencyStage.APPLICATION;

    private final LatencyRecorders one = new LatencyRecorders(3);
    private final LatencyRecorders other = new LatencyRecorders(3);
    private long now;

    private Latencies latencies(long expectedNanos) {
        return new Latencies(new LatencyRecorders[] {one, other}, expectedNanos, () -> now, () -> 0);
    }

    @Test
    void nothingRecordedIsNothingRead() {
        Latencies latencies = latencies(1_000);
        LatencyInterval interval = latencies.newReader().next(STAGE);
        assertThat(interval.count()).isZero();
        assertThat(interval.figures()).isEqualTo(LatencyFigures.NONE);
        assertThat(interval.percentileNanos(99)).isZero();
        assertThat(latencies.figures(STAGE)).isEqualTo(LatencyFigures.NONE);
    }

    @Test
    void figuresAreThoseOfOneHistogramOfAllRecorders() {
        Histogram expected = new Histogram(3);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            long value = random.nextLong(10_000_000_000L) >>> random.nextInt(20);
            (i % 2 == 0 ? one : other).record(STAGE, value, 1 + i % 3);
            expected.recordValueWithCount(value, 1 + i % 3);
        }
        LatencyFigures found = latencies(0).figures(STAGE);
        assertThat(found.count()).isEqualTo(expected.getTotalCount());
        assertThat(found.p50()).isEqualTo(expected.getValueAtPercentile(50));
        assertThat(found.p90()).isEqualTo(expected.getValueAtPercentile(90));
        assertThat(found.p99()).isEqualTo(expected.getValueAtPercentile(99));
        assertThat(found.p999()).isEqualTo(expected.getValueAtPercentile(99.9));
        assertThat(found.p9999()).isEqualTo(expected.getValueAtPercentile(99.99));
        assertThat(found.max()).isEqualTo(expected.getMaxValue());
        assertThat(found.min()).isEqualTo(expected.getMinValue());
        assertThat(found.mean()).isEqualTo(expected.getMean());
    }

    @Test
    void eachReaderHasItsOwnIntervals() {
        Latencies latencies = latencies(0);
        one.record(STAGE, 100, 1);
        LatencyReader early = latencies.newReader();
        now = 5;
        one.record(STAGE, 200, 2);
        LatencyReader late = latencies.newReader();
        now = 12;
        other.record(STAGE, 300, 4);
        LatencyInterval all = early.next(STAGE);
        assertThat(all.count()).as("since it was made").isEqualTo(6);
        assertThat(all.lengthNanos()).isEqualTo(12);
        assertThat(all.minNanos()).isEqualTo(200);
        assertThat(late.next(STAGE).count()).isEqualTo(4);
        assertThat(late.next(STAGE).count()).as("read before").isZero();
        one.record(STAGE, 400, 8);
        assertThat(early.next(STAGE)).as("the same object").isSameAs(all);
        assertThat(all.count()).isEqualTo(8);
        assertThat(all.maxNanos()).isEqualTo(400);
        assertThat(latencies.figures(STAGE).count()).as("of the beginning").isEqualTo(15);
        assertThat(early.next(LatencyStage.WRITE).count()).as("another stage").isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 1_000, 99_999, 100_000, 100_001})
    void theCorrectionIsThatOfHdrHistogram(long expectedNanos) {
        Histogram expected = new Histogram(3);
        SplittableRandom random = new SplittableRandom(expectedNanos);
        for (int i = 0; i < 50; i++) {
            long value = new Histogram(3).lowestEquivalentValue(random.nextLong(1_000_000));
            one.record(STAGE, value, 1);
            expected.recordValueWithExpectedInterval(value, expectedNanos);
        }
        LatencyFigures found = latencies(expectedNanos).figures(STAGE);
        assertThat(found.count()).isEqualTo(expected.getTotalCount());
        assertThat(found.p50()).isEqualTo(expected.getValueAtPercentile(50));
        assertThat(found.p99()).isEqualTo(expected.getValueAtPercentile(99));
        assertThat(found.max()).isEqualTo(expected.getMaxValue());
        assertThat(latencies(0).figures(STAGE).count()).as("as measured").isEqualTo(50);
    }

    @Test
    void theCorrectionBeginsAtTwiceTheExpectedInterval() {
        one.record(STAGE, 199, 1);
        assertThat(latencies(100).figures(STAGE).count()).isEqualTo(1);
        one.record(STAGE, 200, 1);
        assertThat(latencies(100).figures(STAGE).count()).isEqualTo(3);
    }

    @Test
    void theOtherStagesAreNotCorrected() {
        one.record(LatencyStage.WRITE, 1_000, 1);
        assertThat(latencies(10).figures(LatencyStage.WRITE).count()).isEqualTo(1);
    }

    @Test
    void aStallOfMoreThanAnHourIsCorrectedInAMoment() {
        one.record(STAGE, LatencyCounts.LONGEST_NANOS, 1);
        LatencyFigures found = latencies(1).figures(STAGE);
        assertThat(found.count())
                .isEqualTo(new Histogram(3).lowestEquivalentValue(LatencyCounts.LONGEST_NANOS)); // 4.4e12 values
    }

    @Test
    void nothingIsLostOrFoundTwiceWhileTheLoopRecords() throws Exception {
        int values = 3_000_000;
        Latencies latencies = latencies(0);
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Long> reading = new FutureTask<>(() -> {
            LatencyReader reader = latencies.newReader();
            long sum = 0;
            boolean last;
            do {
                last = over.get();
                sum += reader.next(STAGE).count();
            } while (!last);
            return sum;
        });
        LatencyReader reader = latencies.newReader();
        new Thread(reading, "reader").start();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < values; i++) {
            one.record(STAGE, random.nextInt(2_000_000), 1);
        }
        over.set(true);
        assertThat(reading.get()).isLessThanOrEqualTo(values);
        assertThat(reader.next(STAGE).count()).as("one that reads once").isEqualTo(values);
    }

    @Test
    void neitherRecordingNorReadingMakesGarbage() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        LatencyReader reader = latencies(50).newReader();
        long sink = 0;
        long allocated = Long.MAX_VALUE;
        for (int batch = 0; batch < 20 && allocated > 0; batch++) { // what compilers take is no part of it
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < 2_000; i++) {
                one.record(STAGE, i, 1);
                one.record(LatencyStage.WRITE, i, 3);
            }
            LatencyInterval interval = reader.next(STAGE);
            sink += interval.count() + interval.percentileNanos(99) + interval.maxNanos() + (long) interval.meanNanos();
            sink += reader.next(LatencyStage.WRITE).minNanos();
            allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        }
        assertThat(sink).isPositive();
        assertThat(allocated).isZero();
    }
}
