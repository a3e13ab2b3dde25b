package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.CloseCause;
import io.wspool.api.DispatchPolicy;
import io.wspool.api.LoopMode;
import io.wspool.api.Outcome;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two things that one pass of the selector finds at once, on real sockets whose peers do not read for a while. */
class OnePassTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int QUIET_MILLIS = 300;

    private final Map<Outcome.Reason, Integer> unsent = new EnumMap<>(Outcome.Reason.class);
    private final Map<String, Socket> ends = new HashMap<>();

    private WebSocketPool pool(ServerSocket listening, Sockets sockets) {
        return Quick.pool("ws://127.0.0.1:" + listening.getLocalPort() + "/")
                .channels(2)
                .maxConnections(2)
                .mode(LoopMode.CALLER_POLLED)
                .probe(ProbeSettings.OFF)
                .dispatch(DispatchPolicy.ROUND_ROBIN)
                .limits(Quick.roomyLimits())
                .environment(sockets.environment("one-pass", LoopMode.CALLER_POLLED))
                .onChannelOpen(channel -> channel.sendText(channel.name()))
                .onOutcomes((channel, outcome, reason, tokens, from, to) -> {
                    if (outcome == Outcome.NOT_SENT) {
                        unsent.merge(reason, to - from, Integer::sum);
                    }
                })
                .start();
    }

    private static ServerSocket listening() throws Exception {
        ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listening.setReceiveBufferSize(64 * 1024);
        return listening;
    }

    /** Both are live, and the peers' sockets are known by the channels' names. */
    private void fill(WebSocketPool pool, ServerSocket listening) throws Exception {
        FutureTask<?> upgrades = new FutureTask<>(() -> {
            for (int i = 0; i < 2; i++) {
                Socket socket = listening.accept();
                ends.put(new String(new Peer(socket).upgrade().read().payload(), StandardCharsets.UTF_8), socket);
            }
            return ends;
        });
        new Thread(upgrades, "peers").start();
        pool.poll();
        pool.awaitFull(LONG);
        while (!upgrades.isDone()) {
            pool.poll(Duration.ofMillis(1));
        }
        assertThat(ends).hasSize(2);
    }

    /** Until its write is refused. */
    private static void stall(WebSocketPool pool, PooledChannel channel) {
        ByteBuffer message = ByteBuffer.allocate(8 * 1024);
        while (channel.snapshot().waitingMessages() == 0) {
            assertThat(channel.send(message)).isEqualTo(SendResult.ACCEPTED);
            pool.poll();
        }
    }

    private PooledChannel firstStalled(WebSocketPool pool, ServerSocket listening) throws Exception {
        fill(pool, listening);
        PooledChannel first = pool.channels().get(0);
        stall(pool, first);
        return first;
    }

    private static void readAll(Socket socket) throws Exception {
        socket.setSoTimeout(QUIET_MILLIS);
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[1 << 16];
        try {
            while (in.read(bytes) > 0) {
                // what the kernels hold
            }
        } catch (SocketTimeoutException all) {
            // read
        }
    }

    private static void pollUntilClosed(WebSocketPool pool, PooledChannel channel) {
        while (channel.snapshot().account().open() > 0) {
            pool.poll(Duration.ofMillis(1));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void whatWaitsMovesWhenRoomComesTogetherWithTheEnd(Sockets sockets) throws Exception {
        try (ServerSocket listening = listening();
                WebSocketPool pool = pool(listening, sockets)) {
            PooledChannel first = firstStalled(pool, listening);
            long bound = first.snapshot().waitingMessages();
            for (long token = 0; token < 400; token++) { // half of them wait on the first
                assertThat(pool.send(ByteBuffer.allocate(100), token)).isEqualTo(SendResult.ACCEPTED);
            }
            pool.poll();
            long moveable = first.snapshot().waitingMessages() - bound;
            assertThat(moveable).isPositive();
            readAll(ends.get(first.name()));
            ends.get(first.name()).shutdownOutput();
            pollUntilClosed(pool, first);
            assertThat(first.snapshot().account().movedOut()).isEqualTo(moveable);
            assertThat(unsent).isEmpty();
            ends.get(pool.channels().get(0).name()).close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void whenBothEndTogetherNobodyIsLive(Sockets sockets) throws Exception {
        try (ServerSocket listening = listening();
                WebSocketPool pool = pool(listening, sockets)) {
            fill(pool, listening);
            var channels = pool.channels();
            channels.forEach(channel -> stall(pool, channel));
            for (long token = 0; token < 100; token++) {
                assertThat(pool.send(ByteBuffer.allocate(100), token)).isEqualTo(SendResult.ACCEPTED);
            }
            pool.poll();
            for (Socket socket : ends.values()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            channels.forEach(channel -> pollUntilClosed(pool, channel));
            pool.poll();
            assertThat(unsent).containsExactly(Map.entry(Outcome.Reason.NO_LIVE_CHANNEL, 100));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void theEndBehindARefusedWriteIsTheEndOfTheStream(Sockets sockets) throws Exception {
        try (ServerSocket listening = listening();
                WebSocketPool pool = pool(listening, sockets)) {
            PooledChannel first = firstStalled(pool, listening);
            ends.get(first.name()).shutdownOutput();
            pollUntilClosed(pool, first);
            assertThat(first.closeCause()).isNotNull();
            assertThat(first.closeCause().kind()).isEqualTo(CloseCause.Kind.END_OF_STREAM);
            for (Socket socket : ends.values()) {
                socket.close();
            }
        }
    }
}
