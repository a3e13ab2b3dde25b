package io.wspool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.wspool.api.LoopMode;
import io.wspool.api.SendResult;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * How long does one message take there and back, when the caller's own thread drives the pool? One channel, an echo server in the
 * same process on loopback. Run with {@code -prof gc}: bytes allocated per round trip. The caller is a
 * {@code FastThreadLocalThread}, as a user's polling thread should be: elsewhere Netty recycles nothing.
 */
@NullUnmarked
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PolledRoundTripBench extends NanosBench {
    /** Payload bytes. */
    @Param({"64", "1024"})
    public int payload;

    private EchoServer server;
    private WebSocketPool pool;
    private ByteBuf message;
    private long answers;

    /** Connects. */
    @Setup(Level.Trial)
    public void connect() throws Exception {
        server = new EchoServer();
        pool = WebSocketPool.to(server.uri())
                .channels(1)
                .mode(LoopMode.CALLER_POLLED)
                .onMessage((channel, received) -> answers++)
                .start();
        pool.poll();
        pool.awaitReady(Duration.ofSeconds(10));
        message = Unpooled.directBuffer(payload).writeZero(payload);
    }

    /** Sends one message and polls until its echo is there. */
    @Benchmark
    public long roundTrip() {
        long wanted = answers + 1;
        SendResult result = pool.send(message);
        if (result != SendResult.ACCEPTED) {
            throw new IllegalStateException(result.toString());
        }
        while (answers < wanted) {
            pool.poll();
        }
        return answers;
    }

    /** Ends. */
    @TearDown(Level.Trial)
    public void close() throws Exception {
        pool.close();
        server.close();
        message.release();
    }
}
