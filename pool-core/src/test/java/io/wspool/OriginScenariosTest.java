package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.CloseCause;
import io.wspool.api.CloseSettings;
import io.wspool.api.HeartbeatSettings;
import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.api.SendResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The four ways in which the pool's origin saw connections end, on real sockets against a server played by hand. */
class OriginScenariosTest {
    private static final HeartbeatSettings FAST =
            new HeartbeatSettings(Duration.ofMillis(50), Duration.ofMillis(50), 2, 1.5, Duration.ofSeconds(1), null);

    private final Told told = new Told();
    private final Ends ends = new Ends();
    private RawServer server;

    @BeforeEach
    void listen() throws Exception {
        server = new RawServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void aServerThatRestartsSaysCloseAndThePoolComesBack() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer first = server.accept().upgrade();
            told.open();
            first.send(Frame.close(1001, "maintenance"));

            assertThat(first.readUntilCloseAndEnd())
                    .singleElement()
                    .satisfies(close -> assertThat(close.closeCode()).isEqualTo(1001));
            CloseCause cause = told.end();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.PEER_CLOSE);
            assertThat(cause.code()).isEqualTo(1001);
            assertThat(cause.reason()).isEqualTo("maintenance");
            assertThat(cause.clean()).isTrue();
            assertComesBack(pool);
        }
    }

    @Test
    void aConnectionThatIsResetIsUncleanAndWhatWasInFlightUnknown() throws Exception {
        endsWithoutClose(Peer::reset, CloseCause.Kind.TRANSPORT_ERROR);
    }

    @Test
    void aStreamThatJustEndsIsUncleanAndWhatWasInFlightUnknown() throws Exception {
        endsWithoutClose(Peer::finish, CloseCause.Kind.END_OF_STREAM);
    }

    private void endsWithoutClose(Cut cut, CloseCause.Kind kind) throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer first = server.accept().upgrade();
            Patience.until("a live channel", () -> pool.state() == PoolState.FULL);
            assertThat(pool.sendText("bid", 1)).isEqualTo(SendResult.ACCEPTED);
            assertThat(first.read().utf8()).isEqualTo("bid");
            cut.apply(first);

            CloseCause cause = told.end();
            assertThat(cause.kind()).isEqualTo(kind);
            assertThat(cause.code()).isEqualTo(CloseCause.ABNORMAL);
            assertThat(cause.clean()).isFalse();
            Patience.until("its outcome", () -> ends.of(1) != null);
            assertThat(ends.of(1)).isEqualTo(Outcome.UNKNOWN);
            ends.assertExact(pool.snapshot().account(), 1);
            assertComesBack(pool);
        }
    }

    @Test
    void aPeerThatReadsAndNeverAnswersIsToldWhyBeforeItIsCut() throws Exception {
        try (WebSocketPool pool = quiet().heartbeat(FAST).start()) {
            List<Frame> seen = server.accept().upgrade().readAll();
            told.open();

            assertThat(seen).filteredOn(frame -> frame.opcode() == Frame.PING).hasSize(FAST.misses());
            Frame last = seen.get(seen.size() - 1);
            assertThat(last.isClose()).isTrue();
            assertThat(last.closeCode()).isEqualTo(1002);
            assertThat(seen).filteredOn(Frame::isClose).hasSize(1);
            CloseCause cause = told.end();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.HEARTBEAT_TIMEOUT);
            assertThat(cause.clean()).isFalse();
            assertComesBack(pool);
        }
    }

    @Test
    void aPeerThatFindsUsWrongSays1003AndIsAnswered() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer first = server.accept().upgrade();
            told.open();
            first.send(Frame.close(1003));

            assertThat(first.readUntilCloseAndEnd())
                    .singleElement()
                    .satisfies(close -> assertThat(close.closeCode()).isEqualTo(1003));
            CloseCause cause = told.end();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.PEER_CLOSE);
            assertThat(cause.code()).isEqualTo(1003);
            assertThat(cause.clean()).isTrue();
            assertComesBack(pool);
        }
    }

    @Test
    void aPeerThatMasksItsFramesIsTold1002AndTheEndIsUnclean() throws Exception {
        try (WebSocketPool pool = quiet().maxConnections(2).start()) {
            Peer first = server.accept().upgrade();
            told.open();
            first.send(Frame.bytes(0x81, 0x82, 1, 2, 3, 4, 'h' ^ 1, 'i' ^ 2));

            Frame close = first.readUntil(Frame.CLOSE);
            assertThat(close.closeCode()).isEqualTo(1002);
            first.send(
                    Frame.close(1002)); // even an answer does not make it clean: what it said before was no WebSocket
            assertThat(first.finishAndReadAll()).isEmpty();
            CloseCause cause = told.end();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.PROTOCOL_ERROR);
            assertThat(cause.code()).isEqualTo(1002);
            assertThat(cause.clean()).isFalse();
            assertComesBack(pool);
        }
    }

    private WebSocketPoolBuilder quiet() {
        return Quick.quiet(server.uri())
                .closeTimeouts(new CloseSettings(Duration.ofSeconds(5), Patience.LIMIT)) // the server ends here, not we
                .listener(told)
                .onOutcomes(ends);
    }

    private void assertComesBack(WebSocketPool pool) throws Exception {
        Peer second = server.accept().upgrade();
        Patience.until("the pool is whole again", () -> pool.state() == PoolState.FULL);
        assertThat(pool.sendText("again")).isEqualTo(SendResult.ACCEPTED);
        assertThat(second.readUntil(Frame.TEXT).utf8()).isEqualTo("again");
        second.close();
    }

    @FunctionalInterface
    private interface Cut {
        void apply(Peer peer) throws Exception;
    }
}
