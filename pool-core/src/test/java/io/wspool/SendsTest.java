package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import io.wspool.api.Account;
import io.wspool.api.ChannelLimits;
import io.wspool.api.LoopMode;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.api.Sender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a send does with what it is given, from a thread that owns the loop and from one that does not. */
class SendsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MAX = 1000;
    private static final ChannelLimits LIMITS = new ChannelLimits(64, 1 << 20, MAX, 1 << 20, 1024, 32 * 1024);

    private record Arrived(boolean text, String hex) {}

    private final BlockingQueue<Arrived> atServer = new LinkedBlockingQueue<>();
    private EchoServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new EchoServer((connection, text, message) -> atServer.add(new Arrived(text, hex(message))));
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    private WebSocketPool live(LoopMode mode) throws Exception {
        WebSocketPool pool = WebSocketPool.to(server.uri())
                .channels(1)
                .lan()
                .mode(mode)
                .limits(LIMITS)
                .start();
        if (mode == LoopMode.CALLER_POLLED) {
            pool.poll();
        }
        pool.awaitReady(LONG);
        return pool;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (' ' + i % 95); // also good as UTF-8, for it is echoed as text
        }
        return bytes;
    }

    /** Kinds of Netty's buffers, each of so many readable bytes that do not begin at 0. */
    enum Buffers {
        DIRECT,
        HEAP,
        COMPOSITE,
        READ_ONLY;

        ByteBuf of(byte[] readable) {
            int capacity = readable.length + 8;
            ByteBuf buffer = switch (this) {
                case HEAP -> Unpooled.buffer(capacity);
                case COMPOSITE -> composite(capacity);
                case DIRECT, READ_ONLY -> Unpooled.directBuffer(capacity);
            };
            buffer.setIndex(3, 3).writeBytes(readable);
            return this == READ_ONLY ? buffer.asReadOnly() : buffer;
        }

        private static ByteBuf composite(int capacity) {
            CompositeByteBuf parts = Unpooled.compositeBuffer();
            parts.addComponent(true, Unpooled.directBuffer(5).writeZero(5));
            parts.addComponent(true, Unpooled.buffer(capacity).writeZero(capacity));
            return parts;
        }
    }

    private static List<Object[]> buffersInBothModes() {
        List<Object[]> all = new ArrayList<>();
        for (LoopMode mode : LoopMode.values()) {
            for (Buffers kind : Buffers.values()) {
                all.add(new Object[] {mode, kind});
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("buffersInBothModes")
    void aBufferOfNettyStaysAsItWasWhateverTheResult(LoopMode mode, Buffers kind) throws Exception {
        WebSocketPool pool = live(mode);
        for (int length : new int[] {0, 1, 512, 513, MAX, MAX + 1}) {
            SendResult expected = length > MAX ? SendResult.TOO_LARGE : SendResult.ACCEPTED;
            ByteBuf buffer = kind.of(bytes(length));
            for (int repeat = 0; repeat < 2; repeat++) {
                assertUntouched(buffer, length, pool::send, expected);
                assertUntouched(buffer, length, b -> pool.send(b, 7), expected);
                assertUntouched(buffer, length, pool::sendText, expected);
                assertUntouched(buffer, length, pool.channels().get(0)::send, expected);
                if (expected == SendResult.ACCEPTED) {
                    assertArrived(bytes(length), false, false, true, false);
                }
            }
            buffer.release();
        }
        pool.close(LONG);
        ByteBuf buffer = kind.of(bytes(5));
        assertUntouched(buffer, 5, pool::send, SendResult.CLOSED);
        buffer.release();
        assertThat(atServer).isEmpty();
        assertThat(pool.snapshot().account().confirmed()).isEqualTo(4 * 2 * 5);
    }

    private static void assertUntouched(
            ByteBuf buffer, int length, Function<ByteBuf, SendResult> send, SendResult expected) {
        ByteBuf before = buffer.copy();
        try {
            assertThat(send.apply(buffer)).isEqualTo(expected);
            assertThat(buffer.readerIndex()).isEqualTo(3);
            assertThat(buffer.readableBytes()).isEqualTo(length);
            assertThat(buffer.refCnt()).isOne();
            assertThat(buffer).isEqualTo(before);
        } finally {
            before.release();
        }
    }

    private void assertArrived(byte[] expected, boolean... text) throws InterruptedException {
        for (boolean each : text) {
            assertThat(Patience.next("a message", atServer)).isEqualTo(new Arrived(each, hex(expected)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBufferOfTheJdkStaysAsItWasWhateverTheResult(LoopMode mode) throws Exception {
        WebSocketPool pool = live(mode);
        for (ByteBuffer buffer : List.of(
                ByteBuffer.allocate(MAX + 20),
                ByteBuffer.allocateDirect(MAX + 20),
                ByteBuffer.allocate(MAX + 20).asReadOnlyBuffer(),
                ByteBuffer.allocate(MAX + 24).position(4).slice())) {
            for (int length : new int[] {0, 1, 513, MAX, MAX + 1}) {
                fill(buffer, bytes(length));
                buffer.limit(9 + length).position(9);
                byte[] expected = new byte[length];
                buffer.duplicate().get(expected);
                boolean fits = length <= MAX;
                assertThat(pool.send(buffer)).isEqualTo(fits ? SendResult.ACCEPTED : SendResult.TOO_LARGE);
                assertThat(pool.channels().get(0).send(buffer, 7))
                        .isEqualTo(fits ? SendResult.ACCEPTED : SendResult.TOO_LARGE);
                assertThat(buffer.position()).isEqualTo(9);
                assertThat(buffer.limit()).isEqualTo(9 + length);
                if (fits) {
                    assertArrived(expected, false, false);
                }
            }
        }
        pool.close(LONG);
        assertThat(atServer).isEmpty();
    }

    private static void fill(ByteBuffer buffer, byte[] content) {
        if (!buffer.isReadOnly()) {
            buffer.clear().position(9).put(content);
        }
        buffer.clear();
    }

    @ParameterizedTest
    @EnumSource
    void aPartOfAnArrayIsSentAndOneOutsideIsRefused(LoopMode mode) throws Exception {
        WebSocketPool pool = live(mode);
        byte[] array = bytes(20);
        assertThat(pool.send(array, 5, 3)).isEqualTo(SendResult.ACCEPTED);
        assertArrived(new byte[] {' ' + 5, ' ' + 6, ' ' + 7}, false);
        assertThat(pool.send(array, 20, 0, 7)).isEqualTo(SendResult.ACCEPTED);
        assertArrived(new byte[0], false);
        assertThat(pool.send(array)).isEqualTo(SendResult.ACCEPTED);
        assertArrived(array, false);
        Sender channel = pool.channels().get(0);
        for (Sender to : List.of(pool, channel)) {
            assertThatThrownBy(() -> to.send(array, 18, 3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> to.send(array, -1, 3, 7)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> to.send(array, 1, Integer.MAX_VALUE))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(array).isEqualTo(bytes(20));
        assertThat(pool.close(LONG).account()).isEqualTo(new Account(3, 3, 3, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void textIsSentAsUtf8AndAnUnpairedSurrogateIsRefusedByIndex(LoopMode mode) throws Exception {
        WebSocketPool pool = live(mode);
        String text = "a\u00e4\u20ac\ud83d\ude00" + "x".repeat(600) + "\ud83d\ude00";
        assertThat(pool.sendText(text)).isEqualTo(SendResult.ACCEPTED);
        assertArrived(text.getBytes(StandardCharsets.UTF_8), true);
        assertThat(pool.sendText(CharBuffer.wrap("builder"), 7)).isEqualTo(SendResult.ACCEPTED);
        assertArrived("builder".getBytes(StandardCharsets.UTF_8), true);
        PooledChannel channel = pool.channels().get(0);
        for (Sender to : List.of(pool, channel)) {
            for (String broken : List.of("abc\ud83d", "abc\ude00", "abc\ud83dx", "abc\ude00\ud83d")) {
                assertThatThrownBy(() -> to.sendText(broken, 7))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("3");
            }
        }
        assertThat(pool.close(LONG).account()).isEqualTo(new Account(2, 2, 2, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void theLimitCountsBytesOfUtf8(LoopMode mode) throws Exception {
        WebSocketPool pool = live(mode);
        assertThat(pool.sendText("\u20ac".repeat(MAX / 3) + "x")).isEqualTo(SendResult.ACCEPTED);
        assertThat(pool.sendText("\u20ac".repeat(MAX / 3) + "xx")).isEqualTo(SendResult.TOO_LARGE);
        assertThat(pool.close(LONG).account().confirmed()).isOne();
    }

    /** A text that is longer when it is encoded than it was when it was measured. */
    private static CharSequence growing() {
        return new CharSequence() {
            private int asked;

            @Override
            public int length() {
                return ++asked > 1 ? 5 : 4;
            }

            @Override
            public char charAt(int index) {
                return 'x';
            }

            @Override
            public CharSequence subSequence(int start, int end) {
                throw new UnsupportedOperationException();
            }
        };
    }

    /** Of an arena of {@code java.lang.foreign} that is closed again; on a Java that has none the test ends. */
    private static ByteBuffer memoryThatIsGone() throws ReflectiveOperationException {
        assumeTrue(Runtime.version().feature() >= 22, "no java.lang.foreign");
        Class<?> arenas = Class.forName("java.lang.foreign.Arena");
        Object arena = arenas.getMethod("ofConfined").invoke(null);
        Object segment = arenas.getMethod("allocate", long.class).invoke(arena, 8L);
        ByteBuffer memory = (ByteBuffer) Class.forName("java.lang.foreign.MemorySegment")
                .getMethod("asByteBuffer")
                .invoke(segment);
        arenas.getMethod("close").invoke(arena);
        return memory;
    }

    @ParameterizedTest
    @EnumSource
    void aBufferOfClosedMemoryLeavesNoTrace(LoopMode mode) throws Exception {
        ByteBuffer gone = memoryThatIsGone();
        WebSocketPool pool = live(mode);
        for (Sender to : List.of(pool, pool.channels().get(0))) {
            assertThatThrownBy(() -> to.send(gone, 7)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(pool.snapshot().account()).isEqualTo(Account.EMPTY);
        assertThat(pool.sendText("the next one")).isEqualTo(SendResult.ACCEPTED);
        assertArrived("the next one".getBytes(StandardCharsets.UTF_8), true);
        assertThat(pool.close(LONG).account()).isEqualTo(new Account(1, 1, 1, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void whatBreaksWhileItIsCopiedLeavesNoTrace(LoopMode mode) throws Exception {
        WebSocketPool pool = live(mode);
        ByteBuf released = Unpooled.buffer(10).writeZero(10);
        released.release();
        Sender channel = pool.channels().get(0);
        for (int i = 0; i < LIMITS.waitingMessages(); i++) {
            for (Sender to : List.of(pool, channel)) {
                assertThatThrownBy(() -> to.send(released, 7)).isInstanceOf(IllegalReferenceCountException.class);
                assertThatThrownBy(() -> to.sendText(growing(), 7))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("changed");
            }
        }
        assertThat(pool.snapshot().account()).isEqualTo(Account.EMPTY);
        assertThat(pool.sendText("the next one")).isEqualTo(SendResult.ACCEPTED);
        assertArrived("the next one".getBytes(StandardCharsets.UTF_8), true);
        assertThat(pool.close(LONG).account()).isEqualTo(new Account(1, 1, 1, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void nullIsRefusedByNameAndLeavesNoTrace(LoopMode mode) throws Exception {
        WebSocketPool pool = live(mode);
        for (Sender to : List.of(pool, pool.channels().get(0))) {
            assertNullIsRefused("binary", () -> to.send((ByteBuf) null));
            assertNullIsRefused("binary", () -> to.send((ByteBuf) null, 7));
            assertNullIsRefused("binary", () -> to.send((ByteBuffer) null));
            assertNullIsRefused("binary", () -> to.send((ByteBuffer) null, 7));
            assertNullIsRefused("binary", () -> to.send((byte[]) null));
            assertNullIsRefused("binary", () -> to.send((byte[]) null, 7));
            assertNullIsRefused("binary", () -> to.send(null, 0, 0));
            assertNullIsRefused("binary", () -> to.send(null, 0, 0, 7));
            assertNullIsRefused("text", () -> to.sendText((CharSequence) null));
            assertNullIsRefused("text", () -> to.sendText((CharSequence) null, 7));
            assertNullIsRefused("utf8", () -> to.sendText((ByteBuf) null));
            assertNullIsRefused("utf8", () -> to.sendText((ByteBuf) null, 7));
        }
        assertThat(pool.close(LONG).account()).isEqualTo(Account.EMPTY);
    }

    private static void assertNullIsRefused(String name, Runnable send) {
        assertThatThrownBy(send::run).isInstanceOf(NullPointerException.class).hasMessage(name + "=null must be set");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterTheEndAndBeforeTheBeginningNothingIsTaken(boolean closed) throws Exception {
        WebSocketPool pool = closed
                ? live(LoopMode.SLEEPING)
                : WebSocketPool.to("ws://127.0.0.1:1/").start();
        List<Sender> senders = new ArrayList<>(List.of(pool));
        senders.addAll(pool.channels());
        if (closed) {
            pool.close(LONG);
        }
        ByteBuf buffer = Unpooled.buffer().writeByte(1);
        for (Sender to : senders) {
            assertThat(List.of(
                            to.send(buffer),
                            to.send(buffer, 7),
                            to.sendText(buffer),
                            to.sendText(buffer, 7),
                            to.send(ByteBuffer.allocate(1)),
                            to.send(ByteBuffer.allocate(1), 7),
                            to.send(new byte[1]),
                            to.send(new byte[1], 7),
                            to.send(new byte[2], 1, 1),
                            to.send(new byte[2], 1, 1, 7),
                            to.sendText("x"),
                            to.sendText("x", 7)))
                    .containsOnly(closed ? SendResult.CLOSED : SendResult.NO_LIVE_CHANNEL);
        }
        assertThat(pool.send(new byte[(16 << 20) + 1])).isEqualTo(SendResult.TOO_LARGE);
        buffer.release();
        assertThat(pool.close(Duration.ZERO).account()).isEqualTo(Account.EMPTY);
    }
}
