package io.wspool.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * {@code report.html}: one file that needs no network, now or in ten years. All numbers stand in tables; the script draws the same
 * numbers and adds nothing.
 */
final class ReportPage {
    /** A column of latencies: percentile and heading. */
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

    private static final String WEBJAR = "/META-INF/resources/webjars/uplot/1.6.30/";

    private final StringBuilder html = new StringBuilder();

    private ReportPage() {}

    static String of(Map<String, Object> machine, List<Series> all, List<Ratio> ratios) throws IOException {
        ReportPage page = new ReportPage();
        page.head();
        page.html.append(Verdict.of(all, ratios));
        page.contents(all);
        page.goals(ratios);
        for (Map.Entry<String, List<Series>> section : ResultsJson.sections(all).entrySet()) {
            page.section(section.getKey(), section.getValue());
        }
        page.facts(machine);
        page.foot(PageData.json(all));
        return page.html.toString();
    }

    private void head() throws IOException {
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>wspool latency report</title>\n")
                .append("<link rel=\"icon\" href=\"data:,\">\n<style>\n")
                .append(resource(WEBJAR + "dist/uPlot.min.css"))
                .append('\n')
                .append(resource("report.css"))
                .append("</style>\n</head>\n<body>\n<main>\n<h1>wspool latency report</h1>\n");
    }

    private void contents(List<Series> all) {
        html.append("<nav><a href=\"#goals\">Goals</a>");
        for (String section : ResultsJson.sections(all).keySet()) {
            html.append("<a href=\"#")
                    .append(escape(section))
                    .append("\">")
                    .append(escape(section))
                    .append("</a>");
        }
        html.append("<a href=\"#machine\">What was run</a></nav>\n");
    }

    private void goals(List<Ratio> ratios) {
        html.append(
                        "<section id=\"goals\">\n<h2>Goals</h2>\n<p>Each value is the median of the ratios within a round; the interval")
                .append(
                        " holds the true median with 95 % confidence (order statistics over the rounds; with fewer than six rounds")
                .append(
                        " it is the whole range).</p>\n<div class=\"scroll\"><table class=\"goals\">\n<thead><tr><th>name<th>value")
                .append("<th>95 % interval<th>goal<th>holds<th>what</tr></thead>\n<tbody>\n");
        for (Ratio ratio : ratios) {
            Interval interval = ratio.interval();
            Boolean holds = ratio.holds();
            html.append("<tr class=\"")
                    .append(holds == null ? "unknown" : holds ? "good" : "bad")
                    .append("\"><td>");
            html.append(escape(ratio.name())).append("<td>").append(interval == null ? "–" : figure(interval.value()));
            html.append("<td>")
                    .append(interval == null ? "–" : figure(interval.low()) + " – " + figure(interval.high()));
            html.append("<td>")
                    .append(escape(ratio.goal().toString().replace("<=", "≤").replace(">=", "≥")));
            html.append("<td>")
                    .append(holds == null ? "not run" : holds ? "yes" : "no")
                    .append("<td>");
            html.append(escape(ratio.what()));
            html.append(ratio.reason().isEmpty() ? "" : " <em>" + escape(ratio.reason()) + "</em>")
                    .append("</tr>\n");
        }
        html.append("</tbody>\n</table></div>\n</section>\n");
    }

    private void section(String name, List<Series> all) {
        Group group = all.get(0).group;
        boolean drawn = all.stream().anyMatch(s -> s.merged().getTotalCount() > 0);
        html.append("<section id=\"").append(escape(name)).append("\">\n<h2>").append(escape(group.title()));
        html.append(all.get(0).loadPercent == 0 ? "" : ", at " + all.get(0).loadPercent + " % of each one's capacity");
        html.append("</h2>\n<p>")
                .append(escape(name))
                .append(": ")
                .append(escape(description(all)))
                .append("</p>\n");
        if (drawn) {
            html.append("<div class=\"plot curve\" data-section=\"")
                    .append(escape(name))
                    .append("\"></div>\n");
        }
        html.append(
                        "<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr><th>contender<th>p50 µs<th>p90<th>p99<th>p99.9")
                .append(
                        "<th>p99.99<th>max<th>samples<th>messages a second<th>CPU µs each<th>heap B each<th>remarks</tr></thead>\n<tbody>\n");
        all.forEach(this::row);
        html.append("</tbody>\n</table></div>\n");
        if (drawn) {
            html.append("<div class=\"pair\"><div class=\"plot\" data-rounds=\"p50\" data-section=\"")
                    .append(escape(name));
            html.append("\"></div><div class=\"plot\" data-rounds=\"p99\" data-section=\"")
                    .append(escape(name));
            html.append("\"></div></div>\n<p class=\"raw\"><button type=\"button\" data-hlog=\"")
                    .append(escape(name));
            html.append("\">Download ").append(escape(name)).append(".hlog</button></p>\n");
        }
        html.append("</section>\n");
    }

    private static String description(List<Series> all) {
        Group group = all.get(0).group;
        Group.Load load = group.load();
        String server = all.stream()
                .map(s -> s.server)
                .filter(s -> !s.isEmpty())
                .findFirst()
                .orElse("none");
        int rounds = all.stream().mapToInt(s -> s.samples.size()).max().orElse(0);
        return String.format(
                Locale.ROOT,
                "payload %,d B%s, %,d channel%s, %,d outstanding on each%s; server %s; %d round%s of %d ms, interleaved, each JVM warmed up for %d ms.",
                load.bytes(),
                load.tls() ? " over TLS" : "",
                load.channels(),
                load.channels() == 1 ? "" : "s",
                load.window(),
                load.threads() == 1 ? "" : ", " + load.threads() + " threads",
                server,
                rounds,
                rounds == 1 ? "" : "s",
                group.effort().millis(),
                group.effort().warmupMillis());
    }

    private void row(Series series) {
        Histogram merged = series.merged();
        html.append("<tr")
                .append(series.contender.ours() ? " class=\"ours\"" : "")
                .append("><td>");
        html.append(escape(series.contender.toString()));
        if (series.absent()) {
            html.append("<td class=\"absent\" colspan=\"11\">absent: ")
                    .append(escape(series.trouble))
                    .append("</tr>\n");
            return;
        }
        boolean none = merged.getTotalCount() == 0;
        for (double percentile : PERCENTILES) {
            html.append("<td>").append(none ? "–" : micros(merged, percentile));
        }
        html.append("<td>")
                .append(none ? "–" : micros(merged, 100))
                .append("<td>")
                .append(grouped(merged.getTotalCount()));
        html.append("<td>").append(grouped(Math.round(series.median(Sample::perSecond))));
        html.append("<td>")
                .append(figure(series.median(Sample::cpuMicrosPerMessage)))
                .append("<td>");
        double bytes = series.median(Sample::allocBytesPerMessage);
        html.append(bytes < 0 ? "–" : String.format(Locale.ROOT, "%.1f", bytes))
                .append("<td>")
                .append(remarks(series));
        html.append("</tr>\n");
    }

    private static String remarks(Series series) {
        StringBuilder remarks = new StringBuilder();
        if (series.wrong() > 0) {
            remarks.append("<strong>").append(grouped(series.wrong())).append(" answers wrong or missing</strong> ");
        }
        if (!series.trouble.isEmpty()) {
            remarks.append("<strong>ended early: ")
                    .append(escape(series.trouble))
                    .append("</strong> ");
        }
        if (series.rate > 0) {
            remarks.append("asked for ")
                    .append(grouped(Math.round(series.rate)))
                    .append("/s ");
        }
        ResultsJson.extra(series)
                .forEach((key, value) ->
                        remarks.append(escape(key)).append(' ').append(value).append(' '));
        String self = (series.version + " " + series.note).trim();
        return remarks.append(escape(self)).toString().trim();
    }

    private void facts(Map<String, Object> machine) {
        html.append("<section id=\"machine\">\n<h2>What was run</h2>\n<dl>\n");
        machine.forEach((key, value) -> html.append("<dt>")
                .append(escape(key))
                .append("<dd>")
                .append(escape(String.valueOf(value)))
                .append('\n'));
        html.append("</dl>\n</section>\n");
    }

    private void foot(String data) throws IOException {
        html.append("</main>\n<script type=\"application/json\" id=\"data\">")
                .append(data)
                .append("</script>\n<script>\n/*\nuPlot 1.6.30\n")
                .append(resource(WEBJAR + "LICENSE"))
                .append("*/\n")
                .append(resource(WEBJAR + "dist/uPlot.iife.min.js"))
                .append("\n</script>\n<script>\n")
                .append(resource("report.js"))
                .append("</script>\n</body>\n</html>\n");
    }

    static String micros(Histogram histogram, double percentile) {
        return String.format(Locale.ROOT, "%,.3f", ResultsJson.micros(histogram.getValueAtPercentile(percentile)));
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Three significant digits below a thousand, whole numbers above. */
    static String figure(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        String format = size >= 1_000
                ? "%,.0f"
                : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.095 || size == 0 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = ReportPage.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IOException("the jar has no " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
