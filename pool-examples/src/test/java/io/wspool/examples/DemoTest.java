package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo itself, on real sockets, in small. What it measures is not judged here; what it counts is. */
@Timeout(60)
class DemoTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void withAllItsChaosItAccountsForEveryOrder() {
        assertHolds(run("--seconds=8", "--rate=500"));
        assertThat(text(out)).contains("killed without Close", "frozen", "refused with 503", "server restarted (1001)");
    }

    @Test
    void polledByItsOwnThreadItAccountsForEveryOrder() {
        assertHolds(run("--seconds=4", "--rate=500", "--mode=polled", "--channels=2"));
    }

    @Test
    void inPeaceEveryOrderIsConfirmed() {
        assertHolds(run("--seconds=1", "--rate=200", "--no-chaos"));
        assertThat(lastLine()).contains(" notSent=0 unknown=0 ").doesNotContain("confirmed=0");
        assertThat(text(out)).doesNotContain("faults");
    }

    @Test
    void anotherServerIsUsedAsItIs() {
        ServerLog log = new ServerLog();
        try (MarketServer other = new MarketServer(log, new Diverts())) {
            assertHolds(run("--seconds=1", "--rate=100", "--url=" + other.uri()));
        }
        assertThat(log.size()).isPositive();
        assertThat(text(out)).contains("left out: the server is not ours");
    }

    @Test
    void aServerThatIsNotThereYetIsWaitedFor() throws Exception {
        ServerLog log = new ServerLog();
        MarketServer former = new MarketServer(log, new Diverts());
        former.close(); // its port is free now
        CompletableFuture<Integer> demo =
                CompletableFuture.supplyAsync(() -> run("--seconds=1", "--rate=100", "--url=" + former.uri()));
        while (!text(out).contains("waiting for the server")) {
            assertThat(demo).isNotDone();
            Thread.onSpinWait();
        }
        try (MarketServer late =
                new MarketServer(log, new Diverts(), former.uri().getPort())) {
            assertHolds(demo.join());
            assertThat(late.uri()).isEqualTo(former.uri());
        }
        assertThat(log.size()).isPositive();
    }

    @Test
    void aServerThatWantsOtherCredentialsIsNotWaitedFor() {
        Undertow door = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(exchange -> exchange.setStatusCode(403))
                .build();
        door.start();
        try {
            int port = ((InetSocketAddress) door.getListenerInfo().get(0).getAddress()).getPort();
            assertThat(run("--url=ws://127.0.0.1:" + port + "/")).isEqualTo(Demo.FAILED);
        } finally {
            door.stop();
        }
        assertThat(text(out)).contains("is given up: HTTP 403").contains("given up: ");
        assertThat(lastLine()).isEqualTo("account: accepted=0 confirmed=0 notSent=0 unknown=0 open=0 unaccounted=0");
    }

    private void assertHolds(int status) {
        assertThat(lastLine())
                .as(text(out))
                .matches("account: accepted=[1-9]\\d* confirmed=\\d+ notSent=\\d+ unknown=\\d+ open=0 unaccounted=0");
        assertThat(text(out)).doesNotContain("  FAILED  ");
        assertThat(text(err)).isEmpty();
        assertThat(status).isEqualTo(Demo.HOLDS);
    }

    private int run(String... args) {
        return new Demo(stream(out), stream(err)).run(args);
    }

    private String lastLine() {
        List<String> lines = text(out).lines().toList();
        return lines.get(lines.size() - 1);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
