package io.wspool.channel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.wspool.EchoServer;
import io.wspool.NanosBench;
import io.wspool.WebSocketPool;
import io.wspool.api.BudgetSettings;
import io.wspool.api.LoopMode;
import io.wspool.loop.Loop;
import io.wspool.loop.LoopMember;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does one pass of the heartbeat over so many silent channels of a loop cost? {@link #ticks} looks at each, and makes its account
 * known, as a loop does in every tick for a channel that owes or is owed something; one that is idle is not looked at. {@link #timers} is
 * the other way, a timer for each channel, which fires and is armed again: Netty's {@code IdleStateHandler}, which also tells us that a
 * channel is silent, once an interval. Divide by the channels.
 */
@NullUnmarked
@State(Scope.Thread)
public class HeartbeatTickBench extends NanosBench {
    private static final long INTERVAL_SECONDS = 15;

    /** On one loop. */
    @Param({"8", "1024"})
    public int channels;

    private EchoServer server;
    private WebSocketPool pool;
    private WebSocketChannel[] members;
    private Loop loop;
    private EmbeddedChannel timed;
    private long silences;

    /** Opens real channels, and lets what they say at their beginning be answered; arms as many timers. */
    @Setup(Level.Trial)
    public void begin() throws Exception {
        server = new EchoServer();
        pool = WebSocketPool.to(server.uri())
                .channels(channels)
                .mode(LoopMode.CALLER_POLLED)
                .budget(new BudgetSettings(2_000, 2_000, 16))
                .start();
        pool.poll();
        pool.awaitFull(Duration.ofSeconds(30));
        members = pool.channels().toArray(new WebSocketChannel[0]);
        loop = members[0].loop();
        do {
            pool.poll();
        } while (ticks() > 0);

        timed = new EmbeddedChannel();
        timed.freezeTime();
        for (int i = 0; i < channels; i++) {
            timed.pipeline().addLast("idle-" + i, new Silence());
        }
    }

    /**
     * Our tick of every channel.
     *
     * @return how many want another: none
     */
    @Benchmark
    public int ticks() {
        loop.enter();
        long now = loop.servedTurnNanos();
        int more = 0;
        for (WebSocketChannel member : members) {
            if (member.tick(now) != LoopMember.NO_TICK) {
                more++;
            }
        }
        loop.leave();
        return more;
    }

    /** A timer of every channel. */
    @Benchmark
    public long timers() {
        timed.advanceTimeBy(INTERVAL_SECONDS, TimeUnit.SECONDS);
        timed.runScheduledPendingTasks();
        return silences;
    }

    /** Ends. */
    @TearDown(Level.Trial)
    public void end() throws Exception {
        timed.finishAndReleaseAll();
        pool.close();
        server.close();
    }

    private final class Silence extends IdleStateHandler {
        Silence() {
            super(INTERVAL_SECONDS, 0, 0, TimeUnit.SECONDS);
        }

        @Override
        protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
            silences++;
        }
    }
}
