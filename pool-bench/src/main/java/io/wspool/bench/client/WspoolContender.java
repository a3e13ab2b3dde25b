package io.wspool.bench.client;

import io.netty.buffer.ByteBuf;
import io.wspool.WebSocketPool;
import io.wspool.WebSocketPoolBuilder;
import io.wspool.api.BudgetSettings;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.LoopMode;
import io.wspool.api.Message;
import io.wspool.api.PoolListener;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import io.wspool.api.Sender;
import io.wspool.api.Standing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Our pool. With one connection everything is sent on the pool, as its users do; with several each is addressed as a channel, so that
 * the order of its answers can be checked.
 */
class WspoolContender implements Contender {
    /** The text whose echo holds a loop that would spin; see {@link SpinningPool}. */
    static final String REST = "rest";

    /** For a server that is there, and as many milliseconds as channels; nobody waits for one that is not. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration DRAIN = Duration.ofMillis(200);
    private static final long BACK_PRESSURE_NANOS = 20_000;
    /** A pool of more than this is filled by a budget of its own. */
    private static final int BURST = 30;

    final ClientOptions options;
    private final StringBuilder note = new StringBuilder();
    private @Nullable WebSocketPool pool;
    private Sender[] targets = {};

    WspoolContender(ClientOptions options, String shape) {
        this.options = options;
        note.append(shape);
    }

    static Contender of(ClientOptions options) {
        return switch (options.mode) {
            case "polled" -> new PolledPool(options, Duration.ZERO);
            case "waiting" -> new PolledPool(options, Duration.ofMillis(10));
            case "sleeping", "block" -> new WspoolContender(options, "the caller parks");
            case "spinning" -> new SpinningPool(options);
            default -> throw options.noSuchMode();
        };
    }

    @Override
    public String version() {
        return "this build, Netty " + Versions.netty();
    }

    @Override
    public String note() {
        return note + ", " + NettyContender.transport();
    }

    LoopMode loopMode() {
        return LoopMode.SLEEPING;
    }

    @Override
    public void connect(Receiver receiver) throws Exception {
        WebSocketPoolBuilder builder = WebSocketPool.to(options.uri())
                .channels(options.channels)
                .mode(loopMode())
                .onMessage((channel, message) -> receive(receiver, channel, message))
                .listener(new Deaths(receiver));
        if (options.tls) {
            builder.sslContext(Trust.netty());
            note.append(", ").append(Trust.nettyProvider());
        }
        if (options.channels > BURST) {
            builder.budget(new BudgetSettings(options.channels, options.channels, BURST));
            note.append(", a larger attempt budget");
        }
        options.variants.forEach(variant -> vary(builder, variant));
        WebSocketPool made = builder.start();
        pool = made;
        awaitFull(made, PATIENCE.plusMillis(options.channels));
        if (options.variants.contains("nomask")) {
            NoMaskKeys.putInto(made.channels());
        }
        List<PooledChannel> channels = made.channels();
        targets = new Sender[options.channels];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = targets.length == 1 ? made : channels.get(i);
        }
    }

    private void vary(WebSocketPoolBuilder builder, String variant) {
        switch (variant) {
            case "pool4" -> {
                if (!options.work.equals("pp")) {
                    throw new IllegalArgumentException("variant pool4 is for ping-pong");
                }
                builder.channels(4);
                note.append(", a pool of 4 channels");
            }
            case "nomask" -> note.append(", masking keys of zero");
            case "probesoff" -> {
                builder.probe(ProbeSettings.OFF);
                note.append(", no probes");
            }
            default -> throw new IllegalArgumentException("wspool has no variant " + variant);
        }
    }

    void awaitFull(WebSocketPool made, Duration limit) throws Exception {
        made.awaitFull(limit);
    }

    void receive(Receiver receiver, PooledChannel channel, Message message) {
        int connection = targets.length == 1 ? 0 : channel.slot();
        if (message.isText()) {
            receiver.onText(connection);
        } else {
            ByteBuf content = message.content();
            receiver.onMessage(connection, content.getLong(content.readerIndex()), content.readableBytes());
        }
    }

    final WebSocketPool pool() {
        return Objects.requireNonNull(pool, "connected");
    }

    @Override
    public Outbox newOutbox() {
        return new PoolOutbox();
    }

    /** What is done while a channel's queue is full. */
    void awaitRoom() {
        LockSupport.parkNanos(this, BACK_PRESSURE_NANOS);
    }

    @Override
    public void close() {
        pool().close(DRAIN);
    }

    /** Sends from one buffer: the pool copies. */
    class PoolOutbox implements Outbox {
        private final ByteBuffer message = ByteBuffer.allocateDirect(options.bytes);

        @Override
        public void send(int connection, long sequence, boolean more) {
            message.putLong(0, sequence);
            Sender target = targets[connection];
            for (SendResult result = target.send(message);
                    result != SendResult.ACCEPTED;
                    result = target.send(message)) {
                awaitRoom(result);
            }
        }

        @Override
        public void sendText(int connection, String text) {
            Sender target = targets[connection];
            for (SendResult result = target.sendText(text);
                    result != SendResult.ACCEPTED;
                    result = target.sendText(text)) {
                awaitRoom(result);
            }
        }

        private void awaitRoom(SendResult refusal) {
            if (refusal != SendResult.BACK_PRESSURED) {
                throw new IllegalStateException("a send was refused: " + refusal);
            }
            WspoolContender.this.awaitRoom();
        }
    }

    /** A measurement does not go on over another connection. */
    private record Deaths(Receiver receiver) implements PoolListener {
        @Override
        public void onState(ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
            if (from == ChannelState.OPEN) {
                receiver.onEnd(channel.slot(), to + ", " + cause);
            }
        }

        @Override
        public void onStanding(ChannelSnapshot channel, Standing from, Standing to) {
            if (to == Standing.SUSPECT) {
                receiver.onSuspicion(channel.slot());
            }
        }
    }
}
