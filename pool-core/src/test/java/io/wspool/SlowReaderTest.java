package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.wspool.api.Account;
import io.wspool.api.ChannelLimits;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.api.Standing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer that stops reading while the user goes on sending: nothing grows, nothing is lost, and the user is told. */
class SlowReaderTest {
    private static final int REFUSALS = 1_000;

    /** Two send buffers, the refused one and a spare, and one chunk of Netty's for what is read. */
    private static final long MOST_DIRECT =
            2L * 64 * 1024 + PooledByteBufAllocator.DEFAULT.metric().chunkSize();

    private final Told told = new Told();
    private final Ends ends = new Ends();
    private final AtomicInteger writable = new AtomicInteger();
    private final ByteBuffer message = ByteBuffer.allocate(1024);
    private long accepted;

    @ParameterizedTest
    @EnumSource
    void stopsTheSenderWithinBoundsAndLetsItGoOnWhenItReadsAgain(Sockets sockets) throws Exception {
        try (RawServer server = new RawServer(64 * 1024);
                WebSocketPool pool = Quick.pool(server.uri())
                        .channels(1)
                        .maxConnections(1)
                        .environment(Quick.environment(sockets))
                        .listener(told)
                        .onOutcomes(ends)
                        .onWritable(channel -> writable.incrementAndGet())
                        .start()) {
            Peer peer = server.accept().upgrade();
            Patience.until("a live channel", () -> pool.state() == PoolState.FULL);
            peer.send(Frame.pong(peer.readUntil(Frame.PING).payload())); // from here on silence is evidence
            PooledChannel channel = pool.pick();
            Patience.until("its first pong", () -> channel.snapshot().evidence());

            assertThat(stall(pool)).containsExactlyInAnyOrder(SendResult.ACCEPTED, SendResult.BACK_PRESSURED);
            assertThat(channel.state()).isEqualTo(ChannelState.OPEN); // slow is not dead
            assertThat(channel.standing()).isEqualTo(Standing.SUSPECT);
            assertThat(told.standings).contains(Standing.SUSPECT);
            assertThat(send(pool)).isEqualTo(SendResult.BACK_PRESSURED); // so that room is owed to us
            int before = writable.get();

            FutureTask<List<Long>> reader = new FutureTask<>(() -> readAndAnswer(peer));
            new Thread(reader, "the peer reads again").start();
            Patience.until("word of room", () -> writable.get() > before);
            Patience.until("another message", () -> send(pool) == SendResult.ACCEPTED);
            Patience.until(
                    "a good name again",
                    () -> channel.standing() == Standing.GOOD || channel.standing() == Standing.WARM);

            pool.close(Patience.LIMIT);
            assertThat(told.end().clean()).isTrue();
            Account account = pool.snapshot().account();
            ends.assertExact(account, accepted);
            assertThat(account.confirmed()).isEqualTo(accepted);
            assertThat(reader.get())
                    .containsExactlyElementsOf(
                            LongStream.range(0, accepted).boxed().toList());
        }
    }

    /** Sends while the peer does not read, and looks at what that costs. */
    private Set<SendResult> stall(WebSocketPool pool) {
        ChannelLimits limits = pool.settings().limits();
        Set<SendResult> results = EnumSet.noneOf(SendResult.class);
        long directBefore = directMemory();
        AtomicInteger refusals = new AtomicInteger();
        Patience.until("suspicion, and so many refusals", () -> {
            SendResult result;
            do {
                result = send(pool);
                results.add(result);
            } while (result == SendResult.ACCEPTED);
            ChannelSnapshot now = pool.pick().snapshot();
            assertThat(now.waitingMessages()).isLessThanOrEqualTo(limits.waitingMessages());
            assertThat(now.waitingBytes()).isLessThanOrEqualTo(limits.waitingBytes());
            assertThat(directMemory() - directBefore).isLessThanOrEqualTo(MOST_DIRECT);
            return refusals.incrementAndGet() >= REFUSALS && now.standing() == Standing.SUSPECT;
        });
        return results;
    }

    private SendResult send(WebSocketPool pool) {
        SendResult result = pool.send(message.putLong(0, accepted), accepted);
        if (result == SendResult.ACCEPTED) {
            accepted++;
        }
        return result;
    }

    private static long directMemory() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()
                + UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    /** What the peer reads, as numbers, up to the Close, which it answers as it does pings. */
    private static List<Long> readAndAnswer(Peer peer) throws IOException {
        List<Long> read = new ArrayList<>();
        while (true) {
            Frame frame = peer.read();
            if (frame == null) {
                throw new IOException("the connection ended without a Close");
            }
            switch (frame.opcode()) {
                case Frame.PING -> peer.send(Frame.pong(frame.payload()));
                case Frame.CLOSE -> {
                    peer.send(Frame.server(0x80 | Frame.CLOSE, frame.payload()));
                    peer.close();
                    return read;
                }
                default -> read.add(ByteBuffer.wrap(frame.payload()).getLong());
            }
        }
    }
}
