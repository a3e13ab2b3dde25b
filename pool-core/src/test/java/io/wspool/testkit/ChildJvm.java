package io.wspool.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, of the same version as the test's: for what must start, fail or die by itself. */
public final class ChildJvm {
    private static final int MAX_SECONDS = 60;

    /** How it ended: its exit status, and what it wrote on its standard output and on its standard error. */
    public record Result(int exit, String output) {}

    private ChildJvm() {}

    /** Starts {@code java} with these arguments and waits for its end. */
    public static Result run(List<String> arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("child-jvm", ".txt");
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(arguments);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        "still running after " + MAX_SECONDS + " s, killed; it said: " + Files.readString(output));
            }
            return new Result(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    /** What the pool logs, at INFO and above, in a program that must end with status 0. */
    public static String log(List<String> flags, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(
                "-Dslf4j.provider=" + PrintedLog.class.getName(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        all.addAll(List.of(arguments));
        Result run = run(all);
        if (run.exit() != 0) {
            throw new AssertionError(program + " ended with status " + run.exit() + ": " + run.output());
        }
        return run.output();
    }
}
