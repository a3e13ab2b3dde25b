package io.wspool.wire;

import static io.wspool.wire.ServerStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reader tells of a correct stream, what it holds meanwhile, and how it ends. */
class FrameReaderTest {
    private final RecordingSink sink = new RecordingSink();

    @Test
    void controlFramesMayComeBetweenTheFragmentsOfAMessage() {
        byte[] stream = new ServerStream()
                .frame(Opcodes.TEXT, false, utf8("he"))
                .frame(Opcodes.PING, true, utf8("p"))
                .frame(Opcodes.CONTINUATION, false, new byte[0])
                .frame(Opcodes.PONG, true, new byte[0])
                .frame(Opcodes.CONTINUATION, true, utf8("llo"))
                .close(1000, utf8("bye"))
                .bytes();
        List<String> expected =
                List.of("ping 70", "pong ", RecordingSink.message(true, utf8("hello")), "close 1000 bye");

        assertThat(ServerStream.read(stream)).isEqualTo(expected);
        assertThat(ServerStream.readByteByByte(stream)).isEqualTo(expected);
        for (int cut = 1; cut < stream.length; cut++) {
            assertThat(ServerStream.read(stream, cut)).as("cut at %d", cut).isEqualTo(expected);
        }
    }

    @Test
    void anEmptyMessageIsAMessageAlsoInFragments() {
        byte[] stream = new ServerStream()
                .frame(Opcodes.BINARY, true, new byte[0])
                .frame(Opcodes.TEXT, false, new byte[0])
                .frame(Opcodes.CONTINUATION, true, new byte[0])
                .frame(Opcodes.TEXT, false, new byte[0])
                .frame(Opcodes.CONTINUATION, true, utf8("x"))
                .bytes();
        List<String> expected = List.of("binary ", "text ", "text 78");

        assertThat(ServerStream.read(stream)).isEqualTo(expected);
        assertThat(ServerStream.readByteByByte(stream)).isEqualTo(expected);
    }

    @Test
    void aCloseWithoutABodyHasNoCode() {
        assertThat(ServerStream.read(new ServerStream()
                        .frame(Opcodes.CLOSE, true, new byte[0])
                        .bytes()))
                .containsExactly("close 1005 ");
    }

    @Test
    void whatFollowsACloseIsThrownAway() {
        byte[] stream = new ServerStream()
                .close(1001, new byte[0])
                .text("late")
                .frame(Opcodes.PING, true, new byte[0])
                .close(1000, new byte[0])
                .raw(0xFF, 0xFF)
                .bytes();

        assertThat(ServerStream.read(stream)).containsExactly("close 1001 ");
        assertThat(ServerStream.readByteByByte(stream)).containsExactly("close 1001 ");
    }

    @Test
    void aWholeFrameIsHandedOutInPlace() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        EmbeddedChannel channel = channel(allocator, 1 << 20);
        ByteBuf in = Unpooled.wrappedBuffer(new ServerStream()
                .text("one")
                .text("two")
                .close(1000, utf8("r"))
                .bytes());
        sink.onEvent = event -> assertThat(allocator.metric().usedHeapMemory()).isZero();

        channel.writeInbound(in);

        assertThat(sink.frames()).hasSize(3);
        assertThat(in.refCnt()).isZero();
        channel.finish();
    }

    @Test
    void nothingIsAllocatedBecauseALengthWasDeclared() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        int declared = 1 << 24;
        EmbeddedChannel channel = channel(allocator, declared);
        feed(channel, new ServerStream().head(Opcodes.BINARY, true, declared).bytes());

        int arrived = 0;
        for (int piece = 1; arrived + piece < declared; piece *= 3) {
            feed(channel, new byte[piece]);
            arrived += piece;
            assertThat(allocator.metric().usedHeapMemory())
                    .as("after %d bytes", arrived)
                    .isBetween((long) arrived, Math.max(256L, 2L * arrived));
        }
        feed(channel, new byte[declared - arrived]);

        assertThat(sink.frames()).hasSize(1);
        assertThat(allocator.metric().usedHeapMemory())
                .as("given back after a big message")
                .isZero();
        channel.finish();
    }

    @Test
    void manySmallFragmentsCostNoMoreThanTheirBytes() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        EmbeddedChannel channel = channel(allocator, 1 << 20);
        feed(channel, new ServerStream().head(Opcodes.BINARY, false, 1).raw(7).bytes());
        for (int i = 1; i < 1024; i++) {
            feed(
                    channel,
                    new ServerStream()
                            .head(Opcodes.CONTINUATION, i == 1023, 1)
                            .raw(7)
                            .bytes());
            assertThat(allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(2048);
        }
        assertThat(sink.frames()).hasSize(1);
        channel.finish();
    }

    @Test
    void halfAFrameIsReleasedWhenTheChannelEnds() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        EmbeddedChannel channel = channel(allocator, 1 << 20);
        feed(
                channel,
                new ServerStream()
                        .frame(Opcodes.TEXT, false, utf8("half a message"))
                        .raw(0x89, 5, 1, 2)
                        .bytes());
        assertThat(allocator.metric().usedHeapMemory()).isPositive();

        channel.pipeline().fireChannelInactive();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        channel.finish();
    }

    @Test
    void halfAFrameIsReleasedWhenTheReaderIsRemoved() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        EmbeddedChannel channel = channel(allocator, 1 << 20);
        feed(channel, new ServerStream().head(Opcodes.TEXT, true, 10).raw('a').bytes());

        channel.pipeline().remove(FrameReader.class);
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        channel.finish();
    }

    @Test
    void aSinkMayEndTheChannelFromWithinAMessageThatWasPutTogether() {
        EmbeddedChannel channel = ServerStream.channel(sink);
        sink.onEvent = event -> channel.pipeline().remove(FrameReader.class);
        byte[] stream = new ServerStream().text("first").text("second").bytes();
        ServerStream.feed(channel, stream, 0, 4);
        ServerStream.feed(channel, stream, 4, stream.length);

        assertThat(sink.frames()).containsExactly(RecordingSink.message(true, utf8("first")));
        channel.checkException();
        channel.finish();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "ping", "pong"})
    void aSinkThatTakesNoMoreFramesGetsNoneForEver(String last) {
        EmbeddedChannel channel = ServerStream.channel(sink);
        sink.onEvent = event -> sink.takesFrames = !event.startsWith(last);
        Map<String, Integer> opcodes = Map.of("text", Opcodes.TEXT, "ping", Opcodes.PING, "pong", Opcodes.PONG);
        ServerStream.feed(
                channel,
                new ServerStream()
                        .frame(Opcodes.BINARY, true, new byte[0])
                        .frame(opcodes.get(last), true, new byte[0])
                        .frame(Opcodes.BINARY, true, new byte[0]));
        sink.takesFrames = true;
        ServerStream.feed(channel, new ServerStream().text("later"));

        assertThat(sink.events).containsExactly("binary ", last + " ");
        channel.finish();
    }

    @Test
    void aCloseInTheMiddleOfACharacterIsJudgedByItsOwnReason() {
        byte[] stream = new ServerStream()
                .frame(Opcodes.TEXT, false, new byte[] {(byte) 0xE2, (byte) 0x82})
                .close(1000, utf8("bye"))
                .bytes();
        assertThat(ServerStream.read(stream)).containsExactly("close 1000 bye");
    }

    @Test
    void aStateThatChangedBetweenTwoReadsStopsTheSecond() {
        EmbeddedChannel channel = ServerStream.channel(sink);
        byte[] stream = new ServerStream().text("half").bytes();
        ServerStream.feed(channel, stream, 0, 3);
        sink.takesFrames = false;
        ServerStream.feed(channel, stream, 3, stream.length);

        assertThat(sink.events).isEmpty();
        channel.finish();
    }

    @Test
    void aSinkThatThrowsEndsTheReadingAndLeaksNothing() {
        EmbeddedChannel channel = ServerStream.channel(sink);
        sink.onEvent = event -> {
            throw new IllegalStateException("mine");
        };
        byte[] stream = new ServerStream().text("put together").text("next").bytes();
        ServerStream.feed(channel, stream, 0, 5);
        assertThatThrownBy(() -> ServerStream.feed(channel, stream, 5, stream.length))
                .hasMessage("mine");
        ServerStream.feed(channel, new ServerStream().text("later"));

        assertThat(sink.frames()).hasSize(1);
        channel.finish();
    }

    @Test
    void whatIsNoByteBufIsReleasedAndPassedOver() {
        EmbeddedChannel channel = ServerStream.channel(sink);
        LastHttpContent rest =
                new DefaultLastHttpContent(channel.alloc().buffer().writeByte(1));
        channel.writeInbound(rest, LastHttpContent.EMPTY_LAST_CONTENT);
        ServerStream.feed(channel, new ServerStream().text("x"));

        assertThat(rest.refCnt()).isZero();
        assertThat(channel.inboundMessages()).isEmpty();
        assertThat(sink.frames()).containsExactly("text 78");
        channel.finish();
    }

    @Test
    void aBufferReadDirectlyIsConsumedAndStaysTheCallers() {
        FrameReader reader = new FrameReader(sink, new PayloadView(), 100, 10);
        ByteBuf in = Unpooled.buffer()
                .writeBytes(new ServerStream().text("a").text("b").bytes());
        reader.read(in);
        reader.endOfBatch();

        assertThat(sink.events).containsExactly("text 61", "text 62", RecordingSink.LIFE);
        assertThat(in.isReadable()).isFalse();
        assertThat(in.refCnt()).isOne();
        in.release();
    }

    private EmbeddedChannel channel(ByteBufAllocator allocator, int maxMessageBytes) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        channel.pipeline().addLast(new FrameReader(sink, new PayloadView(), maxMessageBytes, 1024));
        return channel;
    }

    private static void feed(EmbeddedChannel channel, byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }
}
