package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.wspool.bench.LineProcess.Broken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The clients in C and C++ are built as the report builds them, and every answer of the echo server in C is right. Skipped where a
 * compiler, the headers of Boost or OpenSSL are absent; the reason is the one that the report gives.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NativeClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static NativeBuild natives;

    private interface Built {
        Path program() throws Broken;
    }

    @BeforeAll
    static void nothingIsBuiltYet() {
        natives = new NativeBuild(directory.resolve("native"));
    }

    private static Path built(Built what) {
        try {
            return what.program();
        } catch (Broken e) {
            return abort("absent: " + e.reason());
        }
    }

    private static Path client(String name) {
        return built(name.equals("c") ? natives::floor : natives::beast);
    }

    private static List<String> command(Path program, int port, String mode, String work) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--port", Integer.toString(port)));
        command.addAll(List.of("--mode", mode, "--warmup-ms", "20", "--work"));
        command.addAll(List.of(work.split(" ", -1)));
        return command;
    }

    private static List<Sample> rounds(Path program, List<String> server, String mode, String work) throws Broken {
        try (ServerProcess echo = new ServerProcess(server, directory.resolve("server"))) {
            return rounds(command(program, echo.port(), mode, work), mode);
        }
    }

    private static List<Sample> rounds(List<String> command, String mode) throws Broken {
        try (ClientProcess client = new ClientProcess(command, directory.resolve("client"))) {
            Series series = Golden.series(Golden.group("native", "beast/" + mode), "beast/" + mode);
            client.awaitReady(PATIENCE, series);
            assertThat(series.version).isNotEmpty();
            List<Sample> samples = List.of(client.round(50), client.round(50));
            client.rate(1_000);
            return samples;
        }
    }

    private static void assertRight(List<Sample> samples) {
        assertThat(samples).allSatisfy(sample -> {
            assertThat(sample.messages()).isPositive();
            assertThat(sample.wrong()).isZero();
            assertThat(sample.cpuNanos()).isPositive();
        });
    }

    @ParameterizedTest
    @CsvSource({"c, spin", "c, block", "beast, spin", "beast, block"})
    void everyWorkIsDoneAndEveryAnswerIsRight(String name, String mode) throws Broken {
        Path program = client(name);
        List<String> server = List.of(built(() -> natives.server(false)).toString(), "--mode", mode);

        List<Sample> pingPong = rounds(program, server, mode, "pp --bytes 1000");
        assertRight(pingPong);
        assertThat(pingPong)
                .allSatisfy(s -> assertThat(s.histogram().getTotalCount()).isEqualTo(s.messages()));

        assertRight(rounds(program, server, mode, "tp --window 100 --channels 3"));
        assertRight(rounds(program, server, mode, "senders --threads 1 --window 1"));
        assertRight(rounds(program, server, mode, "senders --threads 3 --window 100 --bytes 1000"));
        assertRight(rounds(program, server, mode, "fanin --bytes 200"));
        assertRight(rounds(program, server, mode, "fanin --bytes 65535"));

        List<Sample> open = rounds(program, server, mode, "open --rate 1000");
        assertRight(open);
        assertThat(open)
                .allSatisfy(s -> assertThat(s.histogram().getTotalCount()).isEqualTo(50));
    }

    @ParameterizedTest
    @CsvSource({"spin, pp", "block, pp", "spin, tp --window 100", "block, fanin"})
    void beastSpeaksTls(String mode, String work) throws Broken {
        Path program = client("beast");
        List<String> server = new ArrayList<>();
        built(() -> {
            server.addAll(List.of(natives.server(true).toString(), "--mode", mode));
            List<Path> pem = natives.certificate();
            server.addAll(List.of("--tls-cert", pem.get(0).toString()));
            server.addAll(List.of("--tls-key", pem.get(1).toString()));
            return pem.get(0);
        });

        assertRight(rounds(program, server, mode, work + " --tls"));
    }

    @ParameterizedTest
    @CsvSource({"c, spin", "beast, spin", "beast, block"})
    void anAddressOfIpv6IsDialledAndTheHostIsWhatIsSaid(String name, String mode) throws Exception {
        Path program = client(name);
        List<String> server = List.of(built(() -> natives.server(false)).toString(), "--mode", "block");
        try (ServerProcess echo = new ServerProcess(server, directory.resolve("server"))) {
            for (String said : List.of("", "echo.example")) {
                try (RelayOfIpv6 relay = new RelayOfIpv6(echo.port())) {
                    List<String> command = command(program, relay.port(), mode, "pp --host ::1 --path /echo?token=1");
                    command.addAll(said.isEmpty() ? List.of() : List.of("--host-header", said));
                    assertRight(rounds(command, mode));
                    assertThat(relay.head())
                            .startsWith("GET /echo?token=1 HTTP/1.1\r\n")
                            .contains("\r\nHost: " + (said.isEmpty() ? "[::1]:" + relay.port() : said) + "\r\n");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"c", "beast"})
    void whatIsNoAddressIsNotDialled(String name) {
        Path program = client(name);

        assertThatThrownBy(() -> ready(command(program, 1, "spin", "pp --host localhost")))
                .hasMessageMatching("--host and --port are no address of a socket|.*nvalid argument.*");
    }

    @Test
    void aPathThatDoesNotFitIsNotCutShort() {
        Path program = client("c");

        try (ServerProcess echo = new ServerProcess(
                List.of(built(() -> natives.server(false)).toString(), "--mode", "block"),
                directory.resolve("server"))) {
            assertThatThrownBy(() -> ready(command(program, echo.port(), "spin", "pp --path /" + "x".repeat(9_000))))
                    .hasMessage("the path is too long");
        } catch (Broken e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"c", "beast"})
    void whatCannotBeDoneIsSaidInOneLine(String name) {
        Path program = client(name);

        assertThatThrownBy(() -> ready(command(program, 1, "block", "notice")))
                .hasMessageStartingWith("it has no timeout");
        assertThatThrownBy(() -> ready(command(program, 1, "block", "idle --channels 10000")))
                .hasMessageEndingWith("which is what is counted");
        assertThatThrownBy(() -> ready(command(program, 1, "block", "nothing")))
                .hasMessage("it does not know this work");
        assertThatThrownBy(() -> ready(command(program, 1, "spin", "pp --bytes 7")))
                .hasMessage("--bytes must be 8 to 65535");
        assertThatThrownBy(() -> ready(command(program, 1, "block", "pp"))).hasMessageContaining("onnect");
    }

    private static void ready(List<String> command) throws Broken {
        try (ClientProcess client = new ClientProcess(command, directory.resolve("client"))) {
            client.awaitReady(PATIENCE, Golden.series(Golden.group("native", "beast/spin"), "beast/spin"));
        }
    }

    @Test
    void withoutHeadersTheCompilersWordsAreTheReason() {
        client("beast");
        NativeBuild without = new NativeBuild(directory.resolve("without"), List.of("-nostdinc"));

        assertThatThrownBy(without::beast)
                .hasMessageStartingWith("c++ fails: ")
                .hasMessageMatching(".*client\\.h:\\d+:.*stdint\\.h.*");
    }
}
