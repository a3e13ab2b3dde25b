package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalTest {
    @Test
    void ranksAreThoseOfTheTablesOfOrderStatistics() {
        // n, k of the 95 % interval of a median, as printed in textbooks
        int[][] table = {{6, 1}, {8, 1}, {9, 2}, {12, 3}, {15, 4}, {20, 6}, {25, 8}, {30, 10}, {40, 14}, {50, 18}};
        for (int[] row : table) {
            assertThat(Interval.rank(row[0])).as("n = " + row[0]).isEqualTo(row[1]);
        }
    }

    @Test
    void belowSixRoundsTheIntervalIsTheWholeRange() {
        assertThat(Interval.ofMedian(new double[] {3, 1, 2})).isEqualTo(new Interval(2, 1, 3));
        assertThat(Interval.ofMedian(new double[] {4})).isEqualTo(new Interval(4, 4, 4));
    }

    @Test
    void anEvenCountHasTheMeanOfTheMiddle() {
        assertThat(Interval.ofMedian(new double[] {1, 4, 2, 3}).value()).isEqualTo(2.5);
    }

    @Test
    void whatIsNoNumberIsLeftOut() {
        assertThat(Interval.ofMedian(new double[] {Double.NaN, 5, Double.NaN})).isEqualTo(new Interval(5, 5, 5));
        assertThat(Interval.ofMedian(new double[0]).value()).isNaN();
    }

    @Test
    void theIntervalHoldsTheTrueMedianAsOftenAsItSays() {
        Random random = new Random(1);
        int inside = 0;
        for (int trial = 0; trial < 2_000; trial++) {
            double[] numbers = new double[20];
            Arrays.setAll(numbers, i -> Math.exp(random.nextGaussian()));
            Interval interval = Interval.ofMedian(numbers);
            inside += interval.low() <= 1 && 1 <= interval.high() ? 1 : 0;
        }
        assertThat(inside / 2_000.0).isBetween(0.945, 0.975);
    }
}
