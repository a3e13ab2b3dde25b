package io.wspool.channel;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.wspool.api.CloseCause;
import io.wspool.api.PoolSettings;
import io.wspool.api.UpgradeRefusal;
import io.wspool.api.UpgradeRefusedException;
import io.wspool.loop.ReceiveAllocator;
import io.wspool.loop.SendBuffer;
import io.wspool.wire.FrameReader;
import io.wspool.wire.UpgradeHandler;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open one channel: name, TCP, TLS, upgrade, under one absolute deadline, whatever the peer does. Loop only, except
 * that the resolver answers from its own thread. After the end, of either kind, late results are dropped.
 */
final class Dial {
    /** One for all: a connection owns none. */
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(2 * SendBuffer.BYTES, 4 * SendBuffer.BYTES);

    /** Deep enough for any error that Netty and the JDK wrap around another. */
    private static final int MOST_CAUSES = 16;

    private final WebSocketChannel channel;
    private final Opening opening;
    private final ChannelLoop share;
    private final PoolSettings settings;
    private final Dialler dialler;
    private boolean over;
    private String stage = "resolving the name";
    private long requestSentAt;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable UpgradeHandler upgrade;

    Dial(WebSocketChannel channel, Opening opening, ChannelLoop share, PoolSettings settings, Dialler dialler) {
        this.channel = channel;
        this.opening = opening;
        this.share = share;
        this.settings = settings;
        this.dialler = dialler;
    }

    void start() {
        deadline = share.loop.schedule(
                this::deadlinePassed, settings.connect().deadline().toNanos());
        share.environment
                .resolver()
                .resolve(dialler.request().host(), dialler.request().port(), (addresses, failure) -> {
                    // where the loop has ended meanwhile nobody waits for this name any more
                    share.loop.execute(() -> resolved(addresses, failure));
                });
    }

    /** Nobody wants it any more. */
    void abandon() {
        finish();
    }

    private void resolved(@Nullable List<? extends SocketAddress> addresses, @Nullable Throwable failure) {
        if (over) {
            return;
        }
        if (addresses == null || addresses.isEmpty()) {
            fail("no address for " + dialler.request().host() + ": " + failure, failure);
        } else {
            connect(addresses, 0);
        }
    }

    private void connect(List<? extends SocketAddress> addresses, int index) {
        SocketAddress address = addresses.get(index);
        ReceiveAllocator receive = new ReceiveAllocator(share.loop.receiveBuffers());
        stage = "connecting to " + address;
        Bootstrap bootstrap = new Bootstrap()
                .group(share.loop.netty())
                .channelFactory(() -> share.environment.transport().newChannel(address))
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, receive)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis(addresses.size() - index))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel created) {
                        begin(created, receive);
                    }
                });
        share.environment.transport().configure(bootstrap, settings.heartbeat().detectionBound());
        ChannelFuture connected = bootstrap.connect(address);
        connected.addListener(future -> {
            if (share.loop.netty().inEventLoop()) {
                connected(connected, addresses, index);
            } else {
                // A channel that could not even be made (no descriptor left) has no loop, and completes elsewhere.
                share.loop.execute(() -> connected(connected, addresses, index));
            }
        });
    }

    /** Each address has its share of what is left, so that one which swallows everything keeps nobody from the next; the last has all. */
    private int connectMillis(int addressesLeft) {
        ScheduledFuture<?> timer = deadline;
        if (addressesLeft == 1 || timer == null) {
            return 0; // the deadline is ours, and absolute
        }
        long perAddress = timer.getDelay(TimeUnit.MILLISECONDS) / addressesLeft;
        return (int) Math.max(1, Math.min(perAddress, Integer.MAX_VALUE));
    }

    private void connected(ChannelFuture attempt, List<? extends SocketAddress> addresses, int index) {
        if (over || attempt.isSuccess()) {
            return;
        }
        if (index + 1 < addresses.size()) {
            if (attempt.channel().isRegistered()) {
                attempt.channel().unsafe().closeForcibly(); // before the next one is made: one connection is counted
            }
            connect(addresses, index + 1);
        } else {
            fail(String.valueOf(attempt.cause()), attempt.cause());
        }
    }

    private void begin(Channel created, ReceiveAllocator receive) {
        channel.ending().connecting(created);
        SslContext ssl = dialler.ssl();
        if (ssl != null) {
            SslHandler tls = ssl.newHandler(
                    created.alloc(),
                    dialler.request().host(),
                    dialler.request().port(),
                    share.environment.background());
            tls.setHandshakeTimeout(0, TimeUnit.MILLISECONDS); // the dial's deadline covers it
            created.pipeline().addLast(tls);
        }
        byte[] nonce = share.chance.bytes(16);
        UpgradeHandler handler = new UpgradeHandler(dialler.request(), nonce, new Judge(receive));
        upgrade = handler;
        UpgradeHandler.install(created.pipeline(), handler);
        created.pipeline().addLast(new Progress());
    }

    private void upgraded(ChannelHandlerContext ctx, ReceiveAllocator receive, @Nullable String subprotocol) {
        if (over) {
            return;
        }
        finish();
        FrameReader reader = new FrameReader(
                channel.inbound(),
                share.view,
                settings.limits().maxReceiveBytes(),
                settings.limits().maxFragments());
        Tail tail = new Tail(channel, settings.heartbeat());
        ctx.pipeline().addBefore(ctx.pipeline().lastContext().name(), null, reader);
        // nothing of the dial is kept for as long as the channel lives
        ctx.pipeline().replace(ctx.pipeline().last(), null, tail);
        ChannelHandlerContext writeFrom = ctx.pipeline().context(reader);
        long upgradeNanos = share.loop.nanoTime() - requestSentAt;
        channel.upgraded(subprotocol, dialler.ssl() != null);
        opening.opened(writeFrom, receive, dialler.ssl() != null, tail, upgradeNanos);
    }

    private void deadlinePassed() {
        UpgradeHandler handler = upgrade;
        UpgradeRefusal partial = handler == null ? null : handler.partialRefusal();
        if (partial != null) {
            refused(partial);
        } else {
            fail("no connection within " + settings.connect().deadline().toMillis() + " ms, while " + stage, null);
        }
    }

    private void refused(UpgradeRefusal refusal) {
        if (over) {
            return;
        }
        finish();
        channel.dialFailed(CloseCause.abnormal(
                CloseCause.Kind.UPGRADE_REFUSED, refusal.problem(), new UpgradeRefusedException(refusal)));
    }

    private void fail(String detail, @Nullable Throwable error) {
        if (over) {
            return;
        }
        finish();
        channel.dialFailed(CloseCause.abnormal(
                CloseCause.Kind.CONNECT_FAILED, dialler.request().endpoint() + ": " + detail, error));
    }

    private void finish() {
        over = true;
        ScheduledFuture<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
            deadline = null;
        }
    }

    /** The upgrade's verdict. */
    private final class Judge implements UpgradeHandler.Listener {
        private final ReceiveAllocator receive;

        Judge(ReceiveAllocator receive) {
            this.receive = receive;
        }

        @Override
        public void onUpgraded(ChannelHandlerContext ctx, @Nullable String subprotocol) {
            upgraded(ctx, receive, subprotocol);
        }

        @Override
        public void onRefused(ChannelHandlerContext ctx, UpgradeRefusal refusal) {
            refused(refusal);
        }
    }

    /** What the transport tells at the end of the pipeline while this runs. */
    private final class Progress extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (dialler.ssl() == null) {
                requestSent();
            } else {
                stage = "in the TLS handshake";
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent tls && tls.isSuccess()) {
                requestSent();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
            fail(described(error), error);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail("the connection was closed while " + stage, null);
        }

        private void requestSent() {
            stage = "waiting for the answer to the upgrade";
            requestSentAt = share.loop.nanoTime();
        }
    }

    /** OpenSSL's errors say little by themselves: the reason is at the end of their causes. */
    private static String described(Throwable error) {
        Throwable last = error;
        for (int depth = 0; last.getCause() != null && depth < MOST_CAUSES; depth++) {
            last = last.getCause();
        }
        return last == error ? String.valueOf(error) : error + ", because of " + last;
    }
}
