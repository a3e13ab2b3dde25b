package io.wspool.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.wspool.bench.RelayOfIpv6;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Every contender does its works against the echo server in Java, and every answer is right. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContendersTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    private static Path directory;

    private static Server plain;
    private static Server secure;

    @BeforeAll
    static void startTheServers() throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanIpAddress("127.0.0.1")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Path certificate = Files.writeString(directory.resolve("certificate.pem"), bundle.getCertificatePathPEM());
        Path key = Files.writeString(directory.resolve("key.pem"), bundle.getPrivateKeyPEM());
        plain = Server.start();
        secure = Server.start("--tls-cert", certificate.toString(), "--tls-key", key.toString());
    }

    @AfterAll
    static void endTheServers() throws InterruptedException, IOException {
        for (Server server : List.of(plain, secure)) {
            server.process.getOutputStream().close();
            assertThat(server.process.waitFor(10, TimeUnit.SECONDS))
                    .as("ends with its input")
                    .isTrue();
        }
    }

    private record Server(Process process, String port) {
        static Server start(String... options) throws IOException {
            List<String> command = new ArrayList<>(List.of(JAVA.toString(), "--enable-native-access=ALL-UNNAMED"));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), JavaEchoServer.class.getName()));
            command.addAll(List.of("--mode", "block"));
            command.addAll(List.of(options));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String port = process.inputReader(StandardCharsets.UTF_8).readLine().replaceAll("\\D", "");
            return new Server(process, port);
        }
    }

    private static Work work(String client, String mode, String work, String... more) {
        ClientOptions options = new ClientOptions();
        List<String> words = new ArrayList<>(List.of("--client", client, "--mode", mode, "--work", work));
        words.addAll(List.of(more));
        words.addAll(List.of("--patience-ms", "30000"));
        if (!words.contains("--port")) {
            words.addAll(List.of("--port", (words.contains("--tls") ? secure : plain).port));
        }
        new CommandLine(options).parseArgs(words.toArray(String[]::new));
        options.check();
        return Works.of(options);
    }

    private static RoundResult round(String client, String mode, String work, String... more) throws Exception {
        try (Work made = work(client, mode, work, more)) {
            made.open();
            if (made.warmsUp()) {
                assertThat(made.round(50).wrong)
                        .as("wrong answers in the first round")
                        .isZero();
            }
            assertThat(made.version()).isNotEqualTo("unknown");
            RoundResult result;
            do { // a busy machine may let nothing happen within one round
                result = made.round(50);
            } while (made.warmsUp() && result.messages == 0 && result.wrong == 0);
            return result;
        }
    }

    static Stream<Arguments> contenders() {
        return Stream.of(
                        "wspool/polled",
                        "wspool/waiting",
                        "wspool/sleeping",
                        "wspool/spinning",
                        "netty/spin",
                        "netty/waiting",
                        "netty/sleeping",
                        "netty/spinning",
                        "jdk/sleeping",
                        "okhttp/sleeping",
                        "java-websocket/sleeping",
                        "vertx/sleeping",
                        "jetty/sleeping",
                        "reactor-netty/sleeping")
                .map(each -> Arguments.of((Object[]) each.split("/", -1)));
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void answersAreRightOneByOneAndInAWindow(String client, String mode) throws Exception {
        RoundResult pingPong = round(client, mode, "pp");

        assertThat(pingPong.wrong).isZero();
        assertThat(pingPong.messages).isPositive();
        assertThat(pingPong.latencies.getTotalCount()).isEqualTo(pingPong.messages);

        RoundResult throughput = round(client, mode, "tp", "--window", "100", "--bytes", "200");

        assertThat(throughput.wrong).isZero();
        assertThat(throughput.messages).isGreaterThanOrEqualTo(100);
        assertThat(throughput.cpuNanos).isPositive();
        assertThat(throughput.allocBytes).isNotNegative();
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void severalConnectionsAndAFeedAndAFixedRate(String client, String mode) throws Exception {
        assertThat(round(client, mode, "tp", "--channels", "3", "--window", "10").wrong)
                .isZero();

        RoundResult feed = round(client, mode, "fanin", "--bytes", "200");
        assertThat(feed.wrong).isZero();
        assertThat(feed.messages).isPositive();

        RoundResult open = round(client, mode, "open", "--rate", "1000");
        assertThat(open.wrong).isZero();
        assertThat(open.latencies.getTotalCount()).isEqualTo(50);
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void answersOverTlsAreRight(String client, String mode) throws Exception {
        RoundResult result = round(client, mode, "pp", "--tls");

        assertThat(result.wrong).isZero();
        assertThat(result.messages).isPositive();
        assertThat(result.latencies.getTotalCount()).isEqualTo(result.messages);
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void anAddressOfIpv6IsDialledAndTheQueryArrives(String client, String mode) throws Exception {
        try (RelayOfIpv6 relay = new RelayOfIpv6(Integer.parseInt(plain.port))) {
            String port = Integer.toString(relay.port());
            String path = "/echo?token=a%20b&c=%2F";
            RoundResult result = round(client, mode, "pp", "--host", "::1", "--port", port, "--path", path);

            assertThat(result.wrong).isZero();
            assertThat(result.messages).isPositive();
            assertThat(relay.head())
                    .startsWith("GET " + path + " HTTP/1.1\r\n")
                    .containsPattern("(?i)\r\nhost: \\[(::1|0:0:0:0:0:0:0:1)\\]:" + port + "(\r\n|$)");
        }
    }

    @ParameterizedTest
    @CsvSource({"64, spin", "125, spin", "126, spin", "20000, spin", "64, sleeping"})
    void behindTlsAFrameMadeOnceIsAnsweredRight(String bytes, String mode) throws Exception {
        RoundResult result = round("netty", mode, "pp", "--tls", "--variant", "tlsonly", "--bytes", bytes);

        assertThat(result.wrong).isZero();
        assertThat(result.messages).isPositive();
        assertThat(result.latencies.getTotalCount()).isEqualTo(result.messages);
    }

    @ParameterizedTest
    @CsvSource({
        "wspool, sleeping",
        "wspool, spinning",
        "netty, sleeping",
        "netty, spinning",
        "jdk, sleeping",
        "okhttp, sleeping",
        "java-websocket, sleeping",
        "vertx, sleeping",
        "jetty, sleeping",
        "reactor-netty, sleeping"
    })
    void threadsShareConnections(String client, String mode) throws Exception {
        RoundResult result = round(client, mode, "senders", "--threads", "3", "--channels", "2", "--window", "30");

        assertThat(result.wrong).isZero();
        assertThat(result.messages).isGreaterThanOrEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pool4", "nomask", "probesoff"})
    void variantsOfOurs(String variant) throws Exception {
        assertThat(round("wspool", "polled", "pp", "--variant", variant).wrong).isZero();
    }

    @Test
    void nettyWithAHeartbeat() throws Exception {
        assertThat(round("netty", "sleeping", "pp", "--variant", "heartbeat").wrong)
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "wspool,",
        "netty,",
        "netty, heartbeat",
        "jdk,",
        "okhttp,",
        "java-websocket,",
        "vertx,",
        "jetty,",
        "reactor-netty,"
    })
    void idleChannelsHaveAPrice(String client, @Nullable String variant) throws Exception {
        String[] options = variant == null
                ? new String[] {"--channels", "100"}
                : new String[] {"--channels", "100", "--variant", variant};
        assertThat(round(client, "sleeping", "idle", options).toJson())
                .matches(".*\"messages\":100,.*\"wrong\":0,\"heapBytesPerChannel\":\\d+\\.\\d+,.*");
    }

    @Test
    void aThreadForEachOfManyConnectionsIsNotTried() {
        assertThatThrownBy(() -> work("okhttp", "sleeping", "idle", "--channels", "4001"))
                .hasMessage("it has threads for each connection, and would have 4001");
        assertThatThrownBy(() -> work("java-websocket", "sleeping", "idle", "--channels", "2001"))
                .hasMessage("it has threads for each connection, and would have 4002");
    }

    @Test
    void aBlackHoleIsLeftTrialAfterTrial() throws Exception {
        RoundResult result = round("wspool", "polled", "divert", "--channels", "3");

        assertThat(result.messages).isPositive();
        assertThat(result.latencies.getTotalCount()).isEqualTo(result.messages);
        assertThat(result.toJson()).matches(".*\"trials\":" + result.messages + ",\"within\":\\d+,.*");
    }

    @Test
    void aServerThatAnswersIsNotNoticed() throws Exception {
        assertThat(round("jdk", "sleeping", "notice").toJson()).contains("\"noticedNanos\":-1,");
    }

    @Test
    void theFirstMessagesOfAJvmBesideItsSteadyState() throws Exception {
        assertThat(round("wspool", "polled", "warmup").toJson())
                .matches(".*\"wrong\":0,\"firstP50nanos\":\\d+,\"steadyP50nanos\":\\d+,\"ratio\":\\d+\\.\\d+,.*");
    }

    @Test
    void whatNoContenderDoesIsRefused() {
        assertThatThrownBy(() -> work("wspool", "spin", "pp")).hasMessage("wspool has no mode spin");
        assertThatThrownBy(() -> work("jdk", "polled", "pp")).hasMessage("jdk has no mode polled");
        assertThatThrownBy(() -> work("netty", "sleeping", "pp", "--variant", "pool4"))
                .hasMessage("netty has no variant but heartbeat and tlsonly");
        assertThatThrownBy(() -> work("netty", "spin", "pp", "--variant", "tlsonly"))
                .hasMessage("variant tlsonly is for ping-pong over TLS");
        assertThatThrownBy(() -> work("netty", "spin", "tp", "--tls", "--variant", "tlsonly"))
                .hasMessage("variant tlsonly is for ping-pong over TLS");
        assertThatThrownBy(() -> work("netty", "polled", "pp")).hasMessage("netty has no mode polled");
        assertThatThrownBy(() -> work("netty", "waiting", "senders"))
                .hasMessage("work senders is for modes in which any thread may send");
        assertThatThrownBy(() -> work("wspool", "polled", "nothing")).hasMessage("there is no work nothing");
        assertThatThrownBy(() -> work("nobody", "polled", "pp")).hasMessage("there is no client nobody");
        assertThatThrownBy(() -> work("wspool", "polled", "pp", "--bytes", "7"))
                .hasMessage("--bytes must be 8 to 65535");
    }

    @Test
    void aRoundIsOneLine() throws Exception {
        assertThat(round("wspool", "polled", "pp").toJson())
                .matches(
                        "\\{\"messages\":\\d+,\"nanos\":\\d+,\"cpuNanos\":\\d+,\"allocBytes\":\\d+,\"collections\":\\d+,\"wrong\":0,"
                                + "\"hist\":\"(\\d+:\\d+,?)+\"}");
    }
}
