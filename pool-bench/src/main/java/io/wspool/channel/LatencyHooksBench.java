package io.wspool.channel;

import io.wspool.NanosBench;
import io.wspool.api.LatencySettings;
import io.wspool.api.LoopMode;
import io.wspool.api.TransportKind;
import io.wspool.loop.Loop;
import io.wspool.loop.QueuedMessage;
import io.wspool.loop.SystemEnvironment;
import io.wspool.loop.TransportChoice;
import io.wspool.measure.Totals;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does it cost to measure one message, without the rest of its way? {@link #clock} is what is read of the clock in
 * {@link #message} and {@link #request}, one message a write, the worst case: the difference is recording.
 */
@NullUnmarked
@State(Scope.Thread)
public class LatencyHooksBench extends NanosBench {
    private SystemEnvironment environment;
    private Loop loop;
    private QueuedMessage queued;
    private ChannelLatency off;
    private ChannelLatency on;
    private ChannelLatency requests;
    private OpenRequests open;
    private long next;

    /** Makes a loop that is always in a turn. */
    @Setup(Level.Trial)
    public void begin() {
        environment = new SystemEnvironment(
                "bench",
                LoopMode.CALLER_POLLED,
                TransportChoice.of(TransportKind.AUTO).transport(),
                null);
        loop = new Loop("bench", environment.transport(), environment.ticker(), TimeUnit.MILLISECONDS.toNanos(1), 16);
        loop.claim();
        loop.enter();
        ChannelLoop share = new ChannelLoop(loop, 0, environment, new Totals(1));
        off = new ChannelLatency(share, LatencySettings.OFF);
        on = new ChannelLatency(share, LatencySettings.ON);
        requests = new ChannelLatency(share, LatencySettings.ON.withRequests(1_024));
        queued = loop.queue().take();
        open = new OpenRequests(1_024);
    }

    private void pass(ChannelLatency latency) {
        if (latency.on) {
            latency.offered(queued);
        }
        loop.received();
        if (latency.on) {
            latency.arrived(queued);
        }
        if (latency.on) {
            latency.encoded(queued);
        }
        if (latency.on) {
            latency.taken();
        }
    }

    /** Switched off: four branches, and the reading of the clock that each turn makes. */
    @Benchmark
    public void off() {
        pass(off);
    }

    /** The clock alone: at the hand-over, at the turn, and after the write. */
    @Benchmark
    public long clock() {
        long offered = loop.nanoTime();
        loop.received();
        return loop.nanoTime() - offered;
    }

    /** Queue wait and write, of the channel and of its loop. */
    @Benchmark
    public void message() {
        pass(on);
    }

    /** The same, and a request that is opened, and one of 16 open ones that is replied to. */
    @Benchmark
    public boolean request() {
        queued.hasToken = true;
        queued.token = next++;
        pass(requests);
        return requests.replied(next - 16);
    }

    /** A request in the table of open ones, and out of it, with 16 others open. */
    @Benchmark
    public long table() {
        next++;
        open.open(next, next);
        return open.close(next - 16);
    }

    /** Ends. */
    @TearDown(Level.Trial)
    public void end() {
        loop.leave();
        loop.shutdown();
        while (!loop.isTerminated()) {
            loop.turn(0);
        }
        environment.close();
    }
}
