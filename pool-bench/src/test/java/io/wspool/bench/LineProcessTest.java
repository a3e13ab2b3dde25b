package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.bench.LineProcess.Broken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A report that is ended by a signal leaves no process behind. */
class LineProcessTest {
    /** Stops its server as the work {@code notice} does, says who that is, and waits. */
    static final class Freezer {
        private Freezer() {}

        public static void main(String[] arguments) throws Broken, InterruptedException {
            List<String> server = JavaProcess.command(List.of("-Xmx16m"), FakeServer.class.getName());
            LineProcess process = new LineProcess(server, Path.of(arguments[0]));
            process.next(Duration.ofSeconds(60));
            try {
                new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            System.out.println(process.pid());
            new CountDownLatch(1).await();
        }
    }

    @Test
    void aServerThatIsStoppedEndsWithTheReport(@TempDir Path directory) throws Exception {
        String errors = directory.resolve("server.err").toString();
        List<String> command = new ArrayList<>(JavaProcess.command(List.of("-Xmx64m"), Freezer.class.getName()));
        command.add(errors);
        Process report = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ProcessHandle server = ProcessHandle.of(Long.parseLong(
                        report.inputReader(StandardCharsets.UTF_8).readLine()))
                .orElseThrow();
        try {
            assertThat(server.isAlive()).isTrue();

            report.destroy();

            assertThat(report.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(server.isAlive()).isFalse();
        } finally {
            server.destroyForcibly();
        }
    }
}
