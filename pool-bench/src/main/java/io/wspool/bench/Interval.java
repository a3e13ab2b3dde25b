package io.wspool.bench;

import java.util.Arrays;

/**
 * A median and a 95 % interval for it.
 *
 * @param value the median
 * @param low lower end
 * @param high upper end
 */
record Interval(double value, double low, double high) {
    /**
     * Of numbers, one per round; those that are no numbers are left out. The interval is that of order statistics: between the k-th
     * smallest and the k-th largest, with the largest k for which the binomial distribution gives at least 95 %. It assumes nothing
     * about how the numbers are distributed. Below six rounds no pair reaches 95 %, and it goes from the smallest to the largest.
     */
    static Interval ofMedian(double[] numbers) {
        double[] sorted =
                Arrays.stream(numbers).filter(n -> !Double.isNaN(n)).sorted().toArray();
        int n = sorted.length;
        if (n == 0) {
            return new Interval(Double.NaN, Double.NaN, Double.NaN);
        }
        double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        int k = rank(n);
        return new Interval(median, sorted[k - 1], sorted[n - k]);
    }

    /** The largest k with P(fewer than k of n fall below the median) at most 2.5 %, at least 1. */
    static int rank(int n) {
        double one = Math.pow(0.5, n);
        double below = one;
        int k = 0;
        while (below <= 0.025) {
            k++;
            one = one * (n - k + 1) / k;
            below += one;
        }
        return Math.max(1, k);
    }
}
