package io.wspool.bench.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.wspool.WebSocketPool;
import io.wspool.api.BudgetSettings;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.LoopMode;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import io.wspool.api.Standing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How soon a pool with {@code lan()} probes sends past a black hole. Trial after trial the channel that is best becomes one, with the
 * message that is written to it at that moment; from that write it counts until another channel is picked. The bound is the settings'
 * own for the round trips that channel had, and as much more as the longest pause between two polls.
 */
final class DivertTrials implements Work {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long BETWEEN_SENDS_NANOS = 20_000;
    private static final long BETWEEN_PROBES_NANOS = 1_200_000;
    private static final long FORGETTING_NANOS = 1_000_000_000;
    private static final long HOPELESS_NANOS = 2_000_000_000L;
    private static final int FEWEST_CHANNELS = 2;
    private static final int CHANNELS = 4;

    private final ClientOptions options;
    private final Meter meter = new Meter();
    private final ByteBuf message;
    private @Nullable TcpRelay relay;
    private @Nullable WebSocketPool pool;
    private long sent;
    private long answered;

    DivertTrials(ClientOptions options) {
        if (!options.client.equals("wspool") || !options.mode.equals("polled")) {
            throw new IllegalArgumentException("work divert is for wspool, polled");
        }
        if (options.tls) {
            throw new IllegalArgumentException("work divert has no TLS");
        }
        this.options = options;
        this.message = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(options.bytes));
    }

    private int channels() {
        return options.channels < FEWEST_CHANNELS ? CHANNELS : options.channels;
    }

    @Override
    public void open() throws Exception {
        TcpRelay between = new TcpRelay(new InetSocketAddress(options.host, options.port));
        relay = between;
        WebSocketPool made = WebSocketPool.to("ws://127.0.0.1:" + between.port() + options.path)
                .lan()
                .channels(channels())
                .budget(new BudgetSettings(1_000, 1_000, 1))
                .mode(LoopMode.CALLER_POLLED)
                .onMessage((channel, received) -> answered++)
                .start();
        pool = made;
        made.poll();
        made.awaitFull(PATIENCE);
    }

    @Override
    public String version() {
        return "this build, Netty " + Versions.netty();
    }

    @Override
    public String note() {
        return "lan() settings, " + channels() + " channels through a relay in this process";
    }

    @Override
    public RoundResult round(long millis) throws IOException {
        RoundResult result = new RoundResult();
        Bounds bounds = new Bounds();
        meter.begin();
        long begin = System.nanoTime();
        long end = begin + millis * 1_000_000;
        do {
            trial(result, bounds);
        } while (System.nanoTime() < end);
        result.nanos = System.nanoTime() - begin;
        meter.end(result);
        result.messages = bounds.trials;
        result.put("trials", bounds.trials);
        result.put("within", bounds.within);
        result.put("withinBound", (double) bounds.within / bounds.trials);
        result.put("boundNanos", bounds.largest);
        result.put("latenessNanos", bounds.latest);
        return result;
    }

    private void trial(RoundResult result, Bounds bounds) throws IOException {
        WebSocketPool mine = Objects.requireNonNull(pool);
        TcpRelay between = Objects.requireNonNull(relay);
        settle(mine);
        PooledChannel victim = Objects.requireNonNull(mine.pick(), "nothing is live");
        ChannelSnapshot before = victim.snapshot();
        between.swallow(options.bytes);
        long lateness = 0;
        long firstWrite = System.nanoTime();
        send(victim.send(message));
        long now = firstWrite;
        long nextSend = firstWrite + BETWEEN_SENDS_NANOS;
        while (mine.pick() == victim) {
            if (now >= nextSend) {
                send(mine.send(message));
                nextSend = now + BETWEEN_SENDS_NANOS;
            }
            mine.poll();
            long next = System.nanoTime();
            lateness = Math.max(lateness, next - now);
            now = next;
            if (now - firstWrite > HOPELESS_NANOS) {
                throw new IOException("no other channel was picked within 2 s");
            }
        }
        awaitHole(mine, between);
        between.release();
        long bound = ProbeSettings.LAN
                .suspectBound(Duration.ofNanos(before.srttNanos()), Duration.ofNanos(before.rttvarNanos()))
                .toNanos();
        RoundResult.record(result.latencies, now - firstWrite);
        bounds.add(now - firstWrite, bound, lateness);
    }

    /** The relay may be slower than the choice. */
    private static void awaitHole(WebSocketPool mine, TcpRelay between) {
        while (!between.holding()) {
            mine.poll();
        }
    }

    private void send(SendResult sending) {
        if (sending == SendResult.ACCEPTED) {
            sent++;
        }
    }

    /**
     * Until every answer is in, no channel is suspect, and what the last black hole did to the estimates of its channel is forgotten:
     * each channel is sent to, and thereby probed, until a stall would be noticed as soon as the settings allow, or a second is over.
     */
    private void settle(WebSocketPool mine) throws IOException {
        long begin = System.nanoTime();
        long nextSend = begin;
        for (long now = begin; !calm(mine, now - begin < FORGETTING_NANOS); now = System.nanoTime()) {
            if (now >= nextSend && now - begin < FORGETTING_NANOS) {
                for (PooledChannel channel : mine.channels()) {
                    send(channel.send(message));
                }
                nextSend = now + BETWEEN_PROBES_NANOS;
            }
            mine.poll();
            if (now - begin > HOPELESS_NANOS) {
                throw new IOException("the channels did not recover within 2 s: " + mine.snapshot());
            }
        }
    }

    private boolean calm(WebSocketPool mine, boolean estimatesToo) {
        if (answered < sent) {
            return false;
        }
        for (PooledChannel channel : mine.channels()) {
            ChannelSnapshot now = channel.snapshot();
            if (now.standing() == Standing.SUSPECT || now.standing() == Standing.DRAINING) {
                return false;
            }
            if (estimatesToo
                    && ProbeSettings.LAN.suspectAfterNanos(now.srttNanos(), now.rttvarNanos())
                            > ProbeSettings.LAN.suspectFloor().toNanos()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        Objects.requireNonNull(pool).close(Duration.ofMillis(200));
        Objects.requireNonNull(relay).close();
    }

    /** The count of one round. */
    private static final class Bounds {
        private long trials;
        private long within;
        private long largest;
        private long latest;

        void add(long nanos, long bound, long lateness) {
            trials++;
            if (nanos <= bound + lateness) {
                within++;
            }
            largest = Math.max(largest, bound);
            latest = Math.max(latest, lateness);
        }
    }
}
