package io.wspool.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** {@code results.json}: for programs that read the report. Numbers that are not known are null. */
final class ResultsJson {
    private ResultsJson() {}

    static String of(Map<String, Object> machine, List<Series> all, List<Ratio> ratios) throws IOException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("machine", machine);
        root.put("results", all.stream().map(ResultsJson::result).toList());
        root.put("ratios", ratios.stream().map(ResultsJson::ratio).toList());
        return JSON.std
                .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
                .asString(root);
    }

    private static Map<String, Object> result(Series series) {
        Group group = series.group;
        Histogram merged = series.merged();
        boolean latencies = merged.getTotalCount() > 0;
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("work", group.load().work());
        map.put("client", series.contender.client());
        map.put("mode", series.contender.mode());
        map.put("server", series.server);
        map.put("payloadBytes", group.load().bytes());
        map.put("rounds", series.samples.size());
        map.put("p50us", latencies ? micros(merged.getValueAtPercentile(50)) : null);
        map.put("p99us", latencies ? micros(merged.getValueAtPercentile(99)) : null);
        map.put("p999us", latencies ? micros(merged.getValueAtPercentile(99.9)) : null);
        map.put("maxus", latencies ? micros(merged.getValueAtPercentile(100)) : null);
        map.put("msgsPerSecond", number(series.median(Sample::perSecond)));
        map.put("cpuMicrosPerMessage", number(series.median(Sample::cpuMicrosPerMessage)));
        double bytes = series.median(Sample::allocBytesPerMessage);
        map.put("allocBytesPerMessage", bytes < 0 ? null : number(bytes));
        map.put("group", series.section);
        map.put("contender", series.contender.toString());
        map.put("variant", series.contender.variant());
        map.put("version", series.version);
        map.put("note", series.note);
        map.put("tls", group.load().tls());
        map.put("window", group.load().window());
        map.put("channels", group.load().channels());
        map.put("threads", group.load().threads());
        map.put("ratePerSecond", series.rate == 0 ? null : number(series.rate));
        map.put("messages", series.messages());
        map.put("samples", merged.getTotalCount());
        map.put("wrong", series.wrong());
        map.put("collections", series.contender.isNative() ? null : series.collections());
        map.put("absent", series.absent());
        map.put("trouble", series.trouble);
        map.put("extra", extra(series));
        return map;
    }

    /** The medians of further numbers. */
    static Map<String, Object> extra(Series series) {
        Map<String, Object> map = new TreeMap<>();
        for (Sample sample : series.samples) {
            for (String key : sample.extra().keySet()) {
                map.computeIfAbsent(
                        key, k -> number(series.median(s -> s.extra().getOrDefault(k, Double.NaN))));
            }
        }
        return map;
    }

    private static Map<String, Object> ratio(Ratio ratio) {
        Interval interval = ratio.interval();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", ratio.name());
        map.put("value", interval == null ? null : number(interval.value()));
        map.put("low", interval == null ? null : number(interval.low()));
        map.put("high", interval == null ? null : number(interval.high()));
        map.put("goal", ratio.goal().toString());
        map.put("holds", ratio.holds());
        map.put("what", ratio.what());
        map.put("reason", ratio.reason());
        return map;
    }

    static double micros(long nanos) {
        return nanos / 1e3;
    }

    /** Six significant digits; null for what is no number, since JSON has none. */
    private static @Nullable Double number(double value) {
        return Double.isNaN(value) || Double.isInfinite(value)
                ? null
                : new BigDecimal(value).round(new MathContext(6)).doubleValue();
    }

    /** Names of sections in their order, each with its series. */
    static Map<String, List<Series>> sections(List<Series> all) {
        Map<String, List<Series>> sections = new LinkedHashMap<>();
        all.forEach(series ->
                sections.computeIfAbsent(series.section, s -> new ArrayList<>()).add(series));
        return sections;
    }
}
