package io.wspool.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The first lines of the page: how we stand to the floor and to the best of the others, and which goals are missed. */
final class Verdict {
    private static final Map<String, String> LINES = Map.of(
            "rtt-polled-64", "wspool/polled",
            "rtt-sleeping-64", "wspool/sleeping",
            "rtt-wss-64", "wspool/polled");

    private Verdict() {}

    static String of(Circumstances circumstances, List<Series> all, List<Ratio> ratios) {
        StringBuilder html = new StringBuilder();
        List<String> doubts = circumstances.doubts();
        if (circumstances.judges()) {
            goals(html, doubts, ratios);
        } else {
            long told = ratios.stream().filter(r -> r.holds() != null).count();
            html.append("<div class=\"verdict unknown\">\n");
            doubts(html, doubts);
            html.append("<p>").append(told).append(" of ").append(Html.count(ratios.size(), "goal"));
            html.append(told == 1 ? " has a value, and none" : " have a value, and none")
                    .append(" is judged.</p>\n");
        }
        html.append("</div>\n<ul class=\"lines\">\n");
        ResultsJson.sections(all).forEach((section, list) -> {
            String ours = LINES.get(section);
            if (ours != null) {
                lines(html, section, list, ours, circumstances.judges());
            }
        });
        return html.append("</ul>\n").toString();
    }

    /** What makes all that follows doubtful stands first. */
    private static void doubts(StringBuilder html, List<String> doubts) {
        doubts.forEach(doubt ->
                html.append("<p class=\"sum\">").append(Html.escape(doubt)).append(".</p>\n"));
    }

    private static void goals(StringBuilder html, List<String> doubts, List<Ratio> ratios) {
        List<Ratio> missed =
                ratios.stream().filter(r -> Boolean.FALSE.equals(r.holds())).toList();
        long held = ratios.stream().filter(r -> Boolean.TRUE.equals(r.holds())).count();
        long open = ratios.size() - held - missed.size();
        String colour = !missed.isEmpty() ? "bad" : held > 0 ? "good" : "unknown";
        html.append("<div class=\"verdict ")
                .append(doubts.isEmpty() ? colour : "unknown")
                .append("\">\n");
        doubts(html, doubts);
        html.append(String.format(
                Locale.ROOT,
                "<p class=\"sum\">%d of %s %s, %d missed, %d not told by this run.</p>\n",
                held,
                Html.count(ratios.size(), "goal"),
                held == 1 ? "holds" : "hold",
                missed.size(),
                open));
        if (!missed.isEmpty()) {
            html.append("<p>Missed: ");
            List<String> names = new ArrayList<>();
            for (Ratio ratio : missed) {
                Interval interval = ratio.interval();
                String value = interval == null ? "" : " " + Html.figure(interval.value());
                names.add(Html.escape(ratio.name() + value + " (goal "
                        + ratio.goal().toString().replace("<=", "≤").replace(">=", "≥") + ")"));
            }
            html.append(String.join(", ", names)).append(".</p>\n");
        }
    }

    private static void lines(StringBuilder html, String section, List<Series> list, String name, boolean judges) {
        Optional<Series> ours = list.stream()
                .filter(s -> s.contender.toString().equals(name) && !s.absent())
                .findFirst();
        if (ours.isEmpty()) {
            return;
        }
        list.stream()
                .filter(s -> s.contender.floor() && !s.absent())
                .findFirst()
                .ifPresent(floor -> line(html, section, ours.get(), floor, "the floor", false));
        list.stream()
                .filter(s -> !s.contender.floor() && !s.contender.ours() && !s.absent())
                .filter(s -> s.contender.variant().isEmpty()) // others are a part of a client, or one with more to do
                .min(Comparator.comparingDouble(s -> s.median(Series.percentile(50))))
                .ifPresent(best -> line(html, section, ours.get(), best, "the best other client", judges));
    }

    /** One line, coloured: green where we are not slower, red where we are. The floor cannot be beaten: it has no colour. */
    private static void line(
            StringBuilder html, String section, Series ours, Series other, String role, boolean coloured) {
        html.append("<li><a href=\"#")
                .append(section)
                .append("\">")
                .append(section)
                .append("</a>: ");
        html.append(Html.escape(ours.contender + " against " + role + ", " + other.contender))
                .append(": ");
        List<String> parts = new ArrayList<>();
        for (double percentile : new double[] {50, 99, 99.9}) {
            Interval ratio = Comparison.within(ours, other, Series.percentile(percentile));
            if (ratio == null) {
                continue;
            }
            String colour = !coloured ? "plain" : ratio.value() <= 1 ? "good" : "bad";
            String label = "p"
                    + (percentile == Math.rint(percentile)
                            ? Long.toString((long) percentile)
                            : Double.toString(percentile));
            if (!supported(ours, percentile) || !supported(other, percentile)) {
                parts.add("<span class=\"plain\">" + label + "</span> " + PageData.unsupported("a round"));
                continue;
            }
            parts.add(String.format(
                    Locale.ROOT,
                    "<span class=\"%s\">%s × %s</span> <small>[%s–%s]</small>",
                    colour,
                    label,
                    Html.figure(ratio.value()),
                    Html.figure(ratio.low()),
                    Html.figure(ratio.high())));
        }
        html.append(String.join(" ", parts)).append("</li>\n");
    }

    /** The percentile is that of a round, so what counts is how many samples a round has. */
    private static boolean supported(Series series, double percentile) {
        return PageData.supports(
                percentile, Math.round(series.median(s -> s.histogram().getTotalCount())));
    }
}
