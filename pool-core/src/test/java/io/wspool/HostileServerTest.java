package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.wspool.api.Account;
import io.wspool.api.ChannelLimits;
import io.wspool.api.CloseAction;
import io.wspool.api.CloseCause;
import io.wspool.api.CloseResult;
import io.wspool.api.CloseSettings;
import io.wspool.api.Outcome;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.api.SlotState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that breaks RFC 6455, or only its spirit: what it hears from us, that it ends, and that it costs us little. */
class HostileServerTest {
    private static final ChannelLimits SMALL = new ChannelLimits(1024, 1 << 20, 16 << 20, 4096, 16, 32 * 1024);
    private static final CloseSettings SHORT = new CloseSettings(Duration.ofSeconds(5), Duration.ofMillis(50));
    private static final byte[] LATE = Frame.text("late");

    private final Told told = new Told();
    private final Ends ends = new Ends();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
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
        return Quick.quiet(server.uri())
                .limits(SMALL)
                .closeTimeouts(SHORT)
                .listener(told)
                .onOutcomes(ends)
                .onChannelOpen(channel -> heard.add("(open)"))
                .onMessage((channel, message) -> heard.add(message.text()));
    }

    private Peer accepted(byte[]... behindThe101) throws Exception {
        Peer peer = server.accept().upgrade(behindThe101);
        told.open();
        assertThat(Patience.next("the open", heard)).isEqualTo("(open)");
        return peer;
    }

    // Violations.

    static Stream<Arguments> violations() {
        return Stream.of(
                        Stream.of(
                                violation("a masked frame", 1002, 0x81, 0x80, 1, 2, 3, 4),
                                violation("a new message inside another", 1002, 0x01, 1, 'a', 0x81, 1, 'b'),
                                violation("a continuation of nothing", 1002, 0x80, 1, 'a'),
                                violation("a ping in two frames", 1002, 0x09, 0),
                                violation("a Close in two frames", 1002, 0x08, 0),
                                violation("a ping of 126 bytes", 1002, 0x89, 126, 0, 126),
                                violation("a length of 125 in two bytes", 1002, 0x82, 126, 0, 125),
                                violation("a length of 65,535 in eight", 1002, 0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF),
                                violation("a length of 2^63", 1002, 0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0),
                                violation("a Close body of one byte", 1002, 0x88, 1, 3),
                                violation("bytes that are no UTF-8", 1007, 0x81, 2, 0xC3, 0x28),
                                violation("UTF-8 longer than need be", 1007, 0x81, 2, 0xC0, 0x80),
                                violation("a surrogate", 1007, 0x81, 3, 0xED, 0xA0, 0x80),
                                violation("text that ends within a character", 1007, 0x81, 2, 0xE2, 0x82),
                                violation("a character broken between frames", 1007, 0x01, 1, 0xE2, 0x80, 1, 0x28),
                                violation("a reason that is no UTF-8", 1007, 0x88, 3, 0x03, 0xE8, 0xFF),
                                violation("a message over the limit", 1009, 0x82, 126, 0x10, 0x01),
                                violation(
                                        "a length of 2^63 - 1",
                                        1009,
                                        0x82,
                                        127,
                                        0x7F,
                                        255,
                                        255,
                                        255,
                                        255,
                                        255,
                                        255,
                                        255)),
                        IntStream.of(0x40, 0x20, 0x10)
                                .mapToObj(bit -> violation("reserved bit " + bit, 1002, 0x81 | bit, 0)),
                        Stream.of(violation("a reserved bit on a ping", 1002, 0xC9, 0)),
                        IntStream.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
                                .mapToObj(opcode -> violation("opcode " + opcode, 1002, 0x80 | opcode, 0)),
                        IntStream.of(0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 32_768, 65_535)
                                .mapToObj(code ->
                                        violation("close code " + code, 1002, 0x88, 2, code >>> 8, code & 0xFF)))
                .flatMap(cases -> cases);
    }

    private static Arguments violation(String what, int code, int... bytes) {
        return Arguments.of(what, code, Frame.bytes(bytes));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("violations")
    void getsItsCodeInOneCloseAndIsCutAtTheDeadline(String what, int code, byte[] bytes) throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer peer = accepted();
            peer.send(bytes, LATE, Frame.ping(new byte[1]), Frame.close(1000));
            assertEndsWith(code, peer); // it never ends TCP itself
            assertThat(pool.snapshot().listenerErrors()).isZero();
        }
        assertThat(heard).doesNotContain("late");
    }

    @Test
    void aMessageOverTheLimitInFragmentsGets1009() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer peer = accepted();
            byte[] half = new byte[2048];
            peer.send(Frame.server(Frame.BINARY, half), Frame.server(0x80, half)); // exactly at the limit
            assertThat(Patience.next("a message of 4,096 bytes", heard)).hasSize(4096);
            peer.send(Frame.server(Frame.BINARY, half), Frame.server(0, half), Frame.server(0x80, new byte[1]), LATE);
            assertEndsWith(1009, peer);
            assertThat(pool.snapshot().listenerErrors()).isZero();
        }
        assertThat(heard).doesNotContain("late");
    }

    @Test
    void aMessageOfMoreFramesThanAllowedGets1008() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer peer = accepted();
            byte[] empty = Frame.server(0, new byte[0]);
            peer.send(Frame.server(Frame.TEXT, new byte[0]));
            for (int i = 0; i < 14; i++) {
                peer.send(empty);
            }
            peer.send(Frame.server(0x80, new byte[] {'x'})); // the sixteenth, which is allowed
            assertThat(Patience.next("a message of 16 frames", heard)).isEqualTo("x");
            peer.send(Frame.server(Frame.TEXT, new byte[0]));
            for (int i = 0; i < 16; i++) {
                peer.send(empty);
            }
            assertEndsWith(1008, peer);
            assertThat(pool.snapshot().listenerErrors()).isZero();
        }
    }

    @Test
    void aViolationInOneSegmentWithThe101IsSeenToo() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer peer = accepted(Frame.text("good"), Frame.bytes(0x83, 0), LATE);
            assertEndsWith(1002, peer);
            assertThat(pool.snapshot().listenerErrors()).isZero();
        }
        assertThat(heard).contains("good").doesNotContain("late");
    }

    private void assertEndsWith(int code, Peer peer) throws Exception {
        assertThat(peer.readAll()).singleElement().satisfies(close -> {
            assertThat(close.isClose()).isTrue();
            assertThat(close.closeCode()).isEqualTo(code);
        });
        CloseCause cause = told.end();
        assertThat(cause.kind()).isEqualTo(CloseCause.Kind.PROTOCOL_ERROR);
        assertThat(cause.code()).isEqualTo(code);
        assertThat(cause.clean()).isFalse();
    }

    // Closing.

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999})
    void aCloseOfThePeerIsEchoedWithItsCodeAndNothingAfterItIsTaken(int code) throws Exception {
        try (WebSocketPool pool =
                quiet().closePolicy(cause -> CloseAction.LEAVE).start()) {
            Peer peer = accepted();
            peer.send(
                    Frame.text("before"),
                    Frame.close(code, "a reason"),
                    LATE,
                    Frame.ping(new byte[1]),
                    Frame.close(1002));
            assertThat(peer.readUntilCloseAndEnd())
                    .singleElement()
                    .satisfies(close -> assertThat(close.closeCode()).isEqualTo(code));
            CloseCause cause = told.end();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.PEER_CLOSE);
            assertThat(cause.code()).isEqualTo(code);
            assertThat(cause.reason()).isEqualTo("a reason");
            assertThat(cause.clean()).isTrue();
            assertThat(pool.snapshot().listenerErrors()).isZero();
        }
        assertThat(heard).containsExactly("before");
    }

    @Test
    void aCloseWithoutACodeIsEchoedWithoutOne() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer peer = accepted();
            peer.send(Frame.bytes(0x88, 0));
            assertThat(peer.readUntilCloseAndEnd())
                    .singleElement()
                    .satisfies(close -> assertThat(close.payload()).isEmpty());
            CloseCause cause = told.end();
            assertThat(cause.code()).isEqualTo(1005);
            assertThat(cause.clean()).isTrue();
            assertThat(pool.snapshot().listenerErrors()).isZero();
        }
    }

    @Test
    void aPeerThatClosesAndKeepsTheConnectionOpenIsCutAtTheDeadline() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer peer = accepted();
            peer.send(Frame.close(1000));
            assertThat(peer.readAll()).singleElement().matches(Frame::isClose);
            assertThat(told.end().clean()).isTrue();
            assertThat(pool.snapshot().listenerErrors()).isZero();
        }
    }

    @Test
    void ourCloseIsCleanWhenItIsAnswered() throws Exception {
        WebSocketPool pool = quiet().start();
        Peer peer = accepted();
        Thread closer = new Thread(pool::close);
        closer.start();
        Frame close = peer.read();
        assertThat(close.isClose()).isTrue();
        assertThat(close.closeCode()).isEqualTo(1000);
        peer.send(LATE, Frame.close(1000), LATE);
        assertThat(peer.finishAndReadAll()).isEmpty();
        closer.join();
        CloseResult result = pool.close(Duration.ZERO);
        assertThat(result.end()).isEqualTo(CloseResult.End.COMPLETE);
        assertThat(result.cleanChannels()).isEqualTo(1);
        assertThat(result.cutChannels()).isZero();
        assertThat(told.end().kind()).isEqualTo(CloseCause.Kind.LOCAL_CLOSE);
        assertThat(heard).isEmpty();
    }

    @Test
    void aChannelClosesWithTheCodeAndReasonOfItsUserAndThePlaceIsFilledAgain() throws Exception {
        CloseSettings patient = new CloseSettings(Duration.ofSeconds(5), Patience.LIMIT);
        try (WebSocketPool pool = quiet().closeTimeouts(patient).start()) {
            Peer peer = accepted();
            pool.awaitReady(Patience.LIMIT);
            pool.pick().close(4001, "bye");
            Frame close = peer.read();
            assertThat(close.closeCode()).isEqualTo(4001);
            assertThat(close.utf8().substring(2)).isEqualTo("bye");
            Patience.until("a dial that wants the only connection", () -> {
                return pool.snapshot().slots().get(0).state() == SlotState.DIALLING;
            });
            peer.send(Frame.close(4001)); // the dial has waited for this answer
            assertThat(peer.finishAndReadAll()).isEmpty();
            CloseCause cause = told.end();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.LOCAL_CLOSE);
            assertThat(cause.clean()).isTrue();
            accepted().close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatReadsNothingIsCutAtTheDeadlineAndTheAccountIsTrue(Sockets sockets) throws Exception {
        server.close();
        server = new RawServer(4096);
        int messages = 768; // of 16 KiB: three times what the kernel takes for a connection that nobody reads
        WebSocketPool pool = quiet().limits(Quick.roomyLimits())
                .environment(Quick.environment(sockets))
                .start();
        try {
            Peer peer = accepted();
            Patience.until("a live channel", () -> pool.state() == PoolState.FULL);
            ByteBuffer message = ByteBuffer.allocate(16 * 1024);
            for (int i = 0; i < messages; i++) {
                assertThat(pool.send(message.putLong(0, i), i)).isEqualTo(SendResult.ACCEPTED);
            }
            PooledChannel channel = pool.pick();
            Patience.until(
                    "the loop has taken them",
                    () -> channel.snapshot().account().accepted() == messages);

            CloseResult result = pool.close(Duration.ZERO);

            assertThat(result.end()).isEqualTo(CloseResult.End.COMPLETE);
            assertThat(result.cleanChannels()).isZero();
            assertThat(result.cutChannels()).isEqualTo(1);
            Account account = pool.snapshot().account();
            ends.assertExact(account, messages);
            assertThat(account.confirmed()).isZero();
            assertThat(account.unknown()).isPositive();
            assertThat(account.notSent()).isPositive();
            List<Frame> arrived = peer.readAll();
            assertThat(arrived).noneMatch(Frame::isClose); // there was no room for one
            for (Frame frame : arrived) {
                long token = ByteBuffer.wrap(frame.payload()).getLong();
                assertThat(ends.of(token))
                        .as("message %d, which arrived", token)
                        .isEqualTo(Outcome.UNKNOWN);
            }
            CloseCause cause = told.end();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.LOCAL_CLOSE);
            assertThat(cause.clean()).isFalse();
        } finally {
            pool.close();
        }
    }

    @Test
    void aPeerThatClosesAndReadsNothingHasNotSeenOurAnswer() throws Exception {
        server.close();
        server = new RawServer(4096);
        WebSocketPool pool = quiet().limits(Quick.roomyLimits()).start();
        try {
            Peer peer = accepted();
            Patience.until("a live channel", () -> pool.state() == PoolState.FULL);
            PooledChannel channel = pool.pick();
            for (int i = 0; i < 768; i++) {
                assertThat(pool.send(new byte[16 * 1024], i)).isEqualTo(SendResult.ACCEPTED);
            }
            Patience.until(
                    "the loop has taken them",
                    () -> channel.snapshot().account().accepted() == 768);
            peer.send(Frame.close(1001));
            CloseCause cause = told.end();
            assertThat(cause.kind()).isEqualTo(CloseCause.Kind.PEER_CLOSE);
            assertThat(cause.code()).isEqualTo(1001);
            assertThat(cause.clean()).isFalse();
            assertThat(peer.readAll()).noneMatch(Frame::isClose);
            Account account = pool.snapshot().account();
            ends.assertExact(account, 768);
            assertThat(account.unknown()).isPositive();
            assertThat(account.notSent()).isPositive();
        } finally {
            pool.close();
        }
    }

    @Test
    void aPeerThatReadsOurCloseAndDoesNothingIsCutAtTheDeadline() throws Exception {
        WebSocketPool pool = quiet().start();
        Peer peer = accepted();
        CloseResult result = pool.close(Duration.ZERO);
        assertThat(result.cleanChannels()).isZero();
        assertThat(result.cutChannels()).isEqualTo(1);
        assertThat(peer.readAll())
                .singleElement()
                .satisfies(close -> assertThat(close.closeCode()).isEqualTo(1000));
    }

    // Control frames.

    @Test
    void aFloodOfPingsFromAPeerThatDoesNotReadCostsOnePendingPong() throws Exception {
        int pings = 100_000; // their pongs are twice what the kernel takes for a connection that nobody reads
        server.close();
        server = new RawServer(4096);
        try (WebSocketPool pool = quiet().start()) {
            Peer peer = accepted();
            long before = directMemory();
            byte[] payload = new byte[125];
            int batch = 500;
            for (int i = 0; i < pings; i += batch) {
                byte[][] frames = new byte[batch][];
                for (int k = 0; k < batch; k++) {
                    ByteBuffer.wrap(payload).putInt(i + k);
                    frames[k] = Frame.ping(payload);
                }
                peer.send(frames);
            }
            peer.send(Frame.text("that was all"));
            assertThat(Patience.next("what follows the flood", heard)).isEqualTo("that was all");
            assertThat(directMemory() - before)
                    .isLessThan(PooledByteBufAllocator.DEFAULT.metric().chunkSize() + (1 << 20));

            List<Integer> answered = new ArrayList<>();
            do {
                Frame pong = peer.readUntil(Frame.PONG);
                assertThat(pong.payload()).hasSize(125);
                answered.add(ByteBuffer.wrap(pong.payload()).getInt());
            } while (answered.get(answered.size() - 1) != pings - 1); // the latest one is always answered
            assertThat(answered).isSorted().doesNotHaveDuplicates().hasSizeLessThan(pings / 2);
            assertThat(pool.state()).isEqualTo(PoolState.FULL);
            peer.close();
        }
    }

    private static long directMemory() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()
                + UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    @Test
    void pongsThatNobodyAskedForAreCountedAndPassedOver() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer peer = accepted();
            Patience.until("a live channel", () -> pool.state() == PoolState.FULL);
            assertThat(pool.sendText("bid", 1)).isEqualTo(SendResult.ACCEPTED);
            assertThat(peer.read().utf8()).isEqualTo("bid");
            peer.send(Frame.pong(new byte[0]), Frame.pong(new byte[8]), Frame.pong(new byte[125]), Frame.text("then"));
            assertThat(Patience.next("what follows", heard)).isEqualTo("then");
            Patience.until("three", () -> pool.pick().snapshot().unmatchedPongs() == 3);
            assertThat(pool.snapshot().account().confirmed()).isZero();
            peer.close();
        }
    }

    @Test
    void framesInOneSegmentWithThe101ComeAfterTheOpenAndInOrder() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer peer = server.accept().upgrade(Frame.text("first"), Frame.ping(new byte[] {7}), Frame.text("second"));
            assertThat(peer.readUntil(Frame.PONG).payload()).containsExactly(7);
            Patience.until("both", () -> heard.size() == 3);
            assertThat(heard).containsExactly("(open)", "first", "second");
            assertThat(pool.snapshot().listenerErrors()).isZero();
            peer.close();
        }
    }

    @Test
    void aFragmentedMessageWithAPingInsideArrivesByteByByte() throws Exception {
        try (WebSocketPool pool = quiet().start()) {
            Peer peer = accepted();
            byte[] stream = Frame.joined(
                    Frame.server(Frame.TEXT, new byte[] {'a', (byte) 0xE2}),
                    Frame.ping(new byte[] {9}),
                    Frame.server(0, new byte[] {(byte) 0x82}),
                    Frame.server(0x80, new byte[] {(byte) 0xAC, 'b'}));
            for (byte b : stream) {
                peer.send(new byte[] {b});
            }
            assertThat(peer.readUntil(Frame.PONG).payload()).containsExactly(9);
            assertThat(Patience.next("the message", heard)).isEqualTo("a\u20ACb");
            assertThat(pool.snapshot().listenerErrors()).isZero();
            peer.close();
        }
    }
}
