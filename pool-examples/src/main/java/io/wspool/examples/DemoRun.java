package io.wspool.examples;

import io.wspool.WebSocketPool;
import io.wspool.WebSocketPoolBuilder;
import io.wspool.api.CloseCause;
import io.wspool.api.CloseResult;
import io.wspool.api.LoopMode;
import io.wspool.api.Message;
import io.wspool.api.PoolSnapshot;
import io.wspool.api.PooledChannel;
import io.wspool.api.ReconnectSettings;
import io.wspool.api.SlotSnapshot;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One run of the demo: server, pool, orders, chaos and board put together, then taken apart again and reported. */
final class DemoRun {
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Duration MOST_WAIT = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration NAP = Duration.ofMillis(1);

    private final DemoOptions options;
    private final PrintStream out;
    private final CountDownLatch stop;
    private final EventLog events = new EventLog();
    private final Diverts diverts = new Diverts();
    private final PoolEvents poolEvents = new PoolEvents(events, diverts);
    private final ServerLog serverLog = new ServerLog();
    private final Ledger ledger;
    private final OrderFlow flow;
    private final AtomicLong ticks = new AtomicLong();

    DemoRun(DemoOptions options, PrintStream out, CountDownLatch stop) {
        this.options = options;
        this.out = out;
        this.stop = stop;
        ledger = new Ledger(options.orders());
        flow = new OrderFlow(ledger, options.rate);
    }

    /** Answers whether every check held. */
    boolean run() throws InterruptedException {
        URI url = options.url;
        if (url != null) {
            return run(url, null);
        }
        try (MarketServer server = new MarketServer(serverLog, diverts)) {
            return run(server.uri(), server);
        }
    }

    private boolean run(URI uri, @Nullable MarketServer server) throws InterruptedException {
        WebSocketPool pool = configure(uri).start();
        BoardThread screen =
                new BoardThread(Board.open(header(uri), events, out, stop::countDown), () -> figures(pool));
        boolean served;
        CloseResult end;
        try {
            served = awaitFirst(pool);
            if (served) {
                trade(pool, server);
            }
        } finally {
            screen.stop();
            end = pool.close(DRAIN);
        }
        if (server != null) {
            server.close(); // nothing is read any more: the log is complete
        }
        Audit audit = Audit.of(ledger, end.account(), server == null ? null : serverLog);
        Report report = new Report(flow.roundTrip(), diverts.faults(), poolEvents.overlaps(), audit, server != null);
        return report.print(out, events) && served;
    }

    private WebSocketPoolBuilder configure(URI uri) {
        WebSocketPoolBuilder builder = WebSocketPool.to(uri).name("demo").channels(options.channels);
        if (options.url == null) {
            builder.lan(); // only for servers that one runs oneself: a public one counts pings and closes with 1008
        }
        if (options.chaos()) {
            Duration lifetime = Chaos.lifetime(options.seconds);
            builder.maxLifetime(lifetime).reconnect(stableWithin(lifetime));
        }
        return builder.mode(options.mode)
                .onMessage(this::onMessage)
                .onOutcomes(ledger)
                .listener(poolEvents);
    }

    /** In a short run channels live shortly, and must be able to prove themselves all the same. */
    private static ReconnectSettings stableWithin(Duration lifetime) {
        ReconnectSettings usual = ReconnectSettings.DEFAULTS;
        Duration half = lifetime.dividedBy(2);
        return new ReconnectSettings(
                usual.first(),
                usual.factor(),
                usual.cap(),
                usual.firstSpread(),
                half.compareTo(usual.stableAfter()) < 0 ? half : usual.stableAfter(),
                usual.breakerFailures(),
                usual.breakerOpen());
    }

    private String header(URI uri) {
        return String.format(
                Locale.ROOT,
                "wspool demo: %d channels (%s) to %s (%s), %,d orders a second for %d s, %s%s. Ctrl-C ends it early.",
                options.channels,
                options.mode == LoopMode.SLEEPING ? "a thread of their own" : "polled by the main thread",
                uri,
                options.url == null ? "Undertow in this process; lan() liveness" : "your server; default liveness",
                options.rate,
                options.seconds,
                options.chaos() ? "chaos" : "no chaos",
                options.chaos()
                        ? ", each channel replaced after "
                                + Chaos.lifetime(options.seconds).toMillis() / 1e3 + " s"
                        : "");
    }

    /** Waits for the first channel, at most for a minute; false if none came, if every place was given up, or on Ctrl-C. */
    private boolean awaitFirst(WebSocketPool pool) throws InterruptedException {
        if (options.mode == LoopMode.CALLER_POLLED) {
            pool.poll(); // from now on this thread owns the loop
        }
        String told = "";
        long start = System.nanoTime();
        while (!stopped() && System.nanoTime() - start < MOST_WAIT.toNanos()) {
            try {
                pool.awaitReady(PATIENCE);
                return true;
            } catch (TimeoutException e) {
                SlotSnapshot place = pool.snapshot().slots().get(0);
                CloseCause cause = place.lastCause();
                String why = cause == null ? place.state().toString() : CloseWords.hint(cause);
                if (!why.equals(told)) {
                    told = why;
                    events.add("waiting for the server: " + why);
                }
            } catch (IllegalStateException e) {
                events.add("given up: " + e.getMessage()); // every place is halted; why, onHalted has told
                return false;
            }
        }
        if (!stopped()) {
            events.add("given up: no channel within " + MOST_WAIT.toSeconds() + " s");
        }
        return false;
    }

    private void trade(WebSocketPool pool, @Nullable MarketServer server) throws InterruptedException {
        flow.start(pool);
        if (server == null || !options.chaos()) {
            sendOrders(pool);
            return;
        }
        Chaos chaos = new Chaos(server, diverts, events);
        chaos.start(options.seconds);
        try {
            sendOrders(pool);
        } finally {
            chaos.stop();
        }
    }

    private void sendOrders(WebSocketPool pool) throws InterruptedException {
        if (options.mode == LoopMode.CALLER_POLLED) {
            pollAndSend(pool);
            return;
        }
        Thread sender = new Thread(flow::run, "orders");
        sender.setDaemon(true);
        sender.start();
        stop.await(options.seconds, TimeUnit.SECONDS);
        flow.stop();
        sender.join();
    }

    private void pollAndSend(WebSocketPool pool) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(options.seconds) && !stopped()) {
            if (flow.sendDue() > NAP.toNanos()) {
                pool.poll(NAP);
            } else {
                pool.poll();
            }
        }
        flow.stop();
    }

    private Figures figures(WebSocketPool pool) {
        PoolSnapshot snapshot = pool.snapshot();
        Histogram roundTrip = flow.roundTrip();
        return new Figures(events.clock(), snapshot, flow.refused(), ticks.get(), roundTrip);
    }

    private boolean stopped() {
        return stop.getCount() == 0;
    }

    private void onMessage(PooledChannel channel, Message message) {
        int kind = message.isText() ? 0 : OrderFormat.kind(message.content());
        if (kind == OrderFormat.ORDER) {
            flow.onEcho(OrderFormat.id(message.content()));
        } else if (kind == OrderFormat.WELCOME) {
            diverts.welcome(channel, (int) OrderFormat.id(message.content()));
        } else {
            ticks.lazySet(ticks.getPlain() + 1); // one loop writes
        }
    }
}
