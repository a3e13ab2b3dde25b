package io.wspool.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** All rounds of one contender in one group, or why there are none. Filled by the thread that runs the report. */
final class Series {
    final String section;
    final Group group;
    final Contender contender;
    /** A client that came up in between, or one that ended early, has fewer than the others. */
    final List<Sample> samples = new ArrayList<>();
    /** Why it is absent, or ended early; empty when nothing happened. */
    String trouble = "";
    /** Of the library, and what it says about itself. */
    String version = "";
    /** As in the results: {@code c/spin}, … */
    String server = "";

    String note = "";
    /** As it was started, and its server; empty where there is none. */
    String command = "";

    String serverCommand = "";
    /** Of an open loop: messages per second, and percent of its own capacity; 0 for other works. */
    double rate;

    int loadPercent;

    /** {@code section} is the part of the report: the group's name, for open loops with the load. */
    Series(String section, Group group, Contender contender) {
        this.section = section;
        this.group = group;
        this.contender = contender;
    }

    boolean absent() {
        return samples.isEmpty();
    }

    /** Over all rounds. */
    Histogram merged() {
        Histogram all = new Histogram(3);
        samples.forEach(sample -> all.add(sample.histogram()));
        return all;
    }

    long wrong() {
        return samples.stream().mapToLong(Sample::wrong).sum();
    }

    long messages() {
        return samples.stream().mapToLong(Sample::messages).sum();
    }

    long collections() {
        return samples.stream().mapToLong(Sample::collections).sum();
    }

    /** The median of a number over the rounds; NaN without rounds. */
    double median(ToDoubleFunction<Sample> number) {
        return Interval.ofMedian(samples.stream().mapToDouble(number).toArray()).value();
    }

    /** A latency of one round in nanoseconds. */
    static ToDoubleFunction<Sample> percentile(double percentile) {
        return sample -> sample.histogram().getTotalCount() == 0
                ? Double.NaN
                : sample.histogram().getValueAtPercentile(percentile);
    }

    /** The medians of further numbers, for readers: durations in milliseconds, negative ones "never". */
    String further() {
        List<String> parts = new ArrayList<>();
        ResultsJson.extra(this).forEach((key, value) -> {
            double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
            boolean duration = key.toLowerCase(Locale.ROOT).endsWith("nanos");
            String name = duration ? key.substring(0, key.length() - "nanos".length()) : key;
            String words = name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
            String text = duration ? number < 0 ? "never" : Html.figure(number / 1e6) + " ms" : Html.figure(number);
            parts.add(words + " " + text);
        });
        return String.join(", ", parts);
    }
}
