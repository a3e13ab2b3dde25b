package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static final Pattern CELL = Pattern.compile("<t[dh][^>]*>([^<]*)");

    private static String page(Series... series) throws IOException {
        return ReportPage.of(
                Golden.circumstances(Map.of("cpu", "golden")),
                List.of(series),
                Ratios.of(List.of(series), DispatchCost.unknown("no")));
    }

    /** The cells of a contender's row. */
    private static List<String> row(String page, String contender) {
        String tables = page.substring(page.indexOf("<table class=\"numbers\">"));
        int start = tables.indexOf("<td>" + contender + "<td");
        assertThat(start).as("row of " + contender).isPositive();
        Matcher matcher = CELL.matcher(tables.substring(start, tables.indexOf("</tr>", start)));
        List<String> cells = new ArrayList<>();
        while (matcher.find()) {
            cells.add(matcher.group(1));
        }
        return cells;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> data(String page) throws IOException {
        String open = "<script type=\"application/json\" id=\"data\">";
        int start = page.indexOf(open) + open.length();
        Map<String, Object> root = JSON.std.mapFrom(page.substring(start, page.indexOf("</script>", start)));
        return ((List<Map<String, Object>>) root.get("sections")).get(0);
    }

    private static String micros(Histogram histogram, double percentile) {
        return String.format(Locale.ROOT, "%,.3f", histogram.getValueAtPercentile(percentile) / 1e3);
    }

    @Test
    @SuppressWarnings("unchecked")
    void tableAndPlotShowTheHistogramsOwnPercentiles() throws IOException {
        Series series = Golden.lifelike(Golden.group("golden", "c/spin"), "c/spin", 7.1, 10);
        Histogram merged = series.merged();
        String page = page(series);
        List<String> cells = row(page, "c/spin");
        assertThat(cells.subList(1, 8))
                .containsExactly(
                        micros(merged, 50),
                        micros(merged, 90),
                        micros(merged, 99),
                        micros(merged, 99.9),
                        micros(merged, 99.99),
                        micros(merged, 100),
                        "120,000");
        Map<String, Object> section = data(page);
        List<Object> x = (List<Object>) section.get("x");
        Map<String, Object> line = ((List<Map<String, Object>>) section.get("series")).get(0);
        List<Object> y = (List<Object>) line.get("y");
        for (double[] point : new double[][] {{2, 50}, {10, 90}, {100, 99}, {1_000, 99.9}, {10_000, 99.99}}) {
            assertThat(y.get(x.indexOf(point[0]))).isEqualTo(merged.getValueAtPercentile(point[1]) / 1e3);
        }
        assertThat((Double) x.get(x.size() - 1)).as("ten samples above it").isEqualTo(10_000);
    }

    @Test
    @SuppressWarnings("unchecked")
    void theTimeLineHasTheLongestOfEachRoundAndThoseWithACollection() throws IOException {
        Group group = Golden.group("golden", "c/spin", "jdk/sleeping");
        Series c = Golden.series(group, "c/spin", Golden.sample(1_000, 3_000), Golden.sample(1_000));
        Series jdk = Golden.series(
                group,
                "jdk/sleeping",
                Golden.sample(2_000),
                Golden.collecting(Golden.sample(2_000, 9_000)),
                Golden.collecting(Golden.sample()));
        String page = page(c, jdk);
        List<Map<String, Object>> series =
                (List<Map<String, Object>>) data(page).get("series");
        assertThat(series.get(0)).containsEntry("max", List.of(3.001, 1.0)).containsEntry("gc", List.of());
        assertThat(series.get(1).get("max")).isEqualTo(Arrays.asList(2.0, 9.007, null));
        assertThat(series.get(1)).containsEntry("gc", List.of(1, 2));
        assertThat(row(page, "jdk/sleeping").get(11)).as("in the table").isEqualTo("2");
        assertThat(page).contains("A dot is a round in which garbage was collected");
        assertThat(page(c)).doesNotContain("A dot is a round").contains("data-rounds=\"max\"");
    }

    @Test
    void anEmptyHistogramHasDashesAndNoCurve() throws IOException {
        String page = page(Golden.series(Golden.group("golden", "c/spin"), "c/spin", Golden.sample()));
        assertThat(row(page, "c/spin").subList(1, 7)).containsOnly("–");
        assertThat(page).doesNotContain("class=\"plot").doesNotContain("data-hlog=\"golden\"");
    }

    @Test
    void oneSampleIsItsMedianAndItsMaximumAndNoPercentile() throws IOException {
        String page = page(Golden.series(Golden.group("golden", "c/spin"), "c/spin", Golden.sample(5_123)));
        assertThat(row(page, "c/spin").get(1)).isEqualTo("5.123");
        assertThat(row(page, "c/spin").get(6)).isEqualTo("5.123");
        assertThat(page)
                .contains("<td>5.123"
                        + ("<td><span class=\"unknown\" title=\"fewer than 10 samples of all rounds lie beyond\">–"
                                        + "</span>")
                                .repeat(4)
                        + "<td>5.123");
        assertThat(data(page).get("x")).isEqualTo(List.of(1.0));
    }

    @Test
    void aPercentileIsShownFromTenSamplesBeyond() {
        assertThat(PageData.supports(99.9, 9_999)).isFalse();
        assertThat(PageData.supports(99.9, 10_000)).isTrue();
        assertThat(PageData.supports(99.99, 99_999)).isFalse();
        assertThat(PageData.supports(99.99, 100_000)).isTrue();
        assertThat(PageData.supports(90, 99)).isFalse();
        assertThat(PageData.supports(90, 100)).isTrue();
        assertThat(PageData.supports(50, 1)).isTrue();
        assertThat(PageData.supports(100, 1)).isTrue();
    }

    @Test
    void theVerdictLeavesOutAPercentileThatARoundIsTooShortFor() throws IOException {
        Group group = Golden.group("rtt-polled-64", "c/spin", "wspool/polled");
        Random random = new Random(1);
        List<String> lines = new ArrayList<>();
        for (int count : new int[] {10_000, 9_990}) {
            Series c = Golden.series(group, "c/spin", Golden.lifelike(random, 7, count));
            Series ours = Golden.series(group, "wspool/polled", Golden.lifelike(random, 7, count));
            String page = page(c, ours);
            lines.add(page.substring(page.indexOf("<ul class=\"lines\">"), page.indexOf("</ul>")));
        }
        assertThat(lines.get(0)).containsPattern("p99\\.9 × \\d").doesNotContain("title=");
        assertThat(lines.get(1))
                .containsPattern("p99 × \\d")
                .contains(
                        ">p99.9</span> <span class=\"unknown\" title=\"fewer than 10 samples of a round lie beyond\">–");
    }

    @Test
    void valuesAtTheEndsOfTheRangeAreShown() throws IOException {
        long hour = 3_600_000_000_000L;
        String page = page(Golden.series(Golden.group("golden", "c/spin"), "c/spin", Golden.sample(0, hour)));
        assertThat(row(page, "c/spin").get(1)).isEqualTo("0.000");
        Histogram histogram = Golden.sample(0, hour).histogram();
        assertThat(row(page, "c/spin").get(6)).isEqualTo(micros(histogram, 100));
    }

    @Test
    void twentySeriesFitInASmallPage() throws IOException {
        String[] names = new String[20];
        for (int i = 0; i < names.length; i++) {
            names[i] = "client-" + i + "/spin";
        }
        Group group = Golden.group("golden", names);
        List<Series> all = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            all.add(Golden.lifelike(group, names[i], 5 + i, 12));
        }
        String page = page(all.toArray(new Series[0]));
        assertThat(row(page, "client-19/spin").get(7)).isEqualTo("144,000");
        assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(300_000);
    }

    @Test
    void aFullRunFitsInASmallPage() throws IOException {
        List<Series> all = new ArrayList<>();
        for (Group group : Plan.of(Level.FULL, List.of())) {
            for (String section : OpenLoop.sections(group)) {
                for (Contender contender : group.contenders()) {
                    Series series = new Series(section, group, contender);
                    series.note = "the caller parks, epoll, and a few words more";
                    Random random = new Random(all.size());
                    for (int i = 0; i < group.effort().rounds(); i++) {
                        series.samples.add(Golden.lifelike(random, 20 + 100 * random.nextDouble(), 3_000));
                    }
                    all.add(series);
                }
            }
        }
        assertThat(all).hasSizeGreaterThan(150);
        assertThat(page(all.toArray(new Series[0])).getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThan(450_000);
    }

    @Test
    void aSeriesNamedAsAnElementIsText() throws IOException {
        Group group = Golden.group("golden", "<script>alert(1)</script>/spin");
        Series series = new Series("golden", group, new Contender("<script>alert(1)</script>", "spin", ""));
        series.samples.add(Golden.sample(1_000));
        series.note = "</script><script>alert(2)</script>";
        series.command = "taskset -c 1 <client>";
        String page = page(series);
        assertThat(page).doesNotContain("<script>alert").contains("&lt;script&gt;alert(1)&lt;/script&gt;");
        assertThat(page).contains("<code>taskset -c 1 &lt;client&gt;</code>");
        assertThat(data(page).get("series").toString()).contains("<script>alert(1)</script>/spin");
    }

    @Test
    void anAbsentContenderHasItsRowAndItsReason() throws IOException {
        Group group = Golden.group("golden", "c/spin", "beast/spin");
        Series beast = Golden.series(group, "beast/spin");
        beast.trouble = "no <Boost> headers";
        assertThat(page(Golden.series(group, "c/spin", Golden.sample(1_000)), beast))
                .contains("beast/spin<td class=\"absent\" colspan=\"11\">absent: no &lt;Boost&gt; headers");
    }

    @Test
    void lostAnswersAreMarked() throws IOException {
        Sample lossy = new Sample(1, 1, 1, 0, 0, 2, Golden.sample(1_000).histogram(), Map.of());
        assertThat(page(Golden.series(Golden.group("golden", "c/spin"), "c/spin", lossy)))
                .contains("<strong>2 answers wrong or missing</strong>");
    }

    @Test
    void aMissedGoalIsRedAndAHeldOneGreen() throws IOException {
        Group group = Golden.group("rtt-polled-64", "c/spin", "wspool/polled");
        Series c = Golden.series(group, "c/spin", Golden.sample(1_000));
        assertThat(page(c, Golden.series(group, "wspool/polled", Golden.sample(1_500))))
                .contains("<div class=\"verdict bad\">")
                .contains("Missed: rtt.polled.p50.c 1.50 (goal ≤ 1.03)");
        assertThat(page(c, Golden.series(group, "wspool/polled", Golden.sample(1_000))))
                .contains("<div class=\"verdict good\">");
    }

    /** A page and the console of a run that misses a goal and holds others. */
    private static String[] told(boolean quick, boolean busy) throws IOException {
        Group group = Golden.group("rtt-polled-64", "c/spin", "wspool/polled", "netty/spin");
        List<Series> all = List.of(
                Golden.series(group, "c/spin", Golden.sample(1_000)),
                Golden.series(group, "wspool/polled", Golden.sample(1_500)),
                Golden.series(group, "netty/spin", Golden.sample(9_000)));
        List<Ratio> ratios = Ratios.of(all, DispatchCost.unknown("no"));
        Circumstances circumstances = new Circumstances(Map.of(), Golden.BEGUN, quick, busy);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        new Console(new PrintStream(said, true, StandardCharsets.UTF_8)).goals(ratios, circumstances);
        String page = ReportPage.of(circumstances, all, ratios);
        return new String[] {
            page.substring(page.indexOf("<div class=\"verdict"), page.indexOf("<section id=\"rtt-polled-64\"")),
            said.toString(StandardCharsets.UTF_8)
        };
    }

    @Test
    void aQuickRunIsNotJudged() throws IOException {
        String[] told = told(true, false);
        String line = "--quick asks whether all is in place; its intervals are too wide to judge a goal";

        assertThat(told[0])
                .startsWith("<div class=\"verdict unknown\">\n<p class=\"sum\">" + line + ".</p>")
                .contains("<td>rtt.polled.p50.c<td>1.50")
                .contains("<td>not judged")
                .doesNotContain("Missed")
                .doesNotContain("class=\"good\"")
                .doesNotContain("class=\"bad\"")
                .doesNotContain("<td>yes")
                .doesNotContain("<td>no<");
        assertThat(told[1])
                .contains(line + "\n")
                .containsPattern("rtt\\.polled\\.p50\\.c +1\\.50 +1\\.50 - 1\\.50 +<= 1\\.03\n")
                .doesNotContain("holds")
                .doesNotContain("MISSED");
    }

    @Test
    void aBusyMachineIsTheFirstLineOfTheVerdict() throws IOException {
        String[] told = told(false, true);
        String line = "the machine was busy at the start: these figures may mean nothing";

        assertThat(told[0]).startsWith("<div class=\"verdict unknown\">\n<p class=\"sum\">" + line + ".</p>");
        assertThat(told[1]).contains(line + "\n").contains("MISSED").contains("holds");
        assertThat(told(true, true)[1]).contains("too wide to judge a goal\n\n" + line + "\n");
        assertThat(told(false, false)[0] + told(false, false)[1])
                .doesNotContain(line)
                .doesNotContain("--quick");
    }

    @Test
    void nothingOfThePageIsFetched() throws IOException {
        Series series = Golden.series(Golden.group("golden", "c/spin"), "c/spin", Golden.sample(1_000));
        String page = page(series);
        assertThat(page)
                .doesNotContainPattern("(?:src|href)=\"(?!#|data:)")
                .doesNotContain("@import")
                .doesNotContain("url(");
        assertThat(page).contains("MIT License").contains("Leon Sorokin");
    }

    @Test
    void theLogInThePageIsReadByHdrHistogram() throws IOException {
        Series series = Golden.lifelike(Golden.group("golden", "c/spin"), "c/spin", 7.1, 3);
        Series other = Golden.lifelike(Golden.group("golden", "c/spin"), "wspool/polled", 7.3, 3);
        String log = (String) data(page(series, other)).get("hlog");
        HistogramLogReader reader =
                new HistogramLogReader(new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
        Histogram first = (Histogram) reader.nextIntervalHistogram();
        assertThat(first.getTag()).isEqualTo("c/spin");
        assertThat(first.getTotalCount()).isEqualTo(series.merged().getTotalCount());
        for (double percentile : new double[] {50, 99, 99.9, 100}) {
            long exact = series.merged().getValueAtPercentile(percentile);
            assertThat(first.getValueAtPercentile(percentile)).isBetween(exact, exact + exact / 100 + 1);
        }
        assertThat(reader.nextIntervalHistogram().getTag()).isEqualTo("wspool/polled");
    }
}
