package io.wspool.bench.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A work that can be done once in the life of a JVM: each round has its own, started as this one was. */
final class FreshJvm implements Work {
    private final ClientOptions options;
    private final String work;

    FreshJvm(ClientOptions options, String work) {
        this.options = options;
        this.work = work;
        if (!options.client.equals("wspool") || !options.mode.equals("polled")) {
            throw new IllegalArgumentException("work warmup is for wspool, polled");
        }
    }

    @Override
    public void open() {}

    @Override
    public String version() {
        return "this build, Netty " + Versions.netty();
    }

    @Override
    public String note() {
        return "a new JVM for each round; " + WarmUp.about();
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public RoundResult round(long millis) throws IOException {
        Process process = new ProcessBuilder(command())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
                PrintStream commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8)) {
            String ready = answers.readLine();
            commands.println("round " + millis);
            String line = answers.readLine();
            if (line == null || line.contains("\"error\"")) {
                throw new IOException("the JVM of a round says " + ready + ", " + line);
            }
            return RoundResult.ofLine(line);
        } finally {
            process.destroy();
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ClientMain.class.getName()));
        command.addAll(List.of("--host", options.host, "--port", Integer.toString(options.port)));
        command.addAll(List.of("--path", options.path, "--bytes", Integer.toString(options.bytes)));
        command.addAll(List.of("--client", options.client, "--mode", options.mode, "--work", work));
        if (options.tls) {
            command.add("--tls");
        }
        return command;
    }

    @Override
    public void close() {}
}
