package io.wspool.bench.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.wspool.bench.client.Contender.Outbox;
import java.util.List;

/**
 * What {@link SslHandler} costs by itself: behind the upgrade nothing else of Netty is left in the pipeline. What is sent is one frame
 * whose bytes were made once, under a masking key of zero, so that a number can be put into it; of the answers the raw bytes are read. For
 * one message at a time: the next is written into the same buffer.
 */
final class PreparedFrame extends ChannelInboundHandlerAdapter implements Outbox {
    private static final int FIN_BINARY = 0x82;
    private static final int MASKED = 0x80;
    private static final int KEY_BYTES = 4;
    /** The length stands in the second byte, up to this. */
    private static final int SHORT = 125;

    private static final int LENGTH_IN_TWO_BYTES = 126;

    private final Channel channel;
    private final Receiver receiver;
    private final int bytes;
    /** Bytes before the payload of an answer, which has no masking key. */
    private final int head;

    private final ByteBuf frame;
    /** Bytes of the answer that were read, and what they said so far. */
    private int read;

    private long sequence;

    PreparedFrame(Channel channel, int bytes, Receiver receiver) {
        this.channel = channel;
        this.bytes = bytes;
        this.receiver = receiver;
        this.head = bytes <= SHORT ? 2 : 4;
        this.frame = channel.alloc().directBuffer(head + KEY_BYTES + bytes);
        frame.writeByte(FIN_BINARY);
        if (bytes <= SHORT) {
            frame.writeByte(MASKED | bytes);
        } else {
            frame.writeByte(MASKED | LENGTH_IN_TWO_BYTES).writeShort(bytes);
        }
        frame.writeZero(KEY_BYTES + bytes);
    }

    /** Takes the place of everything behind {@link SslHandler}. On the channel's loop. */
    void takeOver() {
        ChannelPipeline pipeline = channel.pipeline();
        List.copyOf(pipeline.toMap().values()).stream()
                .filter(handler -> !(handler instanceof SslHandler))
                .forEach(pipeline::remove);
        pipeline.addLast(this);
    }

    @Override
    public void send(int connection, long number, boolean more) {
        frame.setIndex(0, head + KEY_BYTES + bytes).setLong(head + KEY_BYTES, number);
        channel.writeAndFlush(frame.retain(), channel.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                take(in.readUnsignedByte());
            }
        } finally {
            in.release();
        }
    }

    private void take(int octet) {
        if (read == 0 && octet != FIN_BINARY) {
            receiver.onEnd(0, "an answer is no binary message");
        }
        if (read >= head && read < head + ClientOptions.SEQUENCE_BYTES) {
            sequence = sequence << 8 | octet;
        }
        read++;
        if (read == head + bytes) {
            read = 0;
            receiver.onMessage(0, sequence, bytes);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        frame.release(); // the channel is closed
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        receiver.onEnd(0, "closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        receiver.onEnd(0, cause.toString());
        ctx.close();
    }
}
