package io.wspool.examples;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.xnio.Options;

/**
 * A WebSocket server that streams prices and echoes orders, on Undertow, which knows nothing of the pool; and the ways in
 * which it can be made to fail. It keeps its own log of the orders that it has read. Any thread.
 */
final class MarketServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int IO_THREADS = 2;
    private static final int STOP_MILLIS = 1_000;
    private static final long CLOSE_ECHO_MILLIS = 500;

    private final ServerLog log;
    private final Diverts diverts;
    private final Map<Integer, MarketConnection> open = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile int latest;
    private volatile int retryAfterSeconds;
    private Undertow undertow;
    private final int port;

    /** Starts on a free port of the loopback interface. */
    MarketServer(ServerLog log, Diverts diverts) {
        this(log, diverts, 0);
    }

    /** Starts on a port of the loopback interface, 0 for any. */
    MarketServer(ServerLog log, Diverts diverts, int wantedPort) {
        this.log = log;
        this.diverts = diverts;
        undertow = start(wantedPort);
        port = ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    URI uri() {
        return URI.create("ws://" + HOST + ":" + port + "/market");
    }

    /** Numbers of the connections that are open. */
    Set<Integer> connections() {
        return Set.copyOf(open.keySet());
    }

    /** The open connection that brought the newest order, or any open one, or null. */
    @Nullable
    MarketConnection busiest() {
        MarketConnection busiest = open.get(latest);
        return busiest != null ? busiest : open.values().stream().findAny().orElse(null);
    }

    /** Answers upgrades with 503 and {@code Retry-After} until {@link #admit}. */
    void refuse(Duration retryAfter) {
        retryAfterSeconds = Math.max(1, (int) retryAfter.toSeconds());
    }

    void admit() {
        retryAfterSeconds = 0;
    }

    /** Ends the freeze of whatever is frozen. */
    void thaw() {
        open.values().forEach(MarketConnection::thaw);
    }

    /** Sends Close 1001 on every connection, as Undertow's {@code stop} does not; is gone for a while; listens again. */
    synchronized void restart(Duration gone) throws InterruptedException {
        sayGoodbye();
        undertow.stop();
        TimeUnit.NANOSECONDS.sleep(gone.toNanos());
        undertow = start(port);
    }

    @Override
    public synchronized void close() {
        open.values().forEach(MarketConnection::stopFeed); // a feed that outlives its thread is logged as an error
        undertow.stop();
    }

    private void sayGoodbye() throws InterruptedException {
        CompletableFuture<?>[] closed = open.values().stream()
                .map(connection -> connection.goAway("restart"))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(closed).get(CLOSE_ECHO_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // who does not answer is dropped by the stop
        }
    }

    private Undertow start(int port) {
        HttpHandler market = Handlers.websocket(this::onConnect);
        Undertow started = Undertow.builder()
                .addHttpListener(port, HOST)
                .setIoThreads(IO_THREADS)
                .setWorkerThreads(1)
                .setWorkerOption(Options.THREAD_DAEMON, true)
                .setSocketOption(Options.TCP_NODELAY, true)
                .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, STOP_MILLIS)
                .setHandler(exchange -> {
                    int seconds = retryAfterSeconds;
                    if (seconds > 0) {
                        unavailable(exchange, seconds);
                    } else {
                        market.handleRequest(exchange);
                    }
                })
                .build();
        started.start();
        return started;
    }

    private static void unavailable(HttpServerExchange exchange, int seconds) {
        exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
        exchange.getResponseHeaders().put(Headers.RETRY_AFTER, seconds);
        exchange.setPersistent(false);
        exchange.endExchange();
    }

    private void onConnect(WebSocketHttpExchange exchange, WebSocketChannel channel) {
        MarketConnection connection = new MarketConnection(numbers.incrementAndGet(), channel, this::onOrder);
        open.put(connection.number(), connection);
        connection.whenClosed(() -> open.remove(connection.number()));
        connection.start();
    }

    private void onOrder(MarketConnection connection, long order, long sentNanos) {
        log.read(order, connection.number());
        latest = connection.number();
        diverts.orderRead(connection.number(), sentNanos);
    }
}
