package io.wspool.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Netty's server encoder writes; Netty's client decoder and ours must read the same, and what was meant. */
class FrameReaderAgainstNettyTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void readsWhatNettyReadsCutAtEveryByte(long seed) {
        Conversation conversation = new Conversation(seed, 4);
        byte[] stream = encoded(conversation);

        assertThat(stock(stream, stream.length)).isEqualTo(conversation.expected);
        assertThat(ServerStream.read(stream)).isEqualTo(conversation.expected);
        assertThat(ServerStream.readByteByByte(stream)).isEqualTo(conversation.expected);
        for (int cut = 1; cut < stream.length; cut++) {
            assertThat(ServerStream.read(stream, cut)).as("cut at %d", cut).isEqualTo(conversation.expected);
            if (cut % 7 == 0) { // it is the yardstick, not what is tested
                assertThat(stock(stream, cut)).as("stock, cut at %d", cut).isEqualTo(conversation.expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void readsLongConversationsInRandomPieces(long seed) {
        Conversation conversation = new Conversation(seed, 100);
        byte[] stream = encoded(conversation);
        Random random = new Random(seed);
        for (int round = 0; round < 10; round++) {
            int most = 1 + random.nextInt(1 << (1 + round));
            int[] cuts = random.ints(0, stream.length)
                    .limit(stream.length / most)
                    .sorted()
                    .toArray();
            assertThat(ServerStream.read(stream, cuts)).isEqualTo(conversation.expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {65_535, 65_536, 65_537, 1 << 20})
    void readsBigMessagesInPieces(int size) {
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);
        EmbeddedChannel encoder = new EmbeddedChannel(new WebSocket13FrameEncoder(false));
        byte[] stream = encode(encoder, new Conversation.Frame(Opcodes.BINARY, true, payload));
        encoder.finish();
        List<String> expected = List.of(RecordingSink.message(false, payload));

        assertThat(ServerStream.read(stream)).isEqualTo(expected);
        assertThat(ServerStream.read(stream, 1, 2, 3, 9, 10, 11, 4096, 8192, 8193, 40_000))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {65_536})
    void readsABigMessageByteByByte(int size) {
        byte[] payload = new byte[size];
        byte[] stream = new ServerStream().frame(Opcodes.TEXT, true, payload).bytes();
        assertThat(ServerStream.readByteByByte(stream)).containsExactly(RecordingSink.message(true, payload));
    }

    private static byte[] encoded(Conversation conversation) {
        EmbeddedChannel encoder = new EmbeddedChannel(new WebSocket13FrameEncoder(false));
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        conversation.frames.forEach(frame -> stream.writeBytes(encode(encoder, frame)));
        encoder.finish();
        return stream.toByteArray();
    }

    private static byte[] encode(EmbeddedChannel encoder, Conversation.Frame frame) {
        ByteBuf payload = encoder.alloc().buffer().writeBytes(frame.payload());
        encoder.writeOutbound(Conversation.netty(frame, payload));
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
            stream.writeBytes(ByteBufUtil.getBytes(part));
            part.release();
        }
        return stream.toByteArray();
    }

    private static List<String> stock(byte[] stream, int cut) {
        EmbeddedChannel decoder = new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, 1 << 20, false));
        decoder.writeInbound(Unpooled.copiedBuffer(stream, 0, cut));
        if (cut < stream.length) {
            decoder.writeInbound(Unpooled.copiedBuffer(stream, cut, stream.length - cut));
        }
        List<String> told = Conversation.told(decoder);
        decoder.finishAndReleaseAll();
        return told;
    }
}
