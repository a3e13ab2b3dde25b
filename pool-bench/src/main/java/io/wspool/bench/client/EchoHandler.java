package io.wspool.bench.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the echo server: upgrades, unmasks each frame into one buffer, and writes that once for all that was read. It
 * trusts its client. A text {@code feed B} starts a stream of B-byte binary messages, each beginning with its number, until any other
 * message comes, which is echoed behind them.
 */
final class EchoHandler extends ChannelInboundHandlerAdapter {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String KEY = "sec-websocket-key:";
    private static final String FEED = "feed ";
    private static final int FEED_BATCH_BYTES = 64 * 1024;
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int OPCODE = 0x0F;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private boolean open;
    private boolean closing;
    /** The beginning of what is not whole yet. */
    private @Nullable ByteBuf held;

    private @Nullable ByteBuf out;
    /** Bytes of each message of the stream; negative while there is none. */
    private int feed = -1;

    private long fed;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = joined((ByteBuf) message);
        if (!open) {
            open = upgrade(ctx, in);
        }
        while (open && !closing && frame(ctx, in)) {
            // each is answered as it is taken
        }
        if (in.isReadable()) {
            held = in;
        } else {
            in.release();
        }
    }

    private ByteBuf joined(ByteBuf in) {
        ByteBuf before = held;
        if (before == null) {
            return in;
        }
        held = null;
        before.discardReadBytes().writeBytes(in);
        in.release();
        return before;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ByteBuf answers = out;
        out = null;
        if (answers != null) {
            ChannelFuture written = ctx.writeAndFlush(answers);
            if (closing) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }
    }

    private ByteBuf out(ChannelHandlerContext ctx) {
        ByteBuf answers = out;
        if (answers == null) {
            answers = ctx.alloc().directBuffer();
            out = answers;
        }
        return answers;
    }

    private boolean upgrade(ChannelHandlerContext ctx, ByteBuf in) {
        String text = in.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        in.skipBytes(end + 4);
        String head = text.substring(0, end + 2);
        int at = head.toLowerCase(Locale.ROOT).indexOf(KEY) + KEY.length();
        String key = head.substring(at, head.indexOf("\r\n", at)).trim();
        out(ctx).writeCharSequence(
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n",
                        StandardCharsets.ISO_8859_1);
        return true;
    }

    private static String accept(String key) {
        try {
            byte[] text = (key + MAGIC).getBytes(StandardCharsets.ISO_8859_1);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes one frame if it is whole. */
    private boolean frame(ChannelHandlerContext ctx, ByteBuf in) {
        int start = in.readerIndex();
        int have = in.readableBytes();
        if (have < 2) {
            return false;
        }
        int first = in.getUnsignedByte(start);
        int length = in.getUnsignedByte(start + 1) - MASKED;
        int head = 6;
        if (length == 126) {
            head = 8;
            length = have < head ? 0 : in.getUnsignedShort(start + 2);
        } else if (length == 127) {
            head = 14;
            length = have < head ? 0 : Math.toIntExact(in.getLong(start + 2));
        }
        if (have < head + length) {
            return false;
        }
        int key = in.getInt(start + head - 4);
        in.skipBytes(head);
        unmask(in, length, key);
        answer(ctx, first, in.readSlice(length));
        return true;
    }

    private static void unmask(ByteBuf in, int length, int key) {
        int at = in.readerIndex();
        int end = at + length;
        long twice = (long) key << 32 | (key & 0xFFFF_FFFFL);
        for (; at + 8 <= end; at += 8) {
            in.setLong(at, in.getLong(at) ^ twice);
        }
        for (int shift = 24; at < end; at++, shift = (shift + 24) % 32) {
            in.setByte(at, in.getByte(at) ^ (key >>> shift));
        }
    }

    private void answer(ChannelHandlerContext ctx, int first, ByteBuf payload) {
        int opcode = first & OPCODE;
        if (opcode == PONG) {
            return;
        }
        if (opcode == TEXT && payload.readableBytes() < 16) {
            String text = payload.toString(StandardCharsets.UTF_8);
            if (text.startsWith(FEED)) {
                feed = Integer.parseInt(text, FEED.length(), text.length(), 10);
                fed = 0;
                ctx.executor().execute(() -> feedMore(ctx));
                return;
            }
        }
        if (opcode < CLOSE) {
            feed = -1;
        }
        closing |= opcode == CLOSE;
        head(out(ctx), opcode == PING ? FIN | PONG : first, payload.readableBytes());
        out(ctx).writeBytes(payload);
    }

    private static void head(ByteBuf to, int first, int length) {
        to.writeByte(first);
        if (length < 126) {
            to.writeByte(length);
        } else if (length < 65_536) {
            to.writeByte(126).writeShort(length);
        } else {
            to.writeByte(127).writeLong(length);
        }
    }

    /** A batch a turn, so that the end of the stream is heard between two. */
    private void feedMore(ChannelHandlerContext ctx) {
        if (feed < 0 || !ctx.channel().isActive() || !ctx.channel().isWritable()) {
            return;
        }
        ByteBuf batch = ctx.alloc().directBuffer(FEED_BATCH_BYTES + feed);
        while (batch.readableBytes() < FEED_BATCH_BYTES) {
            head(batch, FIN | BINARY, feed);
            batch.writeLong(fed++).writeZero(feed - Long.BYTES);
        }
        ctx.writeAndFlush(batch);
        ctx.executor().execute(() -> feedMore(ctx));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (feed >= 0) {
            feedMore(ctx);
        } else {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable()); // a peer that does not read is not read
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        feed = -1;
        release(held);
        release(out);
        held = null;
        out = null;
    }

    private static void release(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
