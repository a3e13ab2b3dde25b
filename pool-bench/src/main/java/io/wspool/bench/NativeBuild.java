package io.wspool.bench;

import io.wspool.bench.LineProcess.Broken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the native server and clients from the sources in the jar, and says why when it cannot. A program that was built before from
 * the same sources by the same command is used again: Beast's templates take half a minute.
 */
final class NativeBuild {
    private static final List<String> SOURCES =
            List.of("client.h", "senders.h", "echo_server.c", "floor_client.c", "beast_client.cpp");

    /** Where a compiler was when it failed: lines before the reason. */
    private static final Pattern INCLUDED_FROM = Pattern.compile("^(In file included from| +from) ");

    private final Path directory;
    private final List<String> moreFlags;
    private final Map<String, Path> built = new HashMap<>();
    private final Map<String, Broken> failed = new HashMap<>();
    private boolean certified;

    NativeBuild(Path directory) {
        this(directory, List.of());
    }

    /** With further flags of the compiler, for tests. */
    NativeBuild(Path directory, List<String> moreFlags) {
        this.directory = directory;
        this.moreFlags = List.copyOf(moreFlags);
    }

    Path server(boolean tls) throws Broken {
        return tls
                ? program("echo_server_tls", "cc", "echo_server.c", "-DWITH_TLS", "-lssl", "-lcrypto")
                : program("echo_server", "cc", "echo_server.c");
    }

    Path floor() throws Broken {
        return program("floor_client", "cc", "floor_client.c", "-pthread");
    }

    Path beast() throws Broken {
        return program("beast_client", "c++", "beast_client.cpp", "-std=c++17", "-pthread", "-lssl", "-lcrypto");
    }

    /** A certificate for the loopback address and its key, in PEM, made anew in each run. */
    List<Path> certificate() throws Broken {
        Path certificate = directory.resolve("certificate.pem");
        Path key = directory.resolve("key.pem");
        if (!certified) {
            certified = true;
            run(List.of(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:prime256v1",
                    "-nodes",
                    "-days",
                    "2",
                    "-subj",
                    "/CN=localhost",
                    "-addext",
                    "subjectAltName=IP:127.0.0.1,DNS:localhost",
                    "-keyout",
                    key.toString(),
                    "-out",
                    certificate.toString()));
        }
        return List.of(certificate, key);
    }

    private Path program(String name, String compiler, String source, String... flags) throws Broken {
        Broken before = failed.get(name);
        if (before != null) {
            throw before;
        }
        Path done = built.get(name);
        if (done != null) {
            return done;
        }
        try {
            Path target = compile(name, compiler, source, flags);
            built.put(name, target);
            return target;
        } catch (Broken e) {
            failed.put(name, e);
            throw e;
        }
    }

    private Path compile(String name, String compiler, String source, String... flags) throws Broken {
        try {
            Files.createDirectories(directory);
            for (String file : SOURCES) {
                copy(file);
            }
        } catch (IOException e) {
            throw new Broken("cannot write to " + directory + ": " + e.getMessage());
        }
        if (!Files.exists(directory.resolve(source))) {
            throw new Broken("there is no " + source);
        }
        Path target = directory.resolve(name);
        List<String> command = new ArrayList<>(List.of(compiler, "-O2", "-o", target.toString()));
        command.add(directory.resolve(source).toString());
        command.addAll(List.of(flags));
        command.addAll(moreFlags);
        try {
            Path origin = directory.resolve(name + ".from");
            String from = command + "\n" + text("client.h") + text("senders.h") + text(source);
            if (Files.exists(target)
                    && Files.exists(origin)
                    && Files.readString(origin).equals(from)) {
                return target;
            }
            run(command);
            Files.writeString(origin, from);
            return target;
        } catch (IOException e) {
            throw new Broken("cannot read or write in " + directory + ": " + e.getMessage());
        }
    }

    private String text(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    private void copy(String file) throws IOException {
        try (@Nullable InputStream in = NativeBuild.class.getResourceAsStream("native/" + file)) {
            if (in != null) {
                Files.copy(in, directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void run(List<String> command) throws Broken {
        try {
            Files.createDirectories(directory);
            Path log = directory.resolve("build.log");
            int code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new Broken(command.get(0) + " fails: "
                        + Files.readAllLines(log).stream()
                                .filter(line -> !INCLUDED_FROM.matcher(line).find())
                                .findFirst()
                                .orElse("exit code " + code));
            }
        } catch (IOException e) {
            throw new Broken("there is no " + command.get(0) + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Broken("interrupted");
        }
    }
}
