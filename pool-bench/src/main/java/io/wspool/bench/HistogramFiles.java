package io.wspool.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** HdrHistogram's own files: an {@code .hgrm} per contender and section, an {@code .hlog} per section. Latencies in microseconds. */
final class HistogramFiles {
    private HistogramFiles() {}

    static void write(Path directory, List<Series> all) throws IOException {
        for (Map.Entry<String, List<Series>> section : ResultsJson.sections(all).entrySet()) {
            for (Series series : section.getValue()) {
                Histogram merged = series.merged();
                if (merged.getTotalCount() == 0) {
                    continue;
                }
                String name =
                        section.getKey() + "-" + series.contender.toString().replaceAll("[^A-Za-z0-9.-]", "-");
                try (PrintStream out =
                        new PrintStream(directory.resolve(name + ".hgrm").toFile(), StandardCharsets.UTF_8)) {
                    merged.outputPercentileDistribution(out, 1_000.0);
                }
            }
            if (section.getValue().stream().allMatch(s -> s.merged().getTotalCount() == 0)) {
                continue;
            }
            Files.writeString(directory.resolve(section.getKey() + ".hlog"), log(section.getValue(), true));
        }
    }

    /**
     * The log of one section. With {@code eachRound} one interval per round and contender, else one per contender. The tag is the
     * contender; intervals follow each other as if each contender had run alone, without the turns of the others.
     */
    static String log(List<Series> section, boolean eachRound) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HistogramLogWriter writer = new HistogramLogWriter(bytes);
        writer.outputComment("[latencies in nanoseconds; tag = contender]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(0);
        writer.outputLegend();
        for (Series series : section) {
            long millis = 0;
            if (!eachRound) {
                long all = series.samples.stream()
                        .mapToLong(s -> s.nanos() / 1_000_000)
                        .sum();
                interval(writer, series, series.merged(), 0, all);
                continue;
            }
            for (Sample sample : series.samples) {
                long end = millis + sample.nanos() / 1_000_000;
                interval(writer, series, sample.histogram(), millis, end);
                millis = end;
            }
        }
        writer.close();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void interval(HistogramLogWriter writer, Series series, Histogram histogram, long start, long end) {
        if (histogram.getTotalCount() == 0) {
            return;
        }
        histogram.setTag(series.contender.toString());
        histogram.setStartTimeStamp(start);
        histogram.setEndTimeStamp(end);
        writer.outputIntervalHistogram(start / 1e3, end / 1e3, histogram, 1e6);
    }
}
