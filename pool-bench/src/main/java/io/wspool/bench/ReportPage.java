package io.wspool.bench;

import static io.wspool.bench.Html.escape;
import static io.wspool.bench.Html.figure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * {@code report.html}: one file that needs no network, now or in ten years. All numbers stand in tables; the script draws the same
 * numbers and adds nothing.
 */
final class ReportPage {
    private static final String WEBJAR = "/META-INF/resources/webjars/uplot/1.6.30/";

    private final Html html = new Html();

    private ReportPage() {}

    static String of(Circumstances circumstances, List<Series> all, List<Ratio> ratios) throws IOException {
        Map<String, List<Series>> sections = ResultsJson.sections(all);
        ReportPage page = new ReportPage();
        page.head();
        page.html.add(Verdict.of(circumstances, all, ratios));
        page.contents(sections);
        page.goals(ratios, circumstances.judges());
        sections.forEach((name, series) -> SectionHtml.add(page.html, name, series));
        page.facts(circumstances.facts());
        page.foot(PageData.json(all, circumstances.begun()));
        return page.html.toString();
    }

    private void head() throws IOException {
        html.add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.add("<meta name=\"color-scheme\" content=\"light dark\">\n<title>wspool latency report</title>\n");
        // else a browser asks a server for an icon
        html.add("<link rel=\"icon\" href=\"data:,\">\n<style>\n");
        html.add(resource(WEBJAR + "dist/uPlot.min.css"), "\n", resource("report.css"));
        html.add("</style>\n<noscript><style>.plot, .scripted { display: none; }</style></noscript>\n");
        html.add("</head>\n<body>\n<main>\n<h1>wspool latency report</h1>\n");
    }

    private void contents(Map<String, List<Series>> sections) {
        html.add("<nav><a href=\"#goals\">Goals</a>");
        sections.keySet().forEach(name -> html.add("<a href=\"#", escape(name), "\">", escape(name), "</a>"));
        html.add("<a href=\"#machine\">What was run</a></nav>\n");
        html.add("<noscript><p>Curves and downloads need JavaScript; the tables have all numbers.</p></noscript>\n");
    }

    private void goals(List<Ratio> ratios, boolean judges) {
        html.add(
                "<section id=\"goals\">\n<h2>Goals</h2>\n<p>Each value is the median of the ratios within a round; the");
        html.add(
                " interval holds the true median with 95 % confidence (order statistics over the rounds; with fewer than");
        html.add(" six rounds it is the whole range).</p>\n<div class=\"scroll\"><table class=\"goals\">\n<thead><tr>");
        html.add("<th>name<th>value<th>95 % interval<th>goal<th>holds<th>what</tr></thead>\n<tbody>\n");
        for (Ratio ratio : ratios) {
            Interval interval = ratio.interval();
            Boolean holds = ratio.holds();
            String colour = holds == null ? "unknown" : !judges ? "unjudged" : holds ? "good" : "bad";
            String verdict = holds == null ? "not told" : !judges ? "not judged" : holds ? "yes" : "no";
            html.add("<tr class=\"", colour, "\"><td>", escape(ratio.name()));
            html.add("<td>", interval == null ? "–" : figure(interval.value()));
            html.add("<td>", interval == null ? "–" : figure(interval.low()) + " – " + figure(interval.high()));
            html.add("<td>", escape(ratio.goal()), "<td>", verdict);
            html.add("<td>", escape(ratio.what()));
            html.add(ratio.reason().isEmpty() ? "" : " <em>" + escape(ratio.reason()) + "</em>", "</tr>\n");
        }
        html.add("</tbody>\n</table></div>\n</section>\n");
    }

    private void facts(Map<String, Object> machine) {
        html.add("<section id=\"machine\">\n<h2>What was run</h2>\n<dl>\n");
        machine.forEach((key, value) -> html.add("<dt>", escape(key), "<dd>", escape(String.valueOf(value)), "\n"));
        html.add(
                "</dl>\n<p>Latencies round by round are in the .hlog files beside this page, percentiles in the .hgrm");
        html.add(
                " files; HdrHistogram reads both. <span class=\"scripted\">A download above holds one histogram for each");
        html.add(" contender.</span></p>\n</section>\n");
    }

    private void foot(String data) throws IOException {
        html.add("</main>\n<script type=\"application/json\" id=\"data\">", data, "</script>\n");
        html.add("<script>\n/*\nuPlot 1.6.30\n", resource(WEBJAR + "LICENSE"), "*/\n");
        html.add(resource(WEBJAR + "dist/uPlot.iife.min.js"), "\n</script>\n");
        html.add("<script>\n", resource("report.js"), "</script>\n</body>\n</html>\n");
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
