package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed demo, as a user starts it. */
class DemoJarIT {
    private static final int MAX_SECONDS = 60;

    @TempDir
    private Path folder;

    private Process demo;

    @AfterEach
    void endIt() {
        if (demo != null) {
            demo.destroyForcibly();
        }
    }

    @Test
    void itsLastLineIsTheAccountAndNothingIsSaidOnStandardError() throws Exception {
        start("--seconds=2", "--rate=100", "--no-chaos");
        assertThat(exitStatus()).isZero();
        assertThat(lines("err")).isEmpty();
        assertThat(lines("out"))
                .last()
                .asString()
                .matches("account: accepted=\\d+ confirmed=\\d+ notSent=0 unknown=0 open=0 unaccounted=0");
    }

    @Test
    void aSignalEndsItEarlyWithItsReport() throws Exception {
        start("--seconds=3600", "--rate=100", "--no-chaos");
        awaitLine("pool STARTING -> PARTIAL");
        demo.destroy(); // SIGTERM
        assertThat(exitStatus()).isZero();
        assertThat(lines("err")).isEmpty();
        assertThat(lines("out")).last().asString().startsWith("account: ").endsWith(" open=0 unaccounted=0");
    }

    @Test
    void aWrongOptionIsOneSentenceAndStatusTwo() throws Exception {
        start("--rate=-1");
        assertThat(exitStatus()).isEqualTo(Demo.USAGE);
        assertThat(lines("err")).first().asString().isEqualTo("--rate=-1 must be >= 1 and <= 100000");
    }

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(System.getProperty("wspool.demoJar"));
        command.addAll(List.of(arguments));
        demo = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private int exitStatus() throws Exception {
        assertThat(demo.waitFor(MAX_SECONDS, TimeUnit.SECONDS))
                .as("it ends within %d s", MAX_SECONDS)
                .isTrue();
        return demo.exitValue();
    }

    /** Looks until the line is there; the test's own time-out ends a vain wait. */
    private void awaitLine(String part) throws Exception {
        while (lines("out").stream().noneMatch(line -> line.contains(part))) {
            assertThat(demo.waitFor(50, TimeUnit.MILLISECONDS))
                    .as("ended early")
                    .isFalse();
        }
    }

    private List<String> lines(String stream) throws IOException {
        return Files.readAllLines(folder.resolve(stream));
    }
}
