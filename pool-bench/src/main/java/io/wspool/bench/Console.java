package io.wspool.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What the report says while it runs: plain lines, no control characters, so that it can be kept in a file. */
final class Console {
    private final PrintStream out;

    Console(PrintStream out) {
        this.out = out;
    }

    void say(String format, Object... arguments) {
        out.println((arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments)).stripTrailing());
    }

    /** The result in one line, of a contender that has one. */
    void result(Series series) {
        Histogram merged = series.merged();
        String latencies = "";
        if (merged.getTotalCount() > 0) {
            double p50 = merged.getValueAtPercentile(50) / 1e3;
            latencies = String.format(
                    Locale.ROOT, "p50 %,10.2f us  p99 %,10.2f us  ", p50, merged.getValueAtPercentile(99) / 1e3);
        }
        String load = series.loadPercent == 0 ? "" : " at " + series.loadPercent + " %";
        String rate = String.format(Locale.ROOT, "%,12.0f msgs/s", series.median(Sample::perSecond));
        String wrong = series.wrong() == 0
                ? ""
                : "  " + series.wrong() + (series.wrong() == 1 ? " ANSWER" : " ANSWERS") + " WRONG OR MISSING";
        String trouble = series.trouble.isEmpty() ? "" : "  ENDED EARLY: " + series.trouble;
        String more = series.further().isEmpty() ? "" : "  " + series.further();
        say("  %-26s %s%s%s%s%s", series.contender + load, latencies, rate, wrong, trouble, more);
    }

    /** The goals, those that this run can tell, and before them what makes them doubtful. */
    void goals(List<Ratio> ratios, Circumstances circumstances) {
        circumstances.doubts().forEach(doubt -> say("%n%s", doubt));
        say("");
        say("%-26s %10s  %-22s %-14s", "goal", "value", "95 % interval", "wanted");
        int open = 0;
        for (Ratio ratio : ratios) {
            Interval interval = ratio.interval();
            if (interval == null) {
                open++;
                continue;
            }
            say(
                    "%-26s %10s  %-22s %-14s %s",
                    ratio.name(),
                    Html.figure(interval.value()),
                    Html.figure(interval.low()) + " - " + Html.figure(interval.high()),
                    ratio.goal(),
                    !circumstances.judges() ? "" : Boolean.TRUE.equals(ratio.holds()) ? "holds" : "MISSED");
        }
        if (open > 0) {
            say("%s not told by this run; results.json says why", open == 1 ? "1 goal is" : open + " goals are");
        }
    }

    static String span(double seconds) {
        long whole = Math.round(seconds);
        return whole < 100 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }
}
