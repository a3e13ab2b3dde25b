package io.wspool.bench.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Netty by itself, the version that the pool runs on: its handshaker, its frame codec, a handler. The caller parks while threads of
 * Netty's sleep or one ({@link SpinningNetty}) spins, or ({@link PolledNetty}) drives the loop.
 */
class NettyContender implements Contender {
    private static final String HEARTBEAT = "heartbeat";
    private static final String TLS_ONLY = "tlsonly";
    private static final int HEAD_BYTES = 8192;
    private static final int IDLE_SECONDS = 15;

    final ClientOptions options;
    private final EventLoopGroup group;
    private final String shape;
    private final boolean heartbeat;
    private final boolean tlsOnly;
    private Channel[] channels = {};
    private @Nullable PreparedFrame prepared;

    NettyContender(ClientOptions options, EventLoopGroup group, String shape) {
        this.options = options;
        this.group = group;
        if (!Set.of(HEARTBEAT, TLS_ONLY).containsAll(options.variants)) {
            throw new IllegalArgumentException("netty has no variant but " + HEARTBEAT + " and " + TLS_ONLY);
        }
        this.heartbeat = options.variants.contains(HEARTBEAT);
        this.tlsOnly = options.variants.contains(TLS_ONLY);
        if (tlsOnly && (!options.tls || !options.work.equals("pp"))) {
            throw new IllegalArgumentException("variant " + TLS_ONLY + " is for ping-pong over TLS");
        }
        this.shape = shape
                + (heartbeat ? ", with Netty's protocol handler and an idle handler that pings" : "")
                + (tlsOnly
                        ? ", pooled buffers, behind SslHandler one frame whose bytes were made once, and no codec"
                        : "");
    }

    static Contender of(ClientOptions options) {
        return switch (options.mode) {
            case "spin" -> new PolledNetty(options, Duration.ZERO);
            case "waiting" -> new PolledNetty(options, Duration.ofMillis(10));
            case "spinning" -> new SpinningNetty(options);
            case "sleeping", "block" ->
                new NettyContender(options, new MultiThreadIoEventLoopGroup(ioHandler()), "the caller parks");
            default -> throw options.noSuchMode();
        };
    }

    static IoHandlerFactory ioHandler() {
        return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    @Override
    public String version() {
        return Versions.netty();
    }

    @Override
    public String note() {
        return shape + ", " + transport() + (options.tls ? ", " + Trust.nettyProvider() : "");
    }

    /** What sockets are here, for everybody who chooses by what there is. */
    static String transport() {
        return Epoll.isAvailable() ? "epoll" : "nio";
    }

    @Override
    public void connect(Receiver receiver) throws Exception {
        channels = new Channel[options.channels];
        SslContext tls = options.tls ? Trust.netty() : null;
        for (int i = 0; i < channels.length; i++) {
            NettyHandler handler = new NettyHandler(options.uri(), !heartbeat, i, receiver);
            ChannelFuture connected = new Bootstrap()
                    .group(group)
                    .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.ALLOCATOR, allocator())
                    .handler(pipeline(handler, tls))
                    .connect(options.host, options.port);
            await(connected);
            await(handler.open());
            channels[i] = connected.channel();
        }
        if (tlsOnly) {
            PreparedFrame frame = new PreparedFrame(channels[0], options.bytes, receiver);
            await(channels[0].eventLoop().submit(frame::takeOver));
            prepared = frame;
        }
    }

    /**
     * Netty's default; for SslHandler alone the one that our pool sets, since with the default each of its buffers costs an object, which
     * would be held to be SslHandler's own.
     */
    private ByteBufAllocator allocator() {
        return tlsOnly ? PooledByteBufAllocator.DEFAULT : ByteBufAllocator.DEFAULT;
    }

    private ChannelInitializer<Channel> pipeline(NettyHandler handler, @Nullable SslContext tls) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (tls != null) {
                    channel.pipeline().addLast(tls.newHandler(channel.alloc(), options.host, options.port));
                }
                channel.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(HEAD_BYTES));
                if (heartbeat) {
                    WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                            .webSocketUri(options.uri())
                            .build();
                    channel.pipeline()
                            .addLast(
                                    new WebSocketClientProtocolHandler(config),
                                    new IdleStateHandler(IDLE_SECONDS, 0, 0));
                }
                channel.pipeline().addLast(handler);
            }
        };
    }

    void await(Future<?> future) throws Exception {
        future.sync();
    }

    @Override
    public Outbox newOutbox() {
        PreparedFrame frame = prepared;
        return frame == null ? new NettyOutbox() : frame;
    }

    @Override
    public void close() {
        for (Channel channel : channels) {
            channel.close();
        }
        group.shutdownGracefully(0, 200, TimeUnit.MILLISECONDS);
    }

    /** Writes each message, and flushes behind the last of a batch. */
    private final class NettyOutbox implements Outbox {
        private final ByteBuf template = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(options.bytes));

        @Override
        public void send(int connection, long sequence, boolean more) {
            Channel channel = channels[connection];
            template.setLong(0, sequence);
            ByteBuf payload = channel.alloc().buffer(options.bytes).writeBytes(template, 0, options.bytes);
            BinaryWebSocketFrame frame = new BinaryWebSocketFrame(payload);
            if (more) {
                channel.write(frame, channel.voidPromise());
            } else {
                channel.writeAndFlush(frame, channel.voidPromise());
            }
        }

        @Override
        public void sendText(int connection, String text) {
            channels[connection].writeAndFlush(new TextWebSocketFrame(text));
        }
    }
}
