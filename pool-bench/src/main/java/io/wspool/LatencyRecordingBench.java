package io.wspool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.wspool.api.LatencySettings;
import io.wspool.api.LoopMode;
import io.wspool.api.SendResult;
import java.time.Duration;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does measuring add to a message's whole way, there and back? Bursts of 64 messages of 64 B leave in one write and are awaited; the
 * caller polls, one channel, an echo server in the same process. {@code io.wspool.channel.LatencyHooksBench} has the same cost without
 * the rest. Run with {@code -prof gc}: bytes allocated a message.
 */
@NullUnmarked
@State(Scope.Thread)
public class LatencyRecordingBench extends NanosBench {
    private static final int BURST = 64;
    private static final int PAYLOAD = 64;

    /** Nothing but pongs; queue wait and write; and each message a request with its reply. */
    @Param({"off", "on", "requests"})
    public String latency;

    private EchoServer server;
    private WebSocketPool pool;
    private ByteBuf message;
    private long sent;
    private long answers;

    /** Connects. */
    @Setup(Level.Trial)
    public void connect() throws Exception {
        server = new EchoServer();
        pool = WebSocketPool.to(server.uri())
                .channels(1)
                .mode(LoopMode.CALLER_POLLED)
                .latency(settings())
                .onMessage((channel, received) -> {
                    answers++;
                    ByteBuf content = received.content();
                    channel.replied(content.getLong(content.readerIndex()));
                })
                .start();
        pool.poll();
        pool.awaitReady(Duration.ofSeconds(10));
        pool.corked(true);
        message = Unpooled.directBuffer(PAYLOAD).writeZero(PAYLOAD);
    }

    private LatencySettings settings() {
        return switch (latency) {
            case "off" -> LatencySettings.OFF;
            case "on" -> LatencySettings.ON;
            default -> LatencySettings.ON.withRequests(2 * BURST);
        };
    }

    /** Sends a burst and polls until all of it is answered. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long burst() {
        for (int i = 0; i < BURST; i++) {
            message.setLong(0, sent);
            SendResult result = pool.send(message, sent);
            if (result != SendResult.ACCEPTED) {
                throw new IllegalStateException(result.toString());
            }
            sent++;
        }
        pool.flush();
        while (answers < sent) {
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
