package io.wspool.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.wspool.NanosBench;
import io.wspool.loop.Chance;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a masked frame cost, from payload to bytes for the socket? Ours goes into a buffer that is used again, as on a loop;
 * Netty's encoder takes one from the channel's allocator for each frame. It is called without a pipeline, with one frame for all
 * calls: only the encoding is compared. Each has the masking keys that its users get.
 */
@NullUnmarked
@State(Scope.Thread)
public class FrameWriteBench extends NanosBench {
    /** Payload bytes. */
    @Param({"16", "125", "1024", "65536", "1048576"})
    public int payload;

    /** What the frame says it is. */
    @Param({"text", "binary"})
    public String kind;

    private FrameWriter writer;
    private int opcode;
    private ByteBuf source;
    private ByteBuffer out;

    private NettyEncoder encoder;
    private EmbeddedChannel channel;
    private ChannelHandlerContext context;
    private WebSocketFrame frame;
    private final List<Object> encoded = new ArrayList<>();

    /** Makes one payload for both. */
    @Setup(Level.Trial)
    public void begin() {
        boolean text = kind.equals("text");
        source = Unpooled.directBuffer(payload);
        while (source.isWritable()) {
            source.writeByte('x');
        }
        writer = new FrameWriter(Chance.secure().newMaskKeys()::nextKey);
        opcode = text ? Opcodes.TEXT : Opcodes.BINARY;
        out = ByteBuffer.allocateDirect(FrameWriter.frameBytes(payload));
        encoder = new NettyEncoder();
        channel = new EmbeddedChannel(encoder);
        context = channel.pipeline().context(encoder);
        frame = text ? new TextWebSocketFrame(source) : new BinaryWebSocketFrame(source);
    }

    /** Ours. */
    @Benchmark
    public ByteBuffer wspool() {
        out.clear();
        writer.begin(out, opcode, true, payload);
        writer.payload(out, source, 0, payload);
        return out;
    }

    /** Netty's {@code WebSocket13FrameEncoder}. */
    @Benchmark
    public int netty() throws Exception {
        encoder.encode(context, frame, encoded);
        int bytes = 0;
        for (int i = 0; i < encoded.size(); i++) {
            ByteBuf buffer = (ByteBuf) encoded.get(i);
            bytes += buffer.readableBytes();
            buffer.release();
        }
        encoded.clear();
        return bytes;
    }

    /** Frees. */
    @TearDown(Level.Trial)
    public void end() {
        channel.finishAndReleaseAll();
        frame.release();
    }

    /** Opens the encoder to a call from outside its pipeline. */
    private static final class NettyEncoder extends WebSocket13FrameEncoder {
        NettyEncoder() {
            super(true);
        }

        @Override
        protected void encode(ChannelHandlerContext ctx, WebSocketFrame msg, List<Object> out) throws Exception {
            super.encode(ctx, msg, out);
        }
    }
}
