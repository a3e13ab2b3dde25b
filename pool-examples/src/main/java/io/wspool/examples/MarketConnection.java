package io.wspool.examples;

import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/** The server's side of one connection: a feed of prices, and an echo of orders. The blows may come from any thread. */
final class MarketConnection {
    private static final long FEED_MILLIS = 4;
    private static final int GOING_AWAY = 1001;

    private final int number;
    private final WebSocketChannel channel;
    private final OrderReader reader;
    private final PriceFeed feed = new PriceFeed();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile boolean frozen;
    private volatile XnioExecutor.@Nullable Key feeding;

    MarketConnection(int number, WebSocketChannel channel, OrderReader reader) {
        this.number = number;
        this.channel = channel;
        this.reader = reader;
    }

    int number() {
        return number;
    }

    void whenClosed(Runnable task) {
        channel.addCloseTask(ended -> {
            stopFeed();
            task.run();
            closed.complete(null);
        });
    }

    void start() {
        channel.getReceiveSetter().set(new Receiver());
        WebSockets.sendBinary(OrderFormat.welcome(number), channel, null);
        feeding = channel.getIoThread().executeAtInterval(this::tick, FEED_MILLIS, TimeUnit.MILLISECONDS);
        channel.resumeReceives();
    }

    /** Closes the socket without a word. On its own thread: there nothing is being sent, and the selector lets go of it at once. */
    void kill() {
        channel.getIoThread().execute(() -> IoUtils.safeClose(channel));
    }

    /** Neither reads nor sends, and keeps the connection. */
    void freeze() {
        frozen = true;
        channel.suspendReceives();
    }

    void thaw() {
        if (frozen) {
            frozen = false;
            channel.resumeReceives();
        }
    }

    /** Sends no more prices. */
    void stopFeed() {
        XnioExecutor.Key key = feeding;
        if (key != null) {
            key.remove();
        }
    }

    /** Starts an orderly end; the answer is done when the connection is closed. */
    CompletableFuture<Void> goAway(String reason) {
        stopFeed();
        WebSockets.sendClose(GOING_AWAY, reason, channel, null);
        return closed;
    }

    private void tick() {
        if (!frozen && channel.isOpen() && !channel.isCloseFrameSent()) {
            WebSockets.sendText(feed.next(), channel, null);
        }
    }

    /** Hears of each order that was read. */
    @FunctionalInterface
    interface OrderReader {
        void onOrder(MarketConnection connection, long order, long sentNanos);
    }

    private final class Receiver extends AbstractReceiveListener {
        /** A pool with fast probes sends up to 1,000 a second; Undertow's own limit, 300 a minute, ends in Close 1008. */
        @Override
        protected int getMaxPingsPerWindow() {
            return Integer.MAX_VALUE;
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel from, BufferedBinaryMessage message) {
            var data = message.getData();
            ByteBuffer copy = ByteBuffer.allocate(OrderFormat.BYTES);
            try {
                for (ByteBuffer part : data.getResource()) {
                    if (part.remaining() > copy.remaining()) {
                        return; // none of our orders
                    }
                    copy.put(part);
                }
            } finally {
                data.free();
            }
            copy.flip();
            if (copy.limit() == OrderFormat.BYTES && copy.getInt(0) == OrderFormat.ORDER) {
                reader.onOrder(
                        MarketConnection.this, copy.getLong(OrderFormat.ID_AT), copy.getLong(OrderFormat.SENT_AT));
                WebSockets.sendBinary(copy, from, null);
            }
        }
    }
}
