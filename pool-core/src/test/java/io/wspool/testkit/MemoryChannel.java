package io.wspool.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import io.wspool.loop.DirectSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's end of a {@link MemoryLink} as a Netty channel. It follows Netty's NIO channel where a pipeline could tell the
 * difference: reads and writes in the selector's pass, a refused write waits for room, {@code SO_LINGER} 0 makes a close a cut.
 */
final class MemoryChannel extends AbstractChannel implements DirectSocket {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    /** Numbers instead of chance and process ids, so that a log is the same in every run. */
    private record Id(int number) implements ChannelId {
        @Override
        public String asShortText() {
            return "memory-" + number;
        }

        @Override
        public String asLongText() {
            return asShortText();
        }

        @Override
        public int compareTo(ChannelId other) {
            return other instanceof Id id
                    ? Integer.compare(number, id.number)
                    : asLongText().compareTo(other.asLongText());
        }
    }

    private final MemoryNetwork network;
    private final Config config = new Config();
    private final Io io = new Io();
    private MemoryIoHandler.@Nullable Registration registration;
    private @Nullable MemoryLink link;
    private @Nullable SocketAddress remote;
    private @Nullable ChannelPromise connectPromise;
    private @Nullable Future<?> connectTimeout;
    private boolean open = true;
    private boolean readWanted;
    private boolean writeWanted;

    MemoryChannel(MemoryNetwork network, int number) {
        super(null, new Id(number));
        this.network = network;
    }

    private void look() {
        if (registration != null) {
            registration.look();
        }
    }

    @Override
    public int read(ByteBuf target) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        return link.client.read(target);
    }

    @Override
    public void write(ByteBuf source) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        source.skipBytes(link.client.write(source));
    }

    @Override
    protected void doBeginRead() {
        readWanted = true;
        look();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
        for (Object message = out.current(); message != null; message = out.current()) {
            ByteBuf bytes = (ByteBuf) message;
            int attempted = bytes.readableBytes();
            int taken = attempted == 0 ? 0 : link.client.write(bytes);
            out.removeBytes(taken);
            if (attempted == 0) {
                out.remove();
            } else if (taken < attempted) {
                writeWanted = true;
                look();
                return;
            }
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("unsupported message type: " + message.getClass());
    }

    @Override
    protected void doClose() {
        if (!open) {
            return;
        }
        open = false;
        ChannelPromise promise = connectPromise;
        if (promise != null) {
            connectPromise = null;
            promise.tryFailure(new ClosedChannelException());
        }
        cancelConnectTimeout();
        if (link == null) {
            return;
        }
        if (config.linger != 0 && link.isEstablished()) {
            link.client.finish(); // the descriptor lives on for a moment, but what was written ends here
        }
        if (registration == null) {
            io.free();
        } else {
            registration.freeAtNextPass();
        }
    }

    @Override
    protected void doDeregister() {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
    }

    private void cancelConnectTimeout() {
        if (connectTimeout != null) {
            connectTimeout.cancel(false);
            connectTimeout = null;
        }
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        ((IoEventLoop) eventLoop()).register(io).addListener((Future<IoRegistration> done) -> {
            if (done.isSuccess()) {
                registration = (MemoryIoHandler.Registration) done.getNow();
                promise.setSuccess();
            } else {
                promise.setFailure(done.cause());
            }
        });
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(Io.class);
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new MemoryUnsafe();
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("clients only");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return isActive() ? remote : null;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && link != null && link.isEstablished() && connectPromise == null;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    /** What the selector sees. */
    private final class Io extends MemoryIoHandler.Handle {
        @Override
        boolean isReady() {
            if (!open || link == null) {
                return false;
            }
            if (connectPromise != null) {
                return link.isDecided();
            }
            return (readWanted && link.client.readable()) || (writeWanted && link.client.writable());
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            ((MemoryUnsafe) unsafe()).ready();
        }

        @Override
        void free() {
            if (config.linger == 0 || !link.isEstablished()) {
                link.client.cut();
            } else {
                link.client.close();
            }
            network.descriptorFreed();
        }

        @Override
        public void close() {
            unsafe().close(unsafe().voidPromise());
        }
    }

    private final class MemoryUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            try {
                if (link != null) {
                    throw new ConnectionPendingException();
                }
                link = network.connect(remoteAddress);
                link.client.onChange(MemoryChannel.this::look);
                remote = remoteAddress;
                connectPromise = promise;
                promise.addListener(done -> {
                    if (done.isCancelled()) {
                        connectPromise = null;
                        close(voidPromise());
                    }
                });
                int timeoutMillis = config.getConnectTimeoutMillis();
                if (timeoutMillis > 0) {
                    connectTimeout =
                            eventLoop().schedule(() -> connectTimedOut(), timeoutMillis, TimeUnit.MILLISECONDS);
                }
            } catch (IOException | RuntimeException e) {
                promise.tryFailure(annotateConnectException(e, remoteAddress));
            }
        }

        private void connectTimedOut() {
            if (connectPromise != null
                    && connectPromise.tryFailure(new ConnectTimeoutException("connection timed out: " + remote))) {
                close(voidPromise());
            }
        }

        /** In the NIO channel's order: connect, then write, then read. */
        void ready() {
            if (connectPromise != null) {
                finishConnect();
            }
            if (open && writeWanted && link.client.writable()) {
                writeWanted = false;
                super.flush0();
            }
            if (open && readWanted && link.client.readable()) {
                read();
            }
        }

        private void finishConnect() {
            ChannelPromise promise = connectPromise;
            connectPromise = null;
            cancelConnectTimeout();
            try {
                link.finishConnect();
            } catch (IOException e) {
                promise.tryFailure(annotateConnectException(e, remote));
                close(voidPromise());
                return;
            }
            boolean told = promise.trySuccess();
            if (isActive()) {
                pipeline().fireChannelActive();
            }
            if (!told) {
                close(voidPromise());
            }
        }

        /** While a write waits for room, the pass that finds room goes on with it. */
        @Override
        protected void flush0() {
            if (!writeWanted) {
                super.flush0();
            }
        }

        private void read() {
            ChannelPipeline pipeline = pipeline();
            var allocation = recvBufAllocHandle();
            allocation.reset(config);
            ByteBuf bytes = null;
            boolean end = false;
            Throwable failure = null;
            try {
                do {
                    bytes = allocation.allocate(config.getAllocator());
                    allocation.attemptedBytesRead(bytes.writableBytes());
                    allocation.lastBytesRead(link.client.read(bytes));
                    if (allocation.lastBytesRead() <= 0) {
                        end = allocation.lastBytesRead() < 0;
                        bytes.release();
                        bytes = null;
                        break;
                    }
                    allocation.incMessagesRead(1);
                    readWanted = false;
                    pipeline.fireChannelRead(bytes);
                    bytes = null;
                } while (allocation.continueReading());
            } catch (Throwable t) {
                failure = t;
                if (bytes != null) {
                    bytes.release();
                }
            }
            allocation.readComplete();
            pipeline.fireChannelReadComplete();
            if (failure != null) {
                pipeline.fireExceptionCaught(failure);
            }
            if (end || failure instanceof IOException) {
                close(voidPromise());
            }
        }
    }

    /** Knows the one socket option that changes what happens. */
    private final class Config extends DefaultChannelConfig {
        private int linger = -1;

        Config() {
            super(MemoryChannel.this);
        }

        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            if (ChannelOption.SO_LINGER.equals(option)) {
                linger = (Integer) value;
                return true;
            }
            return super.setOption(option, value);
        }

        @Override
        @SuppressWarnings("unchecked") // by the option's own type
        public <T> @Nullable T getOption(ChannelOption<T> option) {
            return ChannelOption.SO_LINGER.equals(option) ? (T) Integer.valueOf(linger) : super.getOption(option);
        }

        @Override
        public Map<ChannelOption<?>, Object> getOptions() {
            return getOptions(super.getOptions(), ChannelOption.SO_LINGER);
        }

        @Override
        protected void autoReadCleared() {
            readWanted = false;
        }
    }
}
