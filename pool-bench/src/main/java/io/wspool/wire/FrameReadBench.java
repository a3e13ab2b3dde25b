package io.wspool.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.wspool.NanosBench;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a server's frame cost that lies whole in the read buffer, up to the handler? Text is checked to be UTF-8 by both: ours in
 * the reader, with Netty by the validator that its client handler puts behind the decoder.
 */
@NullUnmarked
@State(Scope.Thread)
public class FrameReadBench extends NanosBench {
    /** Payload bytes. */
    @Param({"16", "125", "1024", "65536", "1048576"})
    public int payload;

    /** What the frame says it is. */
    @Param({"text", "binary"})
    public String kind;

    private ByteBuf in;
    private FrameReader reader;
    private final Counter counter = new Counter();
    private EmbeddedChannel channel;
    private ChannelPipeline pipeline;

    /** Makes one unmasked frame for both. */
    @Setup(Level.Trial)
    public void begin() {
        in = Unpooled.directBuffer(payload + 10);
        in.writeByte(0x80 | (kind.equals("text") ? Opcodes.TEXT : Opcodes.BINARY));
        if (payload <= 125) {
            in.writeByte(payload);
        } else if (payload <= 0xFFFF) {
            in.writeByte(126).writeShort(payload);
        } else {
            in.writeByte(127).writeLong(payload);
        }
        for (int i = 0; i < payload; i++) {
            in.writeByte('x');
        }
        reader = new FrameReader(counter, new PayloadView(), payload, 1);
        channel = new EmbeddedChannel(
                new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                        .expectMaskedFrames(false)
                        .maxFramePayloadLength(payload)
                        .build()),
                new Utf8FrameValidator(),
                new NettyCounter());
        pipeline = channel.pipeline();
    }

    /** Ours. */
    @Benchmark
    public long wspool() {
        in.readerIndex(0);
        reader.read(in);
        reader.endOfBatch();
        return counter.bytes;
    }

    /** Netty's {@code WebSocket13FrameDecoder}. */
    @Benchmark
    public long netty() {
        in.readerIndex(0);
        pipeline.fireChannelRead(in.retain());
        return counter.bytes;
    }

    /** Frees, and refuses a run in which nothing came out. */
    @TearDown(Level.Trial)
    public void end() {
        channel.finishAndReleaseAll();
        in.release();
        if (counter.bytes == 0 || counter.bytes % payload != 0) {
            throw new IllegalStateException(counter.bytes + " bytes were read");
        }
    }

    /** Where Netty's frames end. */
    private final class NettyCounter extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            counter.bytes += frame.content().readableBytes();
        }
    }

    /** Where ours end. */
    private static final class Counter implements FrameSink {
        private long bytes;

        @Override
        public void onMessage(boolean text, ByteBuf payload) {
            bytes += payload.readableBytes();
        }

        @Override
        public void onPing(ByteBuf payload) {}

        @Override
        public void onPong(ByteBuf payload) {}

        @Override
        public void onClose(int code, String reason) {}

        @Override
        public void onViolation(int closeCode, String detail) {
            throw new IllegalStateException(detail);
        }

        @Override
        public boolean takesFrames() {
            return true;
        }

        @Override
        public void onLife() {}
    }
}
