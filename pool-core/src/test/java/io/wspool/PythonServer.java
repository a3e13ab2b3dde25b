package io.wspool;

import io.wspool.testkit.SystemPart;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The echo server of Debian's python3-websockets, a process of its own, so that it can be killed and frozen. */
final class PythonServer implements AutoCloseable {
    private final Path script;
    private final Process process;
    private final int port;

    /** Starts it and returns when it listens; {@code wantedPort} 0 takes any. */
    PythonServer(int wantedPort) throws IOException {
        SystemPart.PYTHON_WEBSOCKETS.require();
        script = Files.createTempFile("echo_server", ".py");
        try (InputStream source = PythonServer.class.getResourceAsStream("echo_server.py")) {
            Files.write(script, source.readAllBytes());
        }
        process = new ProcessBuilder("/usr/bin/python3", script.toString(), String.valueOf(wantedPort))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.US_ASCII);
        String first = said.readLine();
        if (first == null) {
            close();
            throw new IOException("the server did not start");
        }
        port = Integer.parseInt(first);
    }

    int port() {
        return port;
    }

    String uri() {
        return "ws://127.0.0.1:" + port + "/";
    }

    /** {@code kill -9}; returns when it is dead. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** {@code kill -STOP}: its sockets live on, and it does nothing. */
    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill " + signal + " ended with " + status);
        }
    }

    /** Asks it to stop: it says Close 1001 to everybody. */
    void stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new AssertionError("the server did not stop");
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        Files.deleteIfExists(script);
    }
}
