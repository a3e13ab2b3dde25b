package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.LoopMode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DemoOptionsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rate=-5            | --rate=-5 must be >= 1 and <= 100000",
                "--rate=0             | --rate=0 must be >= 1 and <= 100000",
                "--rate=100001        | --rate=100001 must be >= 1 and <= 100000",
                "--seconds=0          | --seconds=0 must be >= 1 and <= 86400",
                "--seconds=86401      | --seconds=86401 must be >= 1 and <= 86400",
                "--channels=0         | --channels=0 must be >= 1 and <= 64",
                "--channels=65        | --channels=65 must be >= 1 and <= 64",
                "--channels=many      | --channels",
                "--mode=fast          | 'fast' must be sleeping or polled",
                "--url=http://a/      | 'http://a/' must be a URL that begins with ws:// or wss://",
                "--url=gateway        | 'gateway' must be a URL that begins with ws:// or wss://",
                "--url=ws://          | 'ws://' must be a URL",
                "--url=ws:///path     | 'ws:///path' must be a URL with a host",
                "--url=ws://a/#top    | 'ws://a/#top' must be a URL without a fragment",
                "--url=ws://a b       | 'ws://a b' must be a URL, but:",
                "--speed=1            | --speed=1",
            })
    void aWrongOptionIsRefusedByNameAndBound(String option, String says) {
        assertThat(run(option)).isEqualTo(Demo.USAGE);
        assertThat(text(err)).contains(says).contains("--help").doesNotContain("Exception");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void moreOrdersThanTheBookHoldsAreRefused() {
        assertThat(run("--rate=100000", "--seconds=501")).isEqualTo(Demo.USAGE);
        assertThat(text(err)).contains("--rate x --seconds=50100000 must be <= 50000000");
    }

    @Test
    void asManyOrdersAsTheBookHoldsAreTaken() {
        DemoOptions options = parsed("--rate=100000", "--seconds=500");
        options.check();
        assertThat(options.orders()).isEqualTo(DemoOptions.MOST_ORDERS);
    }

    @Test
    void withoutOptionsItIsFourChannelsForAMinuteWithChaos() {
        DemoOptions options = parsed();
        options.check();
        assertThat(options.channels).isEqualTo(4);
        assertThat(options.seconds).isEqualTo(60);
        assertThat(options.rate).isEqualTo(1000);
        assertThat(options.mode).isEqualTo(LoopMode.SLEEPING);
        assertThat(options.chaos()).isTrue();
    }

    @Test
    void theUsersOwnServerIsLeftInPeace() {
        DemoOptions options = parsed("--url", "wss://gateway.example/ws?a=b");
        assertThat(options.url).isEqualTo(URI.create("wss://gateway.example/ws?a=b"));
        assertThat(options.chaos()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"polled", "POLLED"})
    void aModeIsGivenByItsShortName(String name) {
        assertThat(parsed("--mode", name).mode).isEqualTo(LoopMode.CALLER_POLLED);
    }

    @Test
    void helpNamesEveryOptionAndIsNoFailure() {
        assertThat(run("--help")).isZero();
        assertThat(text(out)).contains("--url", "--channels", "--rate", "--seconds", "--mode", "--no-chaos");
        assertThat(text(err)).isEmpty();
    }

    private int run(String... args) {
        return new Demo(stream(out), stream(err)).run(args);
    }

    private static DemoOptions parsed(String... args) {
        return CommandLine.populateCommand(new DemoOptions(), args);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
