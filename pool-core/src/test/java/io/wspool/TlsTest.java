package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.wspool.api.Account;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.CloseSettings;
import io.wspool.api.HeartbeatSettings;
import io.wspool.api.LoopMode;
import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.api.TransportKind;
import io.wspool.loop.TransportChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code wss}: whom we trust, under which name, and what can be said of messages when TLS keeps copies of them. */
class TlsTest {
    private static final String NAME = "feed.wspool.test";

    /** Of 16 KiB: three times what the kernel takes for a connection that nobody reads. */
    private static final int MORE_THAN_FITS = 768;

    private static X509Bundle authority;
    private static SSLContext serverTls;

    private final Told told = new Told();
    private final Ends ends = new Ends();

    @BeforeAll
    static void makeCertificates() throws Exception {
        authority = newAuthority("CN=an authority of the test");
        X509Bundle server = new CertificateBuilder()
                .subject("CN=" + NAME)
                .addSanDnsName(NAME)
                .addExtendedKeyUsageServerAuth()
                .buildIssuedBy(authority);
        serverTls = SSLContext.getInstance("TLS");
        serverTls.init(server.toKeyManagerFactory().getKeyManagers(), null, null);
    }

    private static X509Bundle newAuthority(String subject) throws Exception {
        return new CertificateBuilder()
                .subject(subject)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** As a user would make it: what it checks beyond the chain is Netty's default. */
    private static SslContext trusting(X509Bundle root, SslProvider provider) throws Exception {
        assumeTrue(provider == SslProvider.JDK || OpenSsl.isAvailable(), "OpenSSL is not there");
        return SslContextBuilder.forClient()
                .sslProvider(provider)
                .trustManager(root.getCertificate())
                .build();
    }

    private WebSocketPoolBuilder pool(String host, int port) {
        return Quick.quiet("wss://" + host + ":" + port + "/")
                .environment(new LoopbackNames("127.0.0.1"))
                .listener(told)
                .onOutcomes(ends);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void echoesAMebibyteFromAServerOfTheRightNameAndAuthority(SslProvider provider) throws Exception {
        byte[] content = new byte[1 << 20];
        new Random(7).nextBytes(content);
        BlockingQueue<byte[]> back = new LinkedBlockingQueue<>();
        try (UndertowEcho server = new UndertowEcho(serverTls);
                WebSocketPool pool = pool(NAME, server.port())
                        .sslContext(trusting(authority, provider))
                        .onMessage((channel, message) -> back.add(message.bytes()))
                        .start()) {
            pool.awaitReady(Patience.LIMIT);
            assertThat(pool.send(content, 1)).isEqualTo(SendResult.ACCEPTED);
            assertThat(Arrays.equals(Patience.next("the echo", back), content))
                    .as("the echo is what was sent")
                    .isTrue();
            pool.close(Patience.LIMIT);
            assertThat(ends.of(1)).isEqualTo(Outcome.CONFIRMED); // by the final ping of the drain
            ends.assertExact(pool.snapshot().account(), 1);
            assertThat(told.end().clean()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"JDK, NIO", "JDK, EPOLL", "OPENSSL, NIO", "OPENSSL, EPOLL"})
    void aPollingCallerGetsEveryEchoWholeAndInOrder(SslProvider provider, TransportKind kind) throws Exception {
        assumeTrue(TransportChoice.missing(kind) == null, kind + " is not there");
        Random random = new Random(11);
        Queue<byte[]> sent = new ArrayDeque<>();
        AtomicInteger wrong = new AtomicInteger();
        Watched watched = new Watched();
        try (UndertowEcho server = new UndertowEcho(serverTls);
                Crumbs network = new Crumbs(server.port());
                WebSocketPool pool = pool(NAME, network.port())
                        .environment(watched.of(new LoopbackNames(LoopMode.CALLER_POLLED, kind, "127.0.0.1")))
                        .mode(LoopMode.CALLER_POLLED)
                        .sslContext(trusting(authority, provider))
                        .onMessage((channel, message) -> {
                            if (!Arrays.equals(message.bytes(), sent.poll())) {
                                wrong.incrementAndGet();
                            }
                        })
                        .start()) {
            pool.poll();
            pool.awaitReady(Patience.LIMIT);
            int accepted = 0;
            for (int burst = 0; burst < 300; burst++) {
                int messages = 1 + random.nextInt(8);
                for (int i = 0; i < messages; i++) { // one in twenty is of several records
                    byte[] message = new byte[random.nextInt(20) == 0 ? 100_000 : random.nextInt(200)];
                    random.nextBytes(message);
                    sent.add(message);
                    assertThat(pool.send(message, accepted++)).isEqualTo(SendResult.ACCEPTED);
                }
                boolean sleeps = burst % 3 == 0;
                Patience.until("the echoes", () -> {
                    pool.poll(sleeps ? Patience.LIMIT : Duration.ZERO);
                    return sent.isEmpty();
                });
            }
            assertThat(wrong).hasValue(0);
            assertThat(watched.bytesRead.get()).as("read past the selector").isPositive();
            for (int turn = 0; turn < 5_000; turn++) {
                pool.poll(); // a plain socket would leave the selector
            }
            assertThat(Patience.next("the connection", watched.made).config().isAutoRead())
                    .isTrue();
            pool.close(Patience.LIMIT);
            assertThat(told.end().clean()).isTrue();
            ends.assertExact(pool.snapshot().account(), accepted);
            assertThat(pool.snapshot().account().confirmed()).isEqualTo(accepted);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void aPollingCallerSeesThatTheServerIsGone(SslProvider provider) throws Exception {
        Watched watched = new Watched();
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (RawServer server = new RawServer();
                WebSocketPool pool = pool(NAME, server.port())
                        .environment(
                                watched.of(new LoopbackNames(LoopMode.CALLER_POLLED, TransportKind.AUTO, "127.0.0.1")))
                        .mode(LoopMode.CALLER_POLLED)
                        .sslContext(trusting(authority, provider))
                        .onMessage((channel, message) -> heard.add(message.text()))
                        .start()) {
            FutureTask<RawServer.Tls> accepting = new FutureTask<>(() -> {
                RawServer.Tls accepted = server.acceptTls(serverTls);
                accepted.peer().upgrade(Frame.text("makes it hot"));
                return accepted;
            });
            new Thread(accepting, "accepting").start();
            while (heard.isEmpty() || !accepting.isDone()) {
                pool.poll();
            }
            accepting.get().peer().reset();
            while (told.ends.isEmpty()) {
                pool.poll();
            }
            assertThat(told.end().clean()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void refusesTheRightAuthorityUnderAWrongName(SslProvider provider) throws Exception {
        try (UndertowEcho server = new UndertowEcho(serverTls)) {
            assertRefused(
                    pool("other.wspool.test", server.port()).sslContext(trusting(authority, provider)),
                    "No subject alternative DNS name matching other.wspool.test");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void refusesAnAuthorityThatItDoesNotTrust(SslProvider provider) throws Exception {
        try (UndertowEcho server = new UndertowEcho(serverTls)) {
            X509Bundle other = newAuthority("CN=another authority");
            assertRefused(
                    pool(NAME, server.port()).sslContext(trusting(other, provider)),
                    "unable to find valid certification path");
        }
    }

    @Test
    void trustsOnlyTheSystemsAuthoritiesUnlessToldOtherwise() throws Exception {
        try (UndertowEcho server = new UndertowEcho(serverTls)) {
            assertRefused(pool(NAME, server.port()), "unable to find valid certification path");
        }
    }

    private void assertRefused(WebSocketPoolBuilder builder, String why) throws Exception {
        try (WebSocketPool pool = builder.start()) {
            CloseCause cause = told.failedDial();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.CONNECT_FAILED);
            assertThat(cause.detail()).contains(why);
            assertThat(Stream.iterate(cause.error(), Objects::nonNull, Throwable::getCause))
                    .hasAtLeastOneElementOfType(CertificateException.class);
            assertThat(told.retry().delay())
                    .isGreaterThanOrEqualTo(Quick.RECONNECT.cap().dividedBy(2)); // at the cap
            assertThat(pool.snapshot().quality().connections()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void namesTheServerInItsHello(SslProvider provider) throws Exception {
        try (RawServer server = new RawServer();
                WebSocketPool pool = pool(NAME, server.port())
                        .sslContext(trusting(authority, provider))
                        .start()) {
            RawServer.Tls accepted = server.acceptTls(serverTls);
            accepted.peer().upgrade();
            SSLSocket socket = accepted.socket();
            assertThat(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames())
                    .containsExactly(new SNIHostName(NAME));
            pool.awaitReady(Patience.LIMIT);
            accepted.peer().reset();
        }
    }

    /** Token k is that of the message which begins with k. */
    private static void sendMoreThanFits(PooledChannel channel) throws Exception {
        ByteBuffer message = ByteBuffer.allocate(16 * 1024);
        for (int i = 0; i < MORE_THAN_FITS; i++) {
            assertThat(channel.send(message.putLong(0, i), i)).isEqualTo(SendResult.ACCEPTED);
        }
        Patience.until(
                "the loop has taken them", () -> channel.snapshot().account().accepted() == MORE_THAN_FITS);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void whatWasEncodedIsUnknownWhenTheServerDies(SslProvider provider) throws Exception {
        int messages = MORE_THAN_FITS;
        try (RawServer server = new RawServer(4096);
                WebSocketPool pool = pool(NAME, server.port())
                        .limits(Quick.roomyLimits())
                        .sslContext(trusting(authority, provider))
                        .start()) {
            RawServer.Tls accepted = server.acceptTls(serverTls);
            accepted.peer().upgrade();
            Patience.until("a live channel", () -> pool.state() == PoolState.FULL);
            PooledChannel channel = pool.pick();
            sendMoreThanFits(channel);
            long written = pool.snapshot().account().written();
            assertThat(written).isPositive();

            server.stopListening();
            accepted.peer().reset();

            CloseCause cause = told.end();
            assertThat(cause.clean()).isFalse();
            assertThat(cause.code()).isEqualTo(CloseCause.ABNORMAL);
            Account account = pool.snapshot().account();
            ends.assertExact(account, messages);
            assertThat(account.unknown()).isEqualTo(account.written()).isGreaterThanOrEqualTo(written);
            assertThat(account.notSent()).isPositive();
            for (int i = 0; i < messages; i++) { // a channel writes in order, so the two meet in one place
                assertThat(ends.of(i)).isEqualTo(i < account.written() ? Outcome.UNKNOWN : Outcome.NOT_SENT);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void whatAPeerReadsLateComesWholeAndInOrderAndIsConfirmed(SslProvider provider) throws Exception {
        int messages = MORE_THAN_FITS;
        try (RawServer server = new RawServer(4096);
                WebSocketPool pool = pool(NAME, server.port())
                        .limits(Quick.roomyLimits())
                        .sslContext(trusting(authority, provider))
                        .start()) {
            Peer peer = server.acceptTls(serverTls).peer().upgrade();
            Patience.until("a live channel", () -> pool.state() == PoolState.FULL);
            PooledChannel channel = pool.pick();
            sendMoreThanFits(channel);
            assertThat(pool.snapshot().account().queued())
                    .as("what waits for the peer")
                    .isPositive();

            for (int i = 0; i < messages; ) {
                Frame frame = peer.read();
                assertThat(frame).as("before message %d", i).isNotNull();
                if (frame.opcode() == Frame.PING) {
                    peer.send(Frame.pong(frame.payload()));
                } else {
                    assertThat(ByteBuffer.wrap(frame.payload()).getLong()).isEqualTo(i++);
                }
            }
            CompletableFuture<?> rest = CompletableFuture.runAsync(() -> {
                try {
                    peer.echo(); // answers the final ping and the Close
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            pool.close(Patience.LIMIT);
            rest.get(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(told.end().clean()).isTrue();
            ends.assertExact(pool.snapshot().account(), messages);
            assertThat(pool.snapshot().account().confirmed()).isEqualTo(messages);
        }
    }

    /** JDK's TLS 1.3 may go on writing to a peer that has ended its own half: it is not among these. */
    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.2, NIO", "JDK, TLSv1.2, EPOLL", "OPENSSL, TLSv1.2, EPOLL", "OPENSSL, TLSv1.3, EPOLL"})
    void aSendToAPeerThatHasEndedTlsAloneEndsTheChannel(SslProvider provider, String version, TransportKind kind)
            throws Exception {
        assumeTrue(TransportChoice.missing(kind) == null, kind + " is not there");
        try (RawServer server = new RawServer();
                WebSocketPool pool = pool(NAME, server.port())
                        .environment(new LoopbackNames(LoopMode.SLEEPING, kind, "127.0.0.1"))
                        .sslContext(trusting(authority, provider))
                        .start()) {
            RawServer.Tls accepted = server.acceptTls(serverTls, false);
            accepted.socket().setEnabledProtocols(new String[] {version});
            accepted.peer().upgrade();
            Patience.until("a live channel", () -> pool.state() == PoolState.FULL);
            PooledChannel channel = pool.pick();
            accepted.socket().shutdownOutput();

            AtomicInteger taken = new AtomicInteger();
            Patience.until("a send that finds it", () -> {
                if (channel.send(new byte[100], taken.get()) == SendResult.ACCEPTED) {
                    taken.incrementAndGet();
                }
                return channel.state() == ChannelState.CLOSED;
            });
            CloseCause cause = told.end();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.TRANSPORT_ERROR);
            assertThat(cause.clean()).isFalse();
            pool.close(Duration.ZERO);
            ends.assertExact(pool.snapshot().account(), taken.get());
            assertThat(pool.snapshot().account().confirmed()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void framesInOneRecordWithThe101AreHeardAndAViolationGetsItsOneClose(SslProvider provider) throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (RawServer server = new RawServer();
                WebSocketPool pool = pool(NAME, server.port())
                        .closeTimeouts(new CloseSettings(Duration.ofSeconds(5), Duration.ofMillis(50)))
                        .sslContext(trusting(authority, provider))
                        .onMessage((channel, message) -> heard.add(message.text()))
                        .start()) {
            Peer peer = server.acceptTls(serverTls).peer();
            peer.upgrade(Frame.text("first"), Frame.bytes(0x83, 0), Frame.text("late"));
            assertThat(peer.readAll())
                    .singleElement()
                    .satisfies(close -> assertThat(close.closeCode()).isEqualTo(1002));
            assertThat(told.end().kind()).isEqualTo(CloseCause.Kind.PROTOCOL_ERROR);
            assertThat(pool.snapshot().listenerErrors()).isZero();
        }
        assertThat(heard).containsExactly("first");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void aPeerThatNeverAnswersIsToldWhyBeforeItIsCut(SslProvider provider) throws Exception {
        HeartbeatSettings fast = new HeartbeatSettings(
                Duration.ofMillis(50), Duration.ofMillis(50), 2, 1.5, Duration.ofSeconds(1), null);
        try (RawServer server = new RawServer();
                WebSocketPool pool = pool(NAME, server.port())
                        .heartbeat(fast)
                        .sslContext(trusting(authority, provider))
                        .start()) {
            List<Frame> seen = server.acceptTls(serverTls).peer().upgrade().readAll();
            assertThat(seen).filteredOn(Frame::isClose).hasSize(1);
            assertThat(seen.get(seen.size() - 1).closeCode()).isEqualTo(1002);
            assertThat(told.end().kind()).isEqualTo(CloseCause.Kind.HEARTBEAT_TIMEOUT);
            Patience.until("it is counted", () -> pool.snapshot().quality().dropped() == 1);
        }
    }

    @Test
    void aServerThatStallsTheHandshakeIsGivenUpAtTheDeadline() throws Exception {
        try (RawServer server = new RawServer();
                WebSocketPool pool = pool(NAME, server.port())
                        .connectDeadline(Duration.ofSeconds(2))
                        .sslContext(trusting(authority, SslProvider.JDK))
                        .start()) {
            server.accept();
            CloseCause cause = told.failedDial();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.CONNECT_FAILED);
            assertThat(cause.detail()).endsWith("no connection within 2000 ms, while in the TLS handshake");
            RawServer.Tls second = server.acceptTls(serverTls);
            second.peer().readHead();
            assertThat(told.failedDial().detail()).endsWith("while waiting for the answer to the upgrade");
            assertThat(pool.snapshot().quality().connections()).isZero();
        }
    }

    @Test
    void aServerThatSpeaksNoTlsFails() throws Exception {
        try (RawServer server = new RawServer();
                WebSocketPool pool = pool(NAME, server.port())
                        .sslContext(trusting(authority, SslProvider.JDK))
                        .start()) {
            server.accept().send("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(told.failedDial().kind()).isEqualTo(CloseCause.Kind.CONNECT_FAILED);
            told.retry();
            assertThat(pool.snapshot().quality().connections()).isZero();
        }
    }
}
