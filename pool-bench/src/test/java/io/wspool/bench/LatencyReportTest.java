package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A wrong option is answered in two lines, and nothing is measured. */
class LatencyReportTest {
    private static void assertRefused(String why, String... arguments) {
        StringWriter said = new StringWriter();
        CommandLine line = LatencyReport.commandLine(arguments).setErr(new PrintWriter(said, true));

        assertThat(line.execute(arguments)).as("exit code").isEqualTo(2);
        assertThat(said.toString().lines()).containsExactly("latency-report: " + why, "--help lists the options");
    }

    @Test
    void theOptionAndItsValueAreNamed(@TempDir Path directory) throws IOException {
        assertRefused("Unknown option: '--fast'", "--fast");
        assertRefused("Invalid value for option '--seed': 'many' must be a whole number", "--seed", "many");
        assertRefused(
                "Invalid value for option '--url': 'ws://a b' must be a URL, but: Illegal character in authority",
                "--url",
                "ws://a b");
        assertRefused("Missing required parameter for option '--seed' (N)", "--seed");
        assertRefused("--quick and --full exclude each other", "--quick", "--full");
        assertRefused(
                "--url ws://127.0.0.1:99999/ has port 99999, and a port is 1 to 65535",
                "--url",
                "ws://127.0.0.1:99999/");
        assertRefused("--out '' names no directory; the one that this is called in is .", "--out", "");
        Path file = Files.createFile(directory.resolve("file"));
        assertRefused("--out " + file + " is a file, and a directory is wanted", "--out", file.toString());
    }

    @Test
    void emptyNamesAreNotEverything() {
        for (String option : List.of("--work", "--clients")) {
            for (String value : List.of("", ",", "rtt,")) {
                assertRefused(
                        option + " '" + value + "' must be names with a comma between two of them, and one is empty",
                        option,
                        value);
            }
        }
    }

    @Test
    void whatLeavesNothingIsRefused() {
        assertRefused(
                "--clients okhttp takes part in nothing that is asked for: warmup",
                "--work",
                "warmup",
                "--clients",
                "okhttp");
    }

    @Test
    void helpSaysHowLongItTakesAndWhatNamesDo() {
        StringWriter said = new StringWriter();
        CommandLine line = LatencyReport.commandLine("--help").setOut(new PrintWriter(said, true));

        assertThat(line.execute("--help")).isZero();
        assertThat(said.toString().replaceAll("\\s+", " "))
                .contains("30 to 40 minutes")
                .contains("whatever --quick says")
                .contains("any certificate is accepted");
    }
}
