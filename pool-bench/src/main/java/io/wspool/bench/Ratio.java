package io.wspool.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One goal and what this run says about it.
 *
 * @param name as in the table of goals
 * @param interval the median of the ratios within a round, and its 95 % interval; null when this run cannot tell
 * @param goal at most or at least what
 * @param what is divided by what
 * @param reason why there is no value, or a remark
 * @param spoiled whether the goal is missed whatever the value: our own answers were lost, or there was garbage
 */
record Ratio(String name, @Nullable Interval interval, Goal goal, String what, String reason, boolean spoiled) {
    Ratio(String name, @Nullable Interval interval, Goal goal, String what, String reason) {
        this(name, interval, goal, what, reason, false);
    }

    /**
     * A bound.
     *
     * @param atMost or at least
     * @param bound of the value
     * @param unit behind the bound, for readers; empty for plain ratios
     */
    record Goal(boolean atMost, double bound, String unit) {
        static Goal atMost(double bound) {
            return new Goal(true, bound, "");
        }

        static Goal atLeast(double bound) {
            return new Goal(false, bound, "");
        }

        boolean isMetBy(double value) {
            return atMost ? value <= bound : value >= bound;
        }

        @Override
        public String toString() {
            String number = (bound == Math.rint(bound) && bound >= 10) || bound == 0
                    ? String.format(Locale.ROOT, "%.0f", bound)
                    : Double.toString(bound);
            return (atMost ? "<= " : ">= ") + number + unit;
        }
    }

    static Ratio unknown(String name, Goal goal, String what, String reason) {
        return new Ratio(name, null, goal, what, reason);
    }

    /** Whether the value meets the goal; null when there is no value. */
    @Nullable
    Boolean holds() {
        return interval == null ? null : !spoiled && goal.isMetBy(interval.value());
    }
}
