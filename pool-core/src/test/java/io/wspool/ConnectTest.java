package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.sun.management.UnixOperatingSystemMXBean;
import io.wspool.api.CloseCause;
import io.wspool.api.CloseResult;
import io.wspool.api.CloseSettings;
import io.wspool.api.LoopMode;
import io.wspool.api.PoolState;
import io.wspool.api.ReconnectSettings;
import io.wspool.api.SendResult;
import io.wspool.api.SlotSnapshot;
import io.wspool.api.SlotState;
import io.wspool.api.UpgradeRefusal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How dials fail, what is told of it, and what comes next. */
class ConnectTest {
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final Told told = new Told();
    private RawServer server;

    @BeforeEach
    void listen() throws Exception {
        server = new RawServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private WebSocketPoolBuilder quiet() {
        CloseSettings hurried =
                new CloseSettings(Duration.ofSeconds(5), Duration.ofMillis(50)); // nobody answers our Close
        return Quick.quiet(server.uri()).closeTimeouts(hurried).listener(told);
    }

    // The deadline.

    @Test
    void aServerThatAcceptsAndNeverAnswersIsGivenUpAtTheDeadline() throws Exception {
        try (WebSocketPool pool = quiet().connectDeadline(SHORT).start()) {
            Peer silent = server.accept();
            silent.readHead();
            CloseCause cause = told.failedDial();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.CONNECT_FAILED);
            assertThat(cause.detail())
                    .contains("no connection within 1000 ms", "waiting for the answer to the upgrade");
            assertThat(silent.read()).as("the end of the connection").isNull();
            assertThat(told.retry().attempt()).isEqualTo(1);
            server.accept().upgrade();
            pool.awaitReady(Patience.LIMIT);
        }
    }

    @Test
    void aServerThatDribblesItsAnswerGetsNoLongerThanTheDeadline() throws Exception {
        try (WebSocketPool pool = quiet().connectDeadline(SHORT).start()) {
            Peer slow = server.accept();
            byte[] head = Peer.switching(slow.readHead()).getBytes(StandardCharsets.ISO_8859_1);
            CountDownLatch over = new CountDownLatch(1);
            int sent = 0;
            try {
                do { // all but the last byte, spread over four times the deadline
                    slow.send(new byte[] {head[sent++]});
                } while (sent < head.length - 1 && !over.await(800 / head.length, TimeUnit.MILLISECONDS));
                assertThat(slow.read()).isNull();
            } catch (IOException cut) {
                assertThat(cut).hasMessageMatching("(?i).*(reset|broken pipe).*");
            }
            assertThat(told.failedDial().kind()).isEqualTo(CloseCause.Kind.CONNECT_FAILED);
            server.accept().upgrade();
            pool.awaitReady(Patience.LIMIT);
        }
    }

    @Test
    void aRefusalWhoseBodyNeverEndsIsToldAtTheDeadlineWithWhatHadCome() throws Exception {
        try (WebSocketPool pool = quiet().connectDeadline(SHORT).start()) {
            server.accept().refuse("HTTP/1.1 404 Not Found\r\nContent-Length: 1000\r\n\r\nno such feed");
            CloseCause cause = told.failedDial();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.UPGRADE_REFUSED);
            assertThat(cause.refusal().status()).isEqualTo(404);
            assertThat(cause.refusal().bodyStart()).isEqualTo("no such feed");
            assertThat(pool.sendText("x")).isEqualTo(SendResult.NO_LIVE_CHANNEL);
        }
    }

    // Refusals.

    @Test
    void aRefusedUpgradeIsToldWithStatusHeadersAndBody() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            server.accept()
                    .refuse(
                            "HTTP/1.1 404 Not Here\r\nX-Hint: other path\r\nX-Hint: ask\r\nSet-Cookie: session=secret\r\n"
                                    + "Content-Length: 12\r\n\r\nno such feed");
            CloseCause cause = told.failedDial();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.UPGRADE_REFUSED);
            assertThat(cause.clean()).isFalse();
            UpgradeRefusal refusal = cause.refusal();
            assertThat(refusal.status()).isEqualTo(404);
            assertThat(refusal.reasonPhrase()).isEqualTo("Not Here");
            assertThat(refusal.headers()).containsKeys("x-hint", "content-length");
            assertThat(refusal.headers().get("x-hint")).containsExactly("other path", "ask");
            assertThat(refusal.bodyStart()).isEqualTo("no such feed");
            assertThat(refusal.toString()).doesNotContain("secret");
            server.accept().upgrade(); // 404 may be a deployment: it is asked again
            pool.awaitReady(Patience.LIMIT);
        }
    }

    @Test
    void a101ThatAnswersAnotherKeyIsRefused() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer liar = server.accept();
            liar.readHead();
            liar.send(Peer.switching("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
                    .getBytes(StandardCharsets.US_ASCII));
            CloseCause cause = told.failedDial();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.UPGRADE_REFUSED);
            assertThat(cause.refusal().status()).isEqualTo(101);
            assertThat(liar.read())
                    .as("no Close frame: there is no WebSocket yet")
                    .isNull();
            assertThat(pool.sendText("x")).isEqualTo(SendResult.NO_LIVE_CHANNEL);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void anUnwantedClientHaltsUntilItIsResumed(int status) throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            server.accept().refuse("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
            assertThat(told.halt().refusal().status()).isEqualTo(status);
            assertThat(pool.snapshot().slots().get(0).state()).isEqualTo(SlotState.HALTED);
            assertThatIllegalStateException()
                    .isThrownBy(() -> pool.awaitReady(Patience.LIMIT))
                    .withMessageContaining("HALTED");
            assertThatIllegalStateException()
                    .isThrownBy(() -> pool.awaitFull(Patience.LIMIT))
                    .withMessageContaining("resume()");
            assertThat(pool.ready().toCompletableFuture()).isCompletedExceptionally();
            assertThat(server.leftInBacklog()).as("dials of a halted place").isZero();

            pool.resume();
            server.accept().upgrade(); // the server has relented
            Patience.until("a live channel", () -> pool.state() == PoolState.FULL);
            pool.awaitReady(Duration.ZERO);
        }
        assertThat(told.retries).isEmpty();
    }

    @Test
    void awaitsThatAreUnderWayFailWhenTheLastPlaceHalts() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            var ready = pool.ready().toCompletableFuture();
            assertThat(ready).isNotDone();
            server.accept().refuse("HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n");
            Patience.until("the wait's end", ready::isDone);
            assertThat(ready).isCompletedExceptionally();
        }
    }

    @Test
    void afterRetryAfterNobodyDialsBeforeItIsOver() throws Exception {
        try (WebSocketPool pool = quiet().channels(2).maxConnections(2).start()) {
            Peer first = server.accept();
            Peer second = server.accept();
            second.upgrade(); // the hold is the endpoint's: it does not touch what is open
            first.refuse("HTTP/1.1 503 Busy\r\nRetry-After: 300\r\nContent-Length: 0\r\n\r\n");
            Told.Retry retry = told.retry();
            assertThat(retry.cause().refusal().status()).isEqualTo(503);
            assertThat(retry.attempt()).isEqualTo(1);
            assertThat(retry.delay())
                    .isLessThanOrEqualTo(Duration.ofMillis(1)); // so only the hold can be what delays it
            Duration muchLonger = Duration.ofMinutes(5).minus(Patience.LIMIT);
            Patience.until(
                    "a place that waits for the hold's end",
                    () -> pool.snapshot().slots().stream()
                            .map(SlotSnapshot::nextDialIn)
                            .anyMatch(wait -> wait != null && wait.compareTo(muchLonger) > 0));
            assertThat(pool.channels()).hasSize(1);
        }
    }

    // No connection at all.

    @Test
    void aNameThatNobodyKnowsFails() throws Exception {
        try (WebSocketPool pool =
                Quick.quiet("ws://no-such-host.invalid/").listener(told).start()) {
            CloseCause cause = told.failedDial();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.CONNECT_FAILED);
            assertThat(cause.detail()).contains("no-such-host.invalid");
            told.retry();
            assertThat(pool.sendText("x")).isEqualTo(SendResult.NO_LIVE_CHANNEL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedConnectionFailsAndIsTriedAgainWithMoreFailuresEachTime(Sockets sockets) throws Exception {
        server.stopListening();
        try (WebSocketPool pool =
                quiet().environment(Quick.environment(sockets)).start()) {
            CloseCause cause = told.failedDial();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.CONNECT_FAILED);
            assertThat(cause.detail()).containsIgnoringCase("refused").contains("127.0.0.1");
            for (int attempt = 1; attempt <= 5; attempt++) {
                assertThat(told.retry().attempt()).isEqualTo(attempt);
            }
            assertThat(pool.snapshot().quality().connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.2 127.0.0.1", "127.0.0.1 127.0.0.2"})
    void everyAddressOfANameIsTriedInOneDial(String addresses) throws Exception {
        String uri = "ws://feed.wspool.test:" + server.port() + "/"; // nobody listens on the second address
        try (WebSocketPool pool = Quick.quiet(uri)
                .environment(new LoopbackNames(addresses.split(" ")))
                .listener(told)
                .start()) {
            Peer peer = server.accept().upgrade();
            pool.awaitReady(Patience.LIMIT);
            assertThat(told.retries).isEmpty();
            peer.close();
        }
    }

    @Test
    void anAddressThatSwallowsEverythingKeepsNobodyFromTheNext() throws Exception {
        List<Socket> queued = new ArrayList<>();
        try (ServerSocket hole = new ServerSocket(server.port(), 1, InetAddress.getByName("127.0.0.2"))) {
            for (boolean full = false; !full; ) { // its queue takes a few; further ones wait for ever
                Socket socket = new Socket();
                queued.add(socket);
                try {
                    socket.connect(hole.getLocalSocketAddress(), 200);
                } catch (SocketTimeoutException e) {
                    full = true;
                }
            }
            try (WebSocketPool pool = Quick.quiet("ws://feed.wspool.test:" + server.port() + "/")
                    .environment(new LoopbackNames("127.0.0.2", "127.0.0.1"))
                    .connectDeadline(SHORT.multipliedBy(2))
                    .listener(told)
                    .start()) {
                Peer peer = server.accept().upgrade();
                pool.awaitReady(Patience.LIMIT);
                assertThat(told.retries).isEmpty();
                peer.close();
            }
        } finally {
            for (Socket socket : queued) {
                socket.close();
            }
        }
    }

    @Test
    void aServerThatAcceptsAndClosesIsAFailedDial() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            for (int attempt = 1; attempt <= 3; attempt++) {
                server.accept().close();
                assertThat(told.failedDial().kind())
                        .isIn(CloseCause.Kind.UPGRADE_REFUSED, CloseCause.Kind.CONNECT_FAILED);
                assertThat(told.retry().attempt()).isEqualTo(attempt);
            }
            assertThat(pool.snapshot().quality().connections()).isZero();
        }
    }

    // What failed dials leave behind.

    @ParameterizedTest
    @EnumSource
    void failedDialsOfEveryKindLeaveNoDescriptorAndNoThread(Sockets sockets) throws Exception {
        long before = settledDescriptors();
        WebSocketPool pool = quiet().connectDeadline(SHORT)
                .environment(Quick.environment(sockets))
                .start();
        for (int i = 0; i < 50; i++) {
            server.accept().close();
            try (Peer refusing = server.accept()) {
                refusing.refuse("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                assertThat(refusing.read()).isNull();
            } catch (SocketException e) {
                // this thread was so slow that the dial's deadline came first: a failed dial of another kind
                assertThat(e).hasMessageContaining("reset");
            }
            try (Peer resetting = server.accept()) {
                resetting.reset();
            }
        }
        try (Peer silent = server.accept()) {
            silent.readHead();
            assertThat(silent.read()).isNull();
        }
        server.stopListening();
        Patience.until("refused connections", () -> told.failedDials.size() >= 250);
        pool.close(Duration.ZERO);
        assertThat(pool.snapshot().quality().connections()).isZero();
        Patience.until(
                "threads gone",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("wspool-")));
        Patience.until("descriptors back to " + before, () -> descriptors() < before); // less the listening socket
    }

    @Test
    void aStartThatFailsLeavesNoDescriptorAndNoThread() throws Exception {
        settledDescriptors();
        long before = descriptors();
        for (int i = 0; i < 20; i++) {
            AtomicBoolean first = new AtomicBoolean(true);
            ThreadFactory oneThread = task -> first.getAndSet(false) ? new Thread(task, "wspool-first") : null;
            assertThatNullPointerException()
                    .isThrownBy(() -> quiet().channels(3)
                            .maxConnections(3)
                            .loops(3)
                            .threadFactory(oneThread)
                            .start());
        }
        Patience.until("descriptors back to " + before, () -> descriptors() <= before);
        Patience.until(
                "threads gone",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("wspool-")));
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    /** What classes and native parts open once and keep is open after the first pool. */
    private long settledDescriptors() throws Exception {
        for (Sockets sockets : Sockets.available()) {
            try (RawServer other = new RawServer();
                    WebSocketPool first = Quick.quiet(other.uri())
                            .environment(Quick.environment(sockets))
                            .start()) {
                other.accept().close();
                assertThat(first.sendText("x")).isEqualTo(SendResult.NO_LIVE_CHANNEL);
            }
        }
        return descriptors();
    }

    // Closing while dialling.

    @Test
    void closingWhileDiallingEndsTheDialAndOpensNothingAfterwards() throws Exception {
        WebSocketPool pool = quiet().start();
        Peer dialling = server.accept();
        dialling.readHead();
        CloseResult result = pool.close(Duration.ZERO);
        assertThat(result.end()).isEqualTo(CloseResult.End.COMPLETE);
        assertThat(pool.state()).isEqualTo(PoolState.CLOSED);
        assertThat(dialling.read()).as("the end of the dial").isNull();
        assertThat(server.leftInBacklog()).isZero();
        assertThat(pool.snapshot().connections()).isZero();
        assertThat(pool.sendText("x")).isEqualTo(SendResult.CLOSED);
    }

    @Test
    void closingWhileBackingOffOpensNothingAfterwards() throws Exception {
        WebSocketPool pool = quiet().reconnect(ReconnectSettings.DEFAULTS).start();
        server.accept().refuse("HTTP/1.1 503 Busy\r\nRetry-After: 300\r\nContent-Length: 0\r\n\r\n");
        told.retry();
        pool.close(Duration.ZERO);
        assertThat(server.leftInBacklog()).isZero();
        assertThat(pool.snapshot().slots().get(0).nextDialIn()).isNull();
    }

    @Test
    void aPolledPoolThatNobodyPolledIsClosedByItsCaller() throws Exception {
        WebSocketPool pool = quiet().mode(LoopMode.CALLER_POLLED).start();
        assertThat(pool.close(Duration.ZERO).end()).isEqualTo(CloseResult.End.COMPLETE);
        assertThat(pool.state()).isEqualTo(PoolState.CLOSED);
        server.leftInBacklog(); // one dial may have begun in the turns of the close; none is left behind
        assertThat(pool.snapshot().connections()).isZero();
    }
}
