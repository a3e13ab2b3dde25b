package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier run wrote goes, what somebody else wrote stays. */
class OwnFilesTest {
    @TempDir
    Path directory;

    @Test
    void onlyWhatARunWritesIsRemoved() throws IOException {
        List<String> ours = List.of(
                "results.json",
                "report.html",
                "rtt-polled-64.hlog",
                "rtt-polled-64-wspool-polled-pool4.hgrm",
                "open-sleeping-50.hlog",
                "open-sleeping-50-java-websocket-sleeping.hgrm",
                "idle-netty-sleeping-heartbeat.hgrm",
                "log/tp-polled-server.err",
                "log/open-capacity-beast-spin.err",
                "log/warmup-wspool-polled.err");
        List<String> theirs = List.of(
                "mine.hgrm",
                "rtt-polled-64-yesterday.hgrm",
                "rtt-polled-64.hlog.old",
                "results.json.old",
                "dispatch.json",
                "notes.err",
                "log/notes.err",
                "log/rtt-polled-64.hlog",
                "more/rtt-polled-64.hlog");
        for (String name : Stream.concat(ours.stream(), theirs.stream()).toList()) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        Path named = Files.createDirectory(directory.resolve("tp-polled.hlog"));

        OwnFiles.removeFrom(directory);

        assertThat(ours).allSatisfy(name -> assertThat(directory.resolve(name)).doesNotExist());
        assertThat(theirs)
                .allSatisfy(name -> assertThat(directory.resolve(name)).exists());
        assertThat(named).as("a directory is none of its files").exists();
    }

    @Test
    void aDirectoryThatHasNothingOfItIsLeftAsItIs() throws IOException {
        OwnFiles.removeFrom(directory.resolve("absent"));
        assertThat(directory.resolve("absent")).doesNotExist();
    }

    @Test
    void allFilesOfHistogramsAreKnown() throws IOException {
        Series series = Golden.series(Golden.group("rtt-polled-64", "c/spin"), "c/spin", Golden.sample(1_000));
        HistogramFiles.write(directory, List.of(series), Golden.BEGUN);
        assertThat(directory).isNotEmptyDirectory();

        OwnFiles.removeFrom(directory);

        assertThat(directory).isEmptyDirectory();
    }
}
