package io.wspool.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * HdrHistogram's own files: an {@code .hgrm} per contender and section, in microseconds; an {@code .hlog} per section, whose histograms
 * are in nanoseconds and whose column of maxima is in milliseconds, as its first line says.
 */
final class HistogramFiles {
    private HistogramFiles() {}

    static void write(Path directory, List<Series> all, Instant begun) throws IOException {
        for (Map.Entry<String, List<Series>> section : ResultsJson.sections(all).entrySet()) {
            for (Series series : section.getValue()) {
                Histogram merged = series.merged();
                if (merged.getTotalCount() == 0) {
                    continue;
                }
                Path file = directory.resolve(OwnFiles.distribution(section.getKey(), series.contender));
                try (PrintStream out = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
                    merged.outputPercentileDistribution(out, 1_000.0);
                }
            }
            if (section.getValue().stream().allMatch(s -> s.merged().getTotalCount() == 0)) {
                continue;
            }
            Files.writeString(directory.resolve(OwnFiles.rounds(section.getKey())), rounds(section.getValue(), begun));
        }
    }

    /**
     * One interval per round and contender. The tag is the contender; intervals follow each other from the begin of the run, as if each
     * contender had run alone, without the turns of the others.
     */
    private static String rounds(List<Series> section, Instant begun) {
        return log("", section, begun, (writer, series) -> {
            long millis = 0;
            for (Sample sample : series.samples) {
                long end = millis + sample.nanos() / 1_000_000;
                interval(writer, series, sample.histogram(), millis, end);
                millis = end;
            }
        });
    }

    /** One interval per contender, with two significant digits: small enough to travel in the page. */
    static String summary(List<Series> section, Instant begun) {
        return log("; all rounds in one interval, two significant digits", section, begun, (writer, series) -> {
            Histogram coarse = new Histogram(2);
            coarse.add(series.merged());
            long millis = series.samples.stream()
                    .mapToLong(s -> s.nanos() / 1_000_000)
                    .sum();
            interval(writer, series, coarse, 0, millis);
        });
    }

    private static String log(
            String remark, List<Series> section, Instant begun, BiConsumer<HistogramLogWriter, Series> intervals) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HistogramLogWriter writer = new HistogramLogWriter(bytes);
        writer.outputComment("[latencies in nanoseconds, maxima here in milliseconds; tag = contender" + remark + "]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(begun.toEpochMilli());
        writer.outputLegend();
        section.forEach(series -> intervals.accept(writer, series));
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
