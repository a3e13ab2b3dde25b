package io.wspool.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wspool.api.LatencyLog;
import io.wspool.api.LatencyStage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HdrHistogram's own reader finds in a log what was recorded between its lines. */
class HlogTest {
    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    private final LatencyRecorders recorders = new LatencyRecorders(3);
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long now = 77;

    private final Latencies latencies =
            new Latencies(new LatencyRecorders[] {recorders}, 0, () -> now, () -> EPOCH_MILLIS);

    private static List<Histogram> read(byte[] log) {
        List<Histogram> found = new ArrayList<>();
        try (HistogramLogReader reader = new HistogramLogReader(new ByteArrayInputStream(log))) {
            EncodableHistogram next = reader.nextIntervalHistogram();
            while (next != null) {
                found.add((Histogram) next);
                next = reader.nextIntervalHistogram();
            }
            assertThat(reader.getStartTimeSec()).isEqualTo(EPOCH_MILLIS / 1e3);
        }
        return found;
    }

    @Test
    void eachStageOfEachIntervalIsReadBack() throws IOException {
        recorders.record(LatencyStage.WRITE, 5_000, 1); // before the log
        try (LatencyLog log = latencies.hlog(bytes)) {
            log.append();
            recorders.record(LatencyStage.WRITE, 1_000, 3);
            recorders.record(LatencyStage.WRITE, 1_000_000, 1);
            recorders.record(LatencyStage.QUEUE_WAIT, 20, 2);
            now += 250_000_000;
            log.append();
            now += 250_000_000;
            log.append();
            recorders.record(LatencyStage.WRITE, 30, 7);
            now += 500_000_000;
            log.append();
        }
        List<Histogram> found = read(bytes.toByteArray());
        assertThat(found).extracting(Histogram::getTag).containsExactly("QUEUE_WAIT", "WRITE", "WRITE");
        assertThat(found).extracting(Histogram::getTotalCount).containsExactly(2L, 4L, 7L);
        assertThat(found.get(1).getCountAtValue(1_000)).isEqualTo(3);
        assertThat(found.get(1).getValueAtPercentile(100)).isBetween(1_000_000L, 1_001_000L);
        assertThat(found)
                .extracting(Histogram::getStartTimeStamp)
                .containsExactly(EPOCH_MILLIS, EPOCH_MILLIS, EPOCH_MILLIS + 500);
        assertThat(found)
                .extracting(Histogram::getEndTimeStamp)
                .containsExactly(EPOCH_MILLIS + 250, EPOCH_MILLIS + 250, EPOCH_MILLIS + 1_000);
    }

    @Test
    void aLogOfNothingHasItsHead() throws IOException {
        latencies.hlog(bytes).close();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("#[Histogram log format version 1.3]", "#[StartTime: 1700000000.000", "\"StartTimestamp\"");
        assertThat(read(bytes.toByteArray())).isEmpty();
    }

    @Test
    void aLogInAFileReplacesWhatWasThere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("latency.hlog");
        Files.writeString(file, "old");
        try (LatencyLog log = latencies.hlog(file)) {
            recorders.record(LatencyStage.PONG, 10, 1);
            log.append();
            assertThat(read(Files.readAllBytes(file))).as("while it is open").hasSize(1);
        }
        assertThat(Files.readString(file)).doesNotContain("old");
    }

    @Test
    void aFullDiskIsTold() {
        LatencyLog log = latencies.hlog(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space");
            }
        });
        recorders.record(LatencyStage.PONG, 10, 1);
        assertThatThrownBy(log::append).isInstanceOf(IOException.class).hasMessageContaining("cannot be written");
        assertThatThrownBy(log::close).isInstanceOf(IOException.class);
    }
}
