package io.wspool.bench;

import static io.wspool.bench.Html.escape;
import static io.wspool.bench.Html.figure;
import static io.wspool.bench.Html.grouped;

import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** One section of the page: a curve, a table, three time lines, and the raw data. */
final class SectionHtml {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};

    private static final String HEADINGS = "<th>contender<th>p50 µs<th>p90<th>p99<th>p99.9<th>p99.99<th>max<th>samples"
            + "<th>messages a second<th>CPU µs each<th>heap B each<th>GCs";

    private SectionHtml() {}

    static void add(Html html, String section, List<Series> all) {
        String name = escape(section);
        Series first = all.get(0);
        boolean drawn = all.stream().anyMatch(s -> s.merged().getTotalCount() > 0);
        html.add("<section id=\"", name, "\">\n<h2>", escape(first.group.title()));
        html.add(first.loadPercent == 0 ? "" : ", at " + first.loadPercent + " % of each one's capacity", "</h2>\n");
        html.add("<p>", name, ": ", escape(description(all)), "</p>\n");
        if (drawn) {
            html.add("<div class=\"plot curve\" data-section=\"", name, "\"></div>\n");
            html.add("<p class=\"hint scripted\">A curve ends where fewer than ", Integer.toString(PageData.SUPPORT));
            html.add(" samples lie beyond.</p>\n");
        }
        // a column for remarks only where there are any: it is wide
        boolean remarks = all.stream().anyMatch(s -> !s.absent() && !remarks(s).isEmpty());
        html.add("<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr>", HEADINGS);
        html.add(remarks ? "<th class=\"wide\">remarks" : "", "</tr></thead>\n<tbody>\n");
        all.forEach(series -> row(html, series, remarks));
        html.add("</tbody>\n</table></div>\n");
        contenders(html, all);
        if (drawn) {
            html.add("<div class=\"rounds\">");
            for (String each : List.of("p50", "p99", "max")) {
                html.add("<div class=\"plot\" data-rounds=\"", each, "\" data-section=\"", name, "\"></div>");
            }
            html.add("</div>\n");
            html.add(
                    all.stream().anyMatch(s -> s.collections() > 0)
                            ? "<p class=\"hint scripted\">A dot is a round in which garbage was collected in that client's JVM.</p>\n"
                            : "");
            html.add("<p class=\"raw scripted\"><button type=\"button\" data-hlog=\"", name, "\">Download ", name);
            html.add(".hlog</button></p>\n");
        }
        html.add("</section>\n");
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
        String text = String.format(
                Locale.ROOT,
                "payload %,d B%s, %s",
                load.bytes(),
                load.tls() ? " over TLS" : "",
                Html.count(load.channels(), "channel"));
        if (load.window() > 1) {
            text += ", " + load.window() + " messages outstanding on each";
        }
        if (load.threads() > 1) {
            text += ", " + Html.count(load.threads(), "thread");
        }
        Group.Effort effort = group.effort();
        text += "; server " + server + "; " + Html.count(rounds, "round") + " of " + grouped(effort.millis()) + " ms";
        if (effort.launches() > 1) {
            text += " in " + effort.launches() + " launches of all processes";
        }
        if (effort.warmupMillis() > 0) {
            text += ", interleaved, each JVM warmed up for " + grouped(effort.warmupMillis()) + " ms";
        }
        if (effort.settleMillis() > 0) {
            text += " and until its JIT rests, for at most " + grouped(effort.settleMillis()) + " ms more";
        }
        return text + ".";
    }

    private static void row(Html html, Series series, boolean remarks) {
        html.add(series.contender.ours() ? "<tr class=\"ours\"><td>" : "<tr><td>", escape(series.contender.toString()));
        if (series.absent()) {
            html.add(
                    "<td class=\"absent\" colspan=\"",
                    remarks ? "12" : "11",
                    "\">absent: ",
                    escape(series.trouble),
                    "</tr>\n");
            return;
        }
        Histogram merged = series.merged();
        for (double percentile : PERCENTILES) {
            html.add("<td>", cell(merged, percentile));
        }
        double bytes = series.median(Sample::allocBytesPerMessage);
        html.add("<td>", grouped(merged.getTotalCount()));
        html.add("<td>", grouped(Math.round(series.median(Sample::perSecond))));
        html.add("<td>", figure(series.median(Sample::cpuMicrosPerMessage)));
        html.add("<td>", bytes < 0 ? "–" : String.format(Locale.ROOT, "%,.1f", bytes));
        html.add("<td>", bytes < 0 ? "–" : grouped(series.collections()));
        html.add(remarks ? "<td class=\"wide\">" + remarks(series) : "", "</tr>\n");
    }

    private static String cell(Histogram merged, double percentile) {
        long samples = merged.getTotalCount();
        return samples == 0
                ? "–"
                : PageData.supports(percentile, samples)
                        ? Html.micros(merged, percentile)
                        : PageData.unsupported("all rounds");
    }

    private static String remarks(Series series) {
        Html remarks = new Html();
        if (series.wrong() > 0) {
            remarks.add(
                    "<strong>",
                    grouped(series.wrong()),
                    series.wrong() == 1 ? " answer wrong" : " answers wrong",
                    " or missing</strong> ");
        }
        if (!series.trouble.isEmpty()) {
            remarks.add("<strong>ended early: ", escape(series.trouble), "</strong> ");
        }
        if (series.rate > 0) {
            remarks.add("asked for ", grouped(Math.round(series.rate)), "/s; ");
        }
        remarks.add(escape(series.further()));
        return remarks.toString().trim();
    }

    /** What each says about itself, and how it was started. */
    private static void contenders(Html html, List<Series> all) {
        html.add("<details><summary>What each contender is, and its command</summary>\n<dl>\n");
        String server = all.get(0).serverCommand;
        html.add(server.isEmpty() ? "" : "<dt>server<dd><code>" + escape(server) + "</code>\n");
        for (Series series : all) {
            if (!series.absent()) {
                String self = series.note + (series.version.isEmpty() ? "" : " (" + series.version + ")");
                html.add("<dt>", escape(series.contender.toString()), "<dd>", escape(self.trim()));
                html.add("<br><code>", escape(series.command), "</code>\n");
            }
        }
        html.add("</dl></details>\n");
    }
}
