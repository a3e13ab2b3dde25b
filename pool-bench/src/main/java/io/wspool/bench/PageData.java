package io.wspool.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What the page's script draws, as JSON that can stand inside a script element. */
final class PageData {
    /** Rounding of a percentile such as 99.9 must not take a sample away. */
    private static final double ROUNDING = 1e-6;
    /** Ten points a decade; those of the table (x = 2, 10, 100, …) are among them, so that both show the same numbers. */
    private static final double[] STEPS = {1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8};

    private static final int DECADES = 6;
    /** A percentile is shown when at least this many samples lie above it. */
    static final int SUPPORT = 10;
    /** More points than pixels help nobody, and the page shall stay small. */
    private static final int MOST_ROUNDS = 60;

    private PageData() {}

    /** The whole of it. {@code <} is written as an escape: nothing in it can end the element it stands in. */
    static String json(List<Series> all, Instant begun) throws IOException {
        List<Map<String, Object>> sections = new ArrayList<>();
        for (Map.Entry<String, List<Series>> section : ResultsJson.sections(all).entrySet()) {
            sections.add(section(section.getKey(), section.getValue(), begun));
        }
        String json = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(Map.of("sections", sections));
        return json.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
    }

    private static Map<String, Object> section(String name, List<Series> all, Instant begun) {
        List<Series> drawn =
                all.stream().filter(s -> s.merged().getTotalCount() > 0).toList();
        double furthest = 1;
        int rounds = 0;
        for (Series series : drawn) {
            furthest = Math.max(furthest, last(series.merged().getTotalCount()));
            rounds = Math.max(rounds, series.samples.size());
        }
        List<Double> x = axis(furthest);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("x", x);
        map.put("rounds", Math.min(rounds, MOST_ROUNDS));
        map.put("series", drawn.stream().map(s -> line(s, x)).toList());
        map.put("hlog", HistogramFiles.summary(drawn, begun));
        return map;
    }

    private static Map<String, Object> line(Series series, List<Double> x) {
        Histogram merged = series.merged();
        double last = last(merged.getTotalCount());
        List<@Nullable Double> y = new ArrayList<>();
        for (double at : x) {
            y.add(at > last ? null : ResultsJson.micros(merged.getValueAtPercentile(percentile(at))));
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("label", series.contender.toString());
        map.put("floor", series.contender.floor());
        map.put("y", y);
        map.put("p50", rounds(series, 50));
        map.put("p99", rounds(series, 99));
        map.put("max", rounds(series, 100));
        map.put("gc", collecting(series));
        return map;
    }

    /** Rounds, counted from 0, in which garbage was collected. */
    private static List<Integer> collecting(Series series) {
        List<Integer> rounds = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST_ROUNDS, series.samples.size()); i++) {
            if (series.samples.get(i).collections() > 0) {
                rounds.add(i);
            }
        }
        return rounds;
    }

    private static List<@Nullable Double> rounds(Series series, double percentile) {
        List<@Nullable Double> values = new ArrayList<>();
        for (Sample sample : series.samples.subList(0, Math.min(MOST_ROUNDS, series.samples.size()))) {
            Histogram histogram = sample.histogram();
            values.add(
                    histogram.getTotalCount() == 0
                            ? null
                            : ResultsJson.micros(histogram.getValueAtPercentile(percentile)));
        }
        return values;
    }

    /** The last point of the axis, as 1/(1-p), that {@link #SUPPORT} of {@code samples} support; at least the first. */
    static double last(long samples) {
        return Math.max(1, (double) samples / SUPPORT);
    }

    /**
     * Whether {@code samples} are enough for a percentile: {@link #SUPPORT} of them lie above. Half of any number lies above the
     * median, and the longest is what it is.
     */
    static boolean supports(double percentile, long samples) {
        return percentile <= 50 || percentile == 100 || samples * (100 - percentile) / 100 >= SUPPORT - ROUNDING;
    }

    /** Instead of a percentile that is not supported, with the reason for a reader who points at it. */
    static String unsupported(String of) {
        return "<span class=\"unknown\" title=\"fewer than " + SUPPORT + " samples of " + of + " lie beyond\">–</span>";
    }

    static double percentile(double x) {
        return 100 * (1 - 1 / x);
    }

    /** Points from 1 to {@code furthest}. */
    static List<Double> axis(double furthest) {
        List<Double> x = new ArrayList<>();
        double decade = 1;
        for (int d = 0; d < DECADES; d++) {
            for (double step : STEPS) {
                double at = step * decade;
                if (at <= furthest) {
                    x.add(Math.rint(at * 1000) / 1000);
                }
            }
            decade *= 10;
        }
        return x;
    }
}
