package io.wspool.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A frame that ended is life, and so are 4 KiB of one; a dribble is not. */
class FrameReaderLifeTest {
    private final RecordingSink sink = new RecordingSink();
    private final EmbeddedChannel channel = ServerStream.channel(sink);

    @AfterEach
    void end() {
        channel.checkException();
        channel.finishAndReleaseAll();
    }

    @Test
    void manyFramesInOneBatchAreOneSignOfLifeAtItsEnd() {
        ServerStream.feed(channel, new ServerStream().text("a").text("b").frame(Opcodes.PONG, true, new byte[0]));
        assertThat(sink.events).containsExactly("text 61", "text 62", "pong ", RecordingSink.LIFE);
    }

    @Test
    void aFragmentThatEndedIsLifeThoughItsMessageGoesOn() {
        ServerStream.feed(channel, new ServerStream().frame(Opcodes.BINARY, false, new byte[1]));
        assertThat(signs()).isOne();
    }

    @Test
    void aBatchThatEndsNoFrameIsNoLife() {
        byte[] stream = new ServerStream().text("abc").bytes();
        ServerStream.feed(channel, stream, 0, 4);
        assertThat(signs()).isZero();
        ServerStream.feed(channel, stream, 4, stream.length);
        assertThat(signs()).isOne();
        channel.pipeline().fireChannelReadComplete();
        assertThat(signs()).as("an empty batch").isOne();
    }

    @Test
    void ofAnUnfinishedDataFrame4095BytesAreNoLifeAnd4096Are() {
        ServerStream.feed(
                channel, new ServerStream().head(Opcodes.BINARY, true, 100_000).raw(new byte[4095]));
        assertThat(signs()).isZero();
        ServerStream.feed(channel, new ServerStream().raw(0));
        assertThat(signs()).isOne();
        ServerStream.feed(channel, new ServerStream().raw(new byte[4095]));
        assertThat(signs()).as("counted anew since the last sign").isOne();
        ServerStream.feed(channel, new ServerStream().raw(0));
        assertThat(signs()).isEqualTo(2);
    }

    @Test
    void aFrameThatEndedStartsTheCountAnew() {
        ServerStream.feed(
                channel, new ServerStream().head(Opcodes.BINARY, false, 4095).raw(new byte[4095]));
        assertThat(signs()).isOne();
        ServerStream.feed(
                channel, new ServerStream().head(Opcodes.CONTINUATION, true, 10).raw(0));
        assertThat(signs()).isOne();
    }

    @Test
    void halfAControlFrameIsNoLife() {
        byte[] stream =
                new ServerStream().frame(Opcodes.PING, true, new byte[125]).bytes();
        for (int i = 0; i < stream.length - 1; i++) {
            ServerStream.feed(channel, stream, i, i + 1);
        }
        assertThat(signs()).isZero();
    }

    @Test
    void theBatchOfAViolationOrACloseIsNoLife() {
        ServerStream.feed(channel, new ServerStream().text("a").close(1000, new byte[0]));
        assertThat(sink.events).containsExactly("text 61", "close 1000 ");
    }

    private long signs() {
        return sink.events.stream().filter(RecordingSink.LIFE::equals).count();
    }
}
