package io.wspool.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Every contender does its works against the echo server in Java, and every answer is right. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContendersTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private static Process server;
    private static String port;

    @BeforeAll
    static void startTheServer() throws IOException {
        server = new ProcessBuilder(
                        JAVA.toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JavaEchoServer.class.getName(),
                        "--mode",
                        "block")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
        port = out.readLine().replaceAll("\\D", "");
    }

    @AfterAll
    static void endTheServer() throws InterruptedException, IOException {
        server.getOutputStream().close();
        assertThat(server.waitFor(10, TimeUnit.SECONDS))
                .as("ends with its input")
                .isTrue();
    }

    private static Work work(String client, String mode, String work, String... more) {
        ClientOptions options = new ClientOptions();
        List<String> words =
                new ArrayList<>(List.of("--port", port, "--client", client, "--mode", mode, "--work", work));
        words.addAll(List.of(more));
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
            return made.round(50);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "wspool, polled",
        "wspool, waiting",
        "wspool, sleeping",
        "wspool, spinning",
        "netty, spin",
        "netty, sleeping",
        "jdk, sleeping",
        "okhttp, sleeping",
        "java-websocket, sleeping",
        "vertx, sleeping",
        "jetty, sleeping",
        "reactor-netty, sleeping"
    })
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
    @CsvSource({"wspool, polled", "wspool, sleeping", "netty, spin", "netty, sleeping"})
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
    @ValueSource(strings = {"wspool", "netty", "jdk", "okhttp", "java-websocket", "vertx", "jetty", "reactor-netty"})
    void threadsShareConnections(String client) throws Exception {
        RoundResult result =
                round(client, "sleeping", "senders", "--threads", "3", "--channels", "2", "--window", "30");

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
    @CsvSource({"wspool,", "netty,", "netty, heartbeat"})
    void idleChannelsHaveAPrice(String client, @Nullable String variant) throws Exception {
        String[] options = variant == null
                ? new String[] {"--channels", "100"}
                : new String[] {"--channels", "100", "--variant", variant};
        assertThat(round(client, "sleeping", "idle", options).toJson())
                .matches(".*\"messages\":100,.*\"wrong\":0,\"heapBytesPerChannel\":\\d+\\.\\d+,.*");
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
                .hasMessage("netty has no variant but heartbeat");
        assertThatThrownBy(() -> work("wspool", "polled", "nothing")).hasMessage("there is no work nothing");
        assertThatThrownBy(() -> work("nobody", "polled", "pp")).hasMessage("there is no client nobody");
        assertThatThrownBy(() -> work("wspool", "polled", "pp", "--bytes", "7"))
                .hasMessage("--bytes must be 8 to 65535");
    }

    @Test
    void aRoundIsOneLine() throws Exception {
        assertThat(round("wspool", "polled", "pp").toJson())
                .matches("\\{\"messages\":\\d+,\"nanos\":\\d+,\"cpuNanos\":\\d+,\"allocBytes\":\\d+,\"wrong\":0,"
                        + "\"hist\":\"(\\d+:\\d+,?)+\"}");
    }
}
