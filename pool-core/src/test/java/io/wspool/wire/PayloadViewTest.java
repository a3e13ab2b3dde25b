package io.wspool.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.GatheringByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A view reads like the bytes it shows, cannot be changed or kept, and is dead after its call. */
@SuppressWarnings("deprecation")
class PayloadViewTest {
    private static final int OFFSET = 7;
    private static final int LENGTH = 40;

    private final PayloadView view = new PayloadView();
    private ByteBuf memory;
    private ByteBuf same;

    @BeforeEach
    void set() {
        byte[] bytes = new byte[OFFSET + LENGTH + 9];
        new Random(7).nextBytes(bytes);
        memory = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
        same = Unpooled.copiedBuffer(bytes, OFFSET, LENGTH);
        view.set(memory, OFFSET, LENGTH);
    }

    @AfterEach
    void release() {
        assertThat(memory.refCnt()).as("the view neither retains nor releases").isOne();
        memory.release();
        same.release();
    }

    static Stream<Arguments> reads() {
        return Stream.of(
                read("getByte", buf -> buf.getByte(3)),
                read("getUnsignedByte", buf -> buf.getUnsignedByte(3)),
                read("getBoolean", buf -> buf.getBoolean(3)),
                read("getShort", buf -> buf.getShort(3)),
                read("getShortLE", buf -> buf.getShortLE(3)),
                read("getUnsignedShort", buf -> buf.getUnsignedShort(3)),
                read("getMedium", buf -> buf.getMedium(3)),
                read("getMediumLE", buf -> buf.getMediumLE(3)),
                read("getInt", buf -> buf.getInt(3)),
                read("getIntLE", buf -> buf.getIntLE(3)),
                read("getLong", buf -> buf.getLong(3)),
                read("getLongLE", buf -> buf.getLongLE(3)),
                read("getDouble", buf -> buf.getDouble(3)),
                read("little-endian", buf -> buf.order(ByteOrder.LITTLE_ENDIAN).getLong(3)),
                read("the last byte", buf -> buf.getByte(LENGTH - 1)),
                read("readLong", buf -> buf.readerIndex(5).readLong()),
                read(
                        "readByte of a duplicate",
                        buf -> buf.duplicate().skipBytes(5).readByte()),
                read("slice", buf -> ByteBufUtil.hexDump(buf.slice(4, 11))),
                read(
                        "slice of a slice",
                        buf -> ByteBufUtil.hexDump(buf.slice(4, 20).slice(2, 11))),
                read(
                        "duplicate of a slice",
                        buf -> ByteBufUtil.hexDump(buf.slice(4, 20).duplicate())),
                read("readSlice", buf -> ByteBufUtil.hexDump(buf.readSlice(11))),
                read("as read-only", buf -> ByteBufUtil.hexDump(buf.asReadOnly())),
                read("toString of a charset", buf -> buf.toString(StandardCharsets.ISO_8859_1)),
                read("indexOf", buf -> buf.indexOf(0, LENGTH, buf.getByte(20))),
                read("bytesBefore", buf -> buf.bytesBefore(buf.getByte(LENGTH - 1))),
                read("forEachByte", buf -> buf.forEachByte(value -> value >= 0)),
                read("hashCode", ByteBuf::hashCode),
                read("hex dump", ByteBufUtil::hexDump),
                read("getBytes array", buf -> {
                    byte[] to = new byte[20];
                    buf.getBytes(3, to, 2, 10);
                    return ByteBufUtil.hexDump(to);
                }),
                read("getBytes ByteBuf", buf -> {
                    ByteBuf to = Unpooled.buffer(20).writeZero(2);
                    buf.getBytes(3, to, 10);
                    return ByteBufUtil.hexDump(to);
                }),
                read("writeBytes of another", buf -> {
                    ByteBuf to = Unpooled.directBuffer(64);
                    try {
                        return ByteBufUtil.hexDump(to.writeBytes(buf)) + buf.readableBytes();
                    } finally {
                        to.release();
                    }
                }),
                read("getBytes ByteBuffer", buf -> {
                    ByteBuffer to = ByteBuffer.allocate(10);
                    buf.getBytes(3, to);
                    return ByteBufUtil.hexDump(to.array());
                }),
                read("getBytes stream", buf -> {
                    ByteArrayOutputStream to = new ByteArrayOutputStream();
                    buf.getBytes(3, to, 10);
                    return ByteBufUtil.hexDump(to.toByteArray());
                }),
                read("nioBuffer", PayloadViewTest::nio),
                read("copy", buf -> {
                    ByteBuf copy = buf.copy();
                    String dump = ByteBufUtil.hexDump(copy);
                    copy.release();
                    return dump;
                }),
                read("readBytes", buf -> {
                    ByteBuf copy = buf.readBytes(10);
                    String dump = ByteBufUtil.hexDump(copy);
                    copy.release();
                    return dump;
                }));
    }

    private interface Read {
        Object from(ByteBuf buf) throws Exception;
    }

    private static Arguments read(String name, Read read) {
        return arguments(name, read);
    }

    private static String nio(ByteBuf buf) {
        ByteBuffer nio = buf.nioBuffer(3, 10);
        byte[] bytes = new byte[nio.remaining()];
        nio.get(bytes);
        return ByteBufUtil.hexDump(bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reads")
    void readsLikeTheBytesItShows(String name, Read read) throws Exception {
        assertThat(read.from(view)).isEqualTo(read.from(same));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reads")
    void isDeadAfterItsCall(String name, Read read) {
        view.forget();
        assertThatThrownBy(() -> read.from(view)).isInstanceOf(IllegalReferenceCountException.class);
    }

    @Test
    void saysWhyItIsDead() {
        view.forget();
        assertThatThrownBy(() -> view.getByte(0))
                .isInstanceOf(IllegalReferenceCountException.class)
                .hasMessageContaining("borrowed: valid during its call only");
        assertThat(view).hasToString("PayloadView(ridx: 0, widx: 40, cap: 40)");
    }

    @Test
    void slicesAndDuplicatesDieWithTheirPayload() {
        ByteBuf slice = view.slice(2, 8);
        ByteBuf duplicate = view.duplicate();
        ByteBuf sliceOfSlice = slice.slice(1, 2);
        ByteBuf swapped = view.order(ByteOrder.LITTLE_ENDIAN).slice(2, 8);
        view.forget();
        view.set(memory, 0, LENGTH);

        for (ByteBuf kept : new ByteBuf[] {slice, duplicate, sliceOfSlice, swapped}) {
            assertThatThrownBy(() -> kept.getByte(0)).isInstanceOf(IllegalReferenceCountException.class);
            assertThatThrownBy(() -> kept.getBytes(0, new byte[1])).isInstanceOf(IllegalReferenceCountException.class);
        }
        assertThat(view.getByte(0)).isEqualTo(memory.getByte(0));
    }

    static Stream<Arguments> claims() {
        return Stream.of(
                act("retain", ByteBuf::retain),
                act("retain of two", buf -> buf.retain(2)),
                act("retainedSlice", ByteBuf::retainedSlice),
                act("retainedSlice of a range", buf -> buf.retainedSlice(1, 2)),
                act("readRetainedSlice", buf -> buf.readRetainedSlice(2)),
                act("retainedDuplicate", ByteBuf::retainedDuplicate),
                act("release", ByteBuf::release),
                act("release of one", buf -> buf.release(1)),
                act("memoryAddress", ByteBuf::memoryAddress),
                act("retain of a slice", buf -> buf.slice(1, 2).retain()),
                act("release of a duplicate", buf -> buf.duplicate().release()),
                act(
                        "retain of the swapped",
                        buf -> buf.order(ByteOrder.LITTLE_ENDIAN).retain()),
                act("array", ByteBuf::array),
                act("arrayOffset", ByteBuf::arrayOffset));
    }

    static Stream<Arguments> writes() {
        ByteBuf source = Unpooled.wrappedBuffer(new byte[8]);
        return Stream.of(
                act("setByte", buf -> buf.setByte(0, 1)),
                act("setShort", buf -> buf.setShort(0, 1)),
                act("setShortLE", buf -> buf.setShortLE(0, 1)),
                act("setMedium", buf -> buf.setMedium(0, 1)),
                act("setMediumLE", buf -> buf.setMediumLE(0, 1)),
                act("setInt", buf -> buf.setInt(0, 1)),
                act("setIntLE", buf -> buf.setIntLE(0, 1)),
                act("setLong", buf -> buf.setLong(0, 1)),
                act("setLongLE", buf -> buf.setLongLE(0, 1)),
                act("setZero", buf -> buf.setZero(0, 9)),
                act("setBytes", buf -> buf.setBytes(0, source, 0, 4)),
                act("setBytes of an array", buf -> buf.setBytes(0, new byte[4])),
                act("setBytes of a ByteBuffer", buf -> buf.setBytes(0, ByteBuffer.allocate(4))),
                act("setBytes of a stream", buf -> buf.setBytes(0, new ByteArrayInputStream(new byte[4]), 4)),
                act("writeByte where there is room", buf -> buf.clear().writeByte(1)),
                act("writeByte at the end", buf -> buf.writeByte(1)),
                act("capacity", buf -> buf.capacity(100)),
                act("write into a slice", buf -> buf.slice(0, 4).setByte(0, 1)),
                act("write into the NIO buffer", buf -> buf.nioBuffer().put(0, (byte) 1)));
    }

    private interface Act {
        void on(ByteBuf buf) throws Exception;
    }

    private static Arguments act(String name, Act act) {
        return arguments(name, act);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("claims")
    void cannotBeKept(String name, Act act) {
        assertThatThrownBy(() -> act.on(view)).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("writes")
    void cannotBeChanged(String name, Act act) {
        byte[] before = ByteBufUtil.getBytes(memory);
        assertThatThrownBy(() -> act.on(view))
                .isInstanceOfAny(UnsupportedOperationException.class, IndexOutOfBoundsException.class);
        assertThat(ByteBufUtil.getBytes(memory)).isEqualTo(before);
    }

    @Test
    void saysThatItIsBorrowed() {
        for (Consumer<ByteBuf> claim : java.util.List.<Consumer<ByteBuf>>of(ByteBuf::retain, ByteBuf::release)) {
            assertThatThrownBy(() -> claim.accept(view)).hasMessage("borrowed: copy what you keep");
        }
    }

    @Test
    void givesNoWayToTheMemoryBehind() {
        assertThat(view.unwrap()).isNull();
        assertThat(view.hasArray()).isFalse();
        assertThat(view.hasMemoryAddress()).isFalse();
        assertThat(view.nioBufferCount()).isEqualTo(-1);
        assertThat(view.isReadOnly()).isTrue();
        assertThat(view.isWritable()).isFalse();
        ByteBuffer nio = view.nioBuffer(0, 1);
        byte before = nio.get(0);
        memory.setByte(OFFSET, before + 1);
        assertThat(nio.get(0)).as("a copy").isEqualTo(before);
    }

    @Test
    void endsWhereThePayloadEnds() {
        assertThatThrownBy(() -> view.getByte(LENGTH)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.getByte(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.getLong(LENGTH - 7)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.getBytes(LENGTH - 3, new byte[4])).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.getBytes(LENGTH - 3, ByteBuffer.allocate(4)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.slice(LENGTH - 3, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.copy(LENGTH - 3, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(view.getLong(LENGTH - 8)).isEqualTo(same.getLong(LENGTH - 8));
    }

    @Test
    void isMovedWithAllItsIndices() {
        view.skipBytes(20);
        view.set(memory, 1, 3);
        assertThat(view.readerIndex()).isZero();
        assertThat(view.readableBytes()).isEqualTo(3);
        assertThat(view.capacity()).isEqualTo(3);
        assertThat(view.readByte()).isEqualTo(memory.getByte(1));
    }

    @Test
    void writesItselfIntoAChannelOfTheJdk() throws Exception {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        GatheringByteChannel channel = new OneChannel(to);
        assertThat(view.getBytes(3, channel, 10)).isEqualTo(10);
        assertThat(to.toByteArray()).isEqualTo(ByteBufUtil.getBytes(same, 3, 10));
    }

    /** The least of a gathering channel. */
    private record OneChannel(ByteArrayOutputStream to) implements GatheringByteChannel {
        @Override
        public int write(ByteBuffer from) throws java.io.IOException {
            return Channels.newChannel(to).write(from);
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) throws java.io.IOException {
            return write(from[offset]);
        }

        @Override
        public long write(ByteBuffer[] from) throws java.io.IOException {
            return write(from[0]);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
