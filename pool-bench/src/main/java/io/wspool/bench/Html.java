package io.wspool.bench;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/** HTML as it is written, and how numbers look in it. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    /** Appends as it is: what comes from outside goes through {@link #escape} first. */
    Html add(String... parts) {
        for (String part : parts) {
            text.append(part);
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    static String escape(Ratio.Goal goal) {
        return escape(goal.toString().replace("<=", "≤").replace(">=", "≥"));
    }

    /** Microseconds to the nanosecond: what the histogram says, not rounded again. */
    static String micros(Histogram histogram, double percentile) {
        return String.format(Locale.ROOT, "%,.3f", ResultsJson.micros(histogram.getValueAtPercentile(percentile)));
    }

    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A number of things: {@code 1 round}, {@code 2 rounds}. */
    static String count(long number, String what) {
        return grouped(number) + " " + what + (number == 1 ? "" : "s");
    }

    /** Three significant digits below a thousand, whole numbers above. */
    static String figure(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        int digits = size == 0 || size >= 0.095 ? 2 : 3;
        if (size >= 9.95) {
            digits = size >= 99.5 ? 0 : 1;
        }
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
