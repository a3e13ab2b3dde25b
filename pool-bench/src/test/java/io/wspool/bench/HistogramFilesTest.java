package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read back, the logs by HdrHistogram itself. */
class HistogramFilesTest {
    /** Value, percentile, count up to there, 1/(1-percentile). */
    private static final Pattern LINE = Pattern.compile("\\s*([\\d.]+)\\s+([\\d.]+)\\s+(\\d+)(?:\\s+[\\d.]+)?");

    @TempDir
    Path directory;

    private final Group group = Golden.group("golden", "c/spin", "wspool/polled+pool4");
    private final Series c = Golden.lifelike(group, "c/spin", 7.1, 3);
    private final Series ours = Golden.lifelike(group, "wspool/polled+pool4", 7.3, 2);

    private List<String> write(Series... series) throws IOException {
        HistogramFiles.write(directory, List.of(series), Golden.BEGUN);
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Map<String, List<Histogram>> log(String name) throws IOException {
        Map<String, List<Histogram>> intervals = new HashMap<>();
        try (HistogramLogReader reader =
                new HistogramLogReader(directory.resolve(name).toFile())) {
            for (EncodableHistogram next = reader.nextIntervalHistogram();
                    next != null;
                    next = reader.nextIntervalHistogram()) {
                intervals
                        .computeIfAbsent(next.getTag(), tag -> new ArrayList<>())
                        .add((Histogram) next);
            }
        }
        return intervals;
    }

    @Test
    void theLogHasOneIntervalForEachRoundWithItsHistogram() throws IOException {
        write(c, ours);
        Map<String, List<Histogram>> log = log("golden.hlog");

        assertThat(log).containsOnlyKeys("c/spin", "wspool/polled+pool4");
        for (Series series : List.of(c, ours)) {
            List<Histogram> rounds = log.get(series.contender.toString());
            assertThat(rounds)
                    .as("the rounds of %s", series.contender)
                    .isEqualTo(series.samples.stream().map(Sample::histogram).toList());
            for (int i = 0; i < rounds.size(); i++) {
                Histogram round = rounds.get(i);
                Sample sample = series.samples.get(i);
                for (double percentile : new double[] {50, 99, 99.9, 100}) {
                    assertThat(round.getValueAtPercentile(percentile))
                            .isEqualTo(sample.histogram().getValueAtPercentile(percentile));
                }
                assertThat(Instant.ofEpochMilli(round.getStartTimeStamp()))
                        .as("rounds begin with the run")
                        .isBetween(Golden.BEGUN, Golden.BEGUN.plusSeconds(60));
                assertThat(round.getEndTimeStamp() - round.getStartTimeStamp()).isEqualTo(sample.nanos() / 1_000_000);
            }
        }
    }

    @Test
    void theLogSaysItsUnitsAndTheTimeOfTheRun() throws IOException {
        write(c);
        List<String> lines = Files.readAllLines(directory.resolve("golden.hlog"));

        assertThat(lines.get(0)).startsWith("#[latencies in nanoseconds, maxima here in milliseconds;");
        assertThat(lines).anyMatch(line -> line.startsWith("#[StartTime: " + Golden.BEGUN.getEpochSecond() + ".000 "));
    }

    @Test
    void theDistributionOfAContenderHasThePercentilesOfAllItsRounds() throws IOException {
        assertThat(write(c, ours))
                .containsExactly("golden-c-spin.hgrm", "golden-wspool-polled-pool4.hgrm", "golden.hlog");
        assertDistribution("golden-c-spin.hgrm", c.merged());
        assertDistribution("golden-wspool-polled-pool4.hgrm", ours.merged());
    }

    private void assertDistribution(String name, Histogram merged) throws IOException {
        int lines = 0;
        for (String line : Files.readAllLines(directory.resolve(name))) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                long value = Math.round(Double.parseDouble(matcher.group(1)) * 1_000);
                long below = Long.parseLong(matcher.group(3));
                assertThat(merged.getCountBetweenValues(0, value)).as(line).isEqualTo(below);
                lines++;
            }
        }
        assertThat(lines).isGreaterThan(20);
    }

    @Test
    void whatMeasuredNoLatencyHasNoFile() throws IOException {
        assertThat(write(Golden.series(group, "c/spin", Golden.sample()))).isEmpty();
        assertThat(write(Golden.series(group, "c/spin", Golden.sample()), ours))
                .containsExactly("golden-wspool-polled-pool4.hgrm", "golden.hlog");
    }
}
