package io.wspool;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.wspool.api.LoopMode;
import io.wspool.api.SendResult;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a send from another thread cost, to a loop that sleeps when it has nothing to do? {@link #send} sends as fast as the channel
 * takes it, waits for room included, with {@code refused} counted; {@link #roundTrip} lets the loop fall asleep before each message, and
 * awaits the echo. One channel; the echo server is a thread of the same process. Netty is written to as its users do: a copy, a frame,
 * {@code writeAndFlush} while the channel is writable.
 */
@NullUnmarked
@State(Scope.Benchmark)
public class SendPathBench extends NanosBench {
    private static final int HEAD_BYTES = 8192;

    /** Who sends. */
    @Param({"wspool", "netty"})
    public String by;

    /** Payload bytes. */
    @Param({"64", "1024"})
    public int payload;

    private final AtomicLong answers = new AtomicLong();
    private EchoServer server;
    private ByteBuf message;
    private Client client;

    /** Connects. */
    @Setup(Level.Trial)
    public void connect() throws Exception {
        server = new EchoServer();
        message = Unpooled.directBuffer(payload).writeZero(payload);
        client = by.equals("netty") ? new NettyClient() : new PoolClient();
    }

    /** Hands over one message. */
    @Benchmark
    public void send(Refusals refusals) {
        while (!client.offer()) {
            refusals.refused++;
            Thread.onSpinWait();
        }
    }

    /** Hands over one message, and waits until its echo is there. */
    @Benchmark
    public void roundTrip(Refusals refusals) {
        long wanted = answers.get() + 1;
        send(refusals);
        while (answers.get() < wanted) {
            Thread.onSpinWait();
        }
    }

    /** Ends. */
    @TearDown(Level.Trial)
    public void close() throws Exception {
        client.close();
        server.close();
        message.release();
    }

    private void answered() {
        answers.lazySet(answers.getPlain() + 1); // one writer, the client's loop
    }

    /** What the channel did not take at once. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Refusals {
        /** How often there was no room. */
        public long refused;
    }

    private interface Client {
        boolean offer();

        void close() throws Exception;
    }

    private final class PoolClient implements Client {
        private final WebSocketPool pool;

        PoolClient() throws Exception {
            pool = WebSocketPool.to(server.uri())
                    .channels(1)
                    .mode(LoopMode.SLEEPING)
                    .onMessage((channel, received) -> answered())
                    .start();
            pool.awaitReady(Duration.ofSeconds(10));
        }

        @Override
        public boolean offer() {
            SendResult result = pool.send(message);
            if (result == SendResult.ACCEPTED) {
                return true;
            }
            if (result == SendResult.NO_LIVE_CHANNEL) {
                throw new IllegalStateException(result.toString());
            }
            return false;
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    private final class NettyClient implements Client {
        private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        private final CompletableFuture<Void> open = new CompletableFuture<>();
        private final Channel channel;

        NettyClient() throws Exception {
            URI uri = URI.create(server.uri());
            channel = new Bootstrap()
                    .group(group)
                    .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel made) {
                            made.pipeline()
                                    .addLast(
                                            new HttpClientCodec(),
                                            new HttpObjectAggregator(HEAD_BYTES),
                                            new WebSocketClientProtocolHandler(
                                                    WebSocketClientProtocolConfig.newBuilder()
                                                            .webSocketUri(uri)
                                                            .build()),
                                            new Answers());
                        }
                    })
                    .connect(uri.getHost(), uri.getPort())
                    .sync()
                    .channel();
            open.get(10, TimeUnit.SECONDS);
        }

        @Override
        public boolean offer() {
            if (!channel.isWritable()) {
                if (!channel.isActive()) {
                    throw new IllegalStateException("closed");
                }
                return false;
            }
            ByteBuf copy = channel.alloc().buffer(payload).writeBytes(message, 0, payload);
            channel.writeAndFlush(new BinaryWebSocketFrame(copy), channel.voidPromise());
            return true;
        }

        @Override
        public void close() throws InterruptedException {
            channel.close().sync();
            group.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS).sync();
        }

        private final class Answers extends SimpleChannelInboundHandler<BinaryWebSocketFrame> {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                    open.complete(null);
                }
            }

            @Override
            protected void channelRead0(ChannelHandlerContext ctx, BinaryWebSocketFrame frame) {
                answered();
            }
        }
    }
}
