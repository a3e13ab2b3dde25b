package io.wspool;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.wspool.loop.Loop;
import io.wspool.testkit.World;
import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client of raw bytes on a Netty channel of the world: what the world is tested with before there is a pool. */
final class PlainClient extends ChannelInboundHandlerAdapter {
    private static final String UPGRADE = String.join(
            "\r\n",
            "GET / HTTP/1.1",
            "Host: h",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "\r\n");

    private static final int TICK_MILLIS = 1;

    final World world;
    final ChannelFuture dial;
    /** What came, since it was last emptied. */
    final ByteArrayOutputStream received = new ByteArrayOutputStream();

    final List<Integer> readSizes = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    private int maskKey = 0x01020304;

    private PlainClient(World world, Loop loop, SocketAddress remote, int timeoutMillis) {
        this.world = world;
        dial = new Bootstrap()
                .group(loop.netty())
                .channelFactory(() -> world.transport().newChannel(remote))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .handler(this)
                .connect(remote);
    }

    /** Begins a dial. */
    static PlainClient dial(World world, Loop loop, SocketAddress remote, int timeoutMillis) {
        return new PlainClient(world, loop, remote, timeoutMillis);
    }

    /** Connected and upgraded. */
    static PlainClient open(World world, Loop loop, SocketAddress remote) {
        PlainClient client = dial(world, loop, remote, 0);
        client.awaitConnected();
        client.upgrade();
        if (!world.runUntil(() -> client.text().endsWith("\r\n\r\n"), Duration.ofSeconds(10))) {
            throw new AssertionError("no answer to the upgrade");
        }
        client.received.reset();
        client.readSizes.clear();
        return client;
    }

    /** A loop of the world that nobody else uses. */
    static Loop loop(World world, String name) {
        Loop loop = new Loop(
                name,
                world.transport(),
                world.ticker(),
                Duration.ofMillis(TICK_MILLIS).toNanos(),
                16);
        world.drive(loop);
        return loop;
    }

    void awaitConnected() {
        if (!world.runUntil(dial::isDone, Duration.ofSeconds(60)) || !dial.isSuccess()) {
            throw new AssertionError("not connected: " + dial);
        }
    }

    Channel channel() {
        return dial.channel();
    }

    void upgrade() {
        channel().writeAndFlush(Unpooled.copiedBuffer(UPGRADE, StandardCharsets.ISO_8859_1));
    }

    void frame(int opcode, byte... payload) {
        channel().writeAndFlush(Unpooled.wrappedBuffer(clientFrame(opcode, payload)));
    }

    void message(long id) {
        frame(2, ByteBuffer.allocate(8).putLong(id).array());
    }

    /** A masked frame with a payload of up to 125 bytes. */
    byte[] clientFrame(int opcode, byte... payload) {
        maskKey += 0x01010101;
        ByteBuffer frame = ByteBuffer.allocate(6 + payload.length);
        frame.put((byte) (0x80 | opcode)).put((byte) (0x80 | payload.length)).putInt(maskKey);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ maskKey >> (24 - 8 * (i & 3))));
        }
        return frame.array();
    }

    String text() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        readSizes.add(bytes.readableBytes());
        received.writeBytes(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        events.add(cause.getMessage());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        events.add("active");
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        events.add("inactive");
        ctx.fireChannelInactive();
    }
}
