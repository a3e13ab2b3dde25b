package io.wspool;

import io.netty.buffer.ByteBuf;
import io.wspool.api.AbstractSender;
import io.wspool.api.Check;
import io.wspool.api.CloseResult;
import io.wspool.api.Latency;
import io.wspool.api.LatencyStage;
import io.wspool.api.LoopMode;
import io.wspool.api.PoolSettings;
import io.wspool.api.PoolSnapshot;
import io.wspool.api.PoolState;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.api.WarmUpResult;
import io.wspool.channel.Load;
import io.wspool.channel.Source;
import io.wspool.channel.WebSocketChannel;
import io.wspool.loop.Loop;
import io.wspool.loop.Nap;
import io.wspool.loop.QueuedMessage;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps N parallel WebSocket channels to one service alive and sends every message over the healthiest live one.
 * <p><b>Threads:</b> every method may be called from any thread, also inside callbacks, except that {@link #poll} belongs to one
 * thread and that a callback may neither poll nor await.
 * <b>Sends</b> never wait and never throw for reasons of the network; see {@link io.wspool.api.Sender}. A message sent here may be
 * moved to another channel while it waits, and thereby overtake; one that is sent on a {@link PooledChannel} stays there.
 * <b>Truth:</b> every accepted message ends confirmed, not sent, or unknown, exactly once.
 */
public final class WebSocketPool extends AbstractSender implements AutoCloseable {
    private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(10);

    private final PoolSettings settings;
    private final Loop[] loops;
    private final Supervisor supervisor;
    private final Dispatcher dispatcher;
    private final Affinity affinity;
    private final Readiness readiness;
    private final Closer closer;
    private final WarmUp warmUp;

    WebSocketPool(
            PoolSettings settings,
            Loop[] loops,
            Supervisor supervisor,
            Dispatcher dispatcher,
            Affinity affinity,
            Readiness readiness,
            Closer closer,
            WarmUp warmUp) {
        this.settings = settings;
        this.loops = loops;
        this.supervisor = supervisor;
        this.dispatcher = dispatcher;
        this.affinity = affinity;
        this.readiness = readiness;
        this.closer = closer;
        this.warmUp = warmUp;
    }

    /**
     * Begins a pool to a service.
     *
     * @param uri {@code ws://host[:port]/path} or {@code wss://…}
     * @throws IllegalArgumentException if it is malformed
     */
    public static WebSocketPoolBuilder to(String uri) {
        Check.notNull("uri", uri);
        try {
            return to(new URI(uri));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("uri=" + WebSocketPoolBuilder.redacted(uri) + " must be a URI: "
                    + e.getReason()); // JDKs differ in the index
        }
    }

    /** Begins a pool to a service. */
    public static WebSocketPoolBuilder to(URI uri) {
        return new WebSocketPoolBuilder(Check.notNull("uri", uri));
    }

    // Sending.

    @Override
    protected SendResult offer(ByteBuf source, boolean text, boolean hasToken, long token) {
        int length = source.readableBytes();
        return offer(Source.BYTE_BUF, source, source.readerIndex(), length, text, hasToken, token);
    }

    @Override
    protected SendResult offer(ByteBuffer source, boolean hasToken, long token) {
        return offer(Source.BYTE_BUFFER, source, source.position(), source.remaining(), false, hasToken, token);
    }

    @Override
    protected SendResult offer(byte[] source, int offset, int length, boolean hasToken, long token) {
        return offer(Source.ARRAY, source, offset, length, false, hasToken, token);
    }

    private <S> SendResult offer(
            Source<S> kind, S source, int index, int length, boolean text, boolean hasToken, long token) {
        WebSocketChannel channel = dispatcher.pick(length);
        if (channel == null) {
            return nobody(length);
        }
        SendResult result = channel.sends().offer(kind, source, index, length, text, hasToken, token, true);
        return settled(result)
                ? result
                : elsewhere(
                        channel,
                        length,
                        result,
                        other -> other.sends().offer(kind, source, index, length, text, hasToken, token, true));
    }

    @Override
    protected SendResult offer(CharSequence source, boolean hasToken, long token) {
        int length = QueuedMessage.utf8Length(source);
        WebSocketChannel channel = dispatcher.pick(length);
        if (channel == null) {
            return nobody(length);
        }
        SendResult result = channel.sends().offer(source, length, hasToken, token, true);
        return settled(result)
                ? result
                : elsewhere(
                        channel, length, result, other -> other.sends().offer(source, length, hasToken, token, true));
    }

    private SendResult elsewhere(WebSocketChannel picked, int length, SendResult refusal, Dispatcher.Attempt attempt) {
        SendResult result = dispatcher.elsewhere(picked, refusal, attempt);
        if (result == SendResult.BACK_PRESSURED) {
            dispatcher.debtor(picked).sends().owe(length); // once, however many have refused
        }
        return result;
    }

    private boolean settled(SendResult result) {
        return result == SendResult.ACCEPTED || result == SendResult.TOO_LARGE || supervisor.closing();
    }

    private SendResult nobody(int length) {
        if (length > settings.limits().maxSendBytes()) {
            return SendResult.TOO_LARGE;
        }
        return supervisor.closing() ? SendResult.CLOSED : SendResult.NO_LIVE_CHANNEL;
    }

    /** The healthiest live channel now, or null when nothing is live. What is sent on it stays on it. No allocation. */
    public @Nullable PooledChannel pick() {
        WebSocketChannel channel = dispatcher.pick(0);
        return channel != null && Load.usable(channel.load().flags()) ? channel : null;
    }

    /**
     * The channel that serves a key now, or null when nothing is live. A key has a home place; while that has no live channel the
     * next in the key's own ranking serves it, and it returns when its home is live again. Each move of a key that has been
     * asked for is told as an event, for up to 65,536 keys. Allocates a little; keep the channel for a burst of messages.
     */
    public @Nullable PooledChannel channel(long key) {
        return affinity.channel(key);
    }

    /** The live channels, in the order of their places. Allocates. */
    public List<PooledChannel> channels() {
        return List.of(dispatcher.live());
    }

    // Waiting.

    /**
     * Waits for the first live channel. The owner of a caller-polled pool polls meanwhile.
     *
     * @throws TimeoutException if none is live by then; its message names what is missing
     * @throws IllegalStateException if none can come: every place is halted, or the pool is closed; or on a loop of the pool,
     *     which would wait for itself
     */
    public void awaitReady(Duration limit) throws InterruptedException, TimeoutException {
        await(false, limit);
    }

    /** Waits until every place is live. Otherwise as {@link #awaitReady}. */
    public void awaitFull(Duration limit) throws InterruptedException, TimeoutException {
        await(true, limit);
    }

    /** Completed, on the home loop, when a channel is live; at once if one is. Fails when none can come. */
    public CompletionStage<@Nullable Void> ready() {
        return readiness.when(false).minimalCompletionStage();
    }

    /** Completed, on the home loop, when every place is live. Otherwise as {@link #ready}. */
    public CompletionStage<@Nullable Void> full() {
        return readiness.when(true).minimalCompletionStage();
    }

    private void await(boolean everyone, Duration limit) throws InterruptedException, TimeoutException {
        Check.notNegative("limit", limit);
        if (onAnyLoop()) {
            throw new IllegalStateException("awaiting on a loop of the pool would keep it from what is awaited");
        }
        if (settings.mode() != LoopMode.CALLER_POLLED || !loops[0].isOwner()) {
            readiness.await(everyone, limit, whoPolls());
            return;
        }
        long since = loops[0].nanoTime();
        while (!readiness.holds(everyone)) {
            long rest = limit.toNanos() - (loops[0].nanoTime() - since);
            if (rest <= 0) {
                throw readiness.timeout(everyone, limit, "");
            }
            if (loops[0].turn(0) == 0) {
                Nap.take(rest);
            }
        }
    }

    private String whoPolls() {
        if (settings.mode() != LoopMode.CALLER_POLLED) {
            return "";
        }
        Thread owner = loops[0].owner();
        return owner == null
                ? "; nobody has called poll() yet"
                : "; its owner, thread " + owner.getName() + ", must go on calling poll()";
    }

    // Warming up.

    /** As {@link #warmUp(Duration)}, for at most 10 s. */
    public WarmUpResult warmUp() {
        return warmUp(WARM_UP_LIMIT);
    }

    /**
     * Makes the first messages nearly as quick as later ones; best called when channels are live, before the first send. Takes a second
     * or three, in which this thread and the echo's keep two cores busy. May be called again.
     * <p>First a rehearsal: some 22,000 messages of 64 bytes, of every kind, go through private pools with this one's mode, transport,
     * dispatch, probes and latencies to an echo on 127.0.0.1, so that classes are loaded and the hot code is compiled. Nothing of it
     * counts or is heard in this pool. Then this pool's own parts: its loops touch their buffers, each live channel is sent one
     * ping (none if probes are off), the dispatcher chooses. For {@code wss} the rehearsal is plain {@code ws}: records of TLS are
     * not rehearsed, only what the real channels' handshakes and pings have done.
     * <p>Any thread, except in a callback. In mode {@code CALLER_POLLED} the owner polls meanwhile, so callbacks may run inside. From
     * another thread, and before the first poll, the rehearsal is the same, and the pool's own parts are done at the owner's next
     * poll. What cannot be done is no failure of the pool: on time-out, interruption (which stays set), no loopback, or when the
     * pool is closed, the result is not {@code whole} and says why, as does one line in the log.
     *
     * @param limit for the rehearsal; its pools may take 0.4 s more to close
     * @throws IllegalStateException inside a callback, whose loop would stand still meanwhile
     */
    public WarmUpResult warmUp(Duration limit) {
        Check.notNegative("limit", limit);
        if (onAnyLoop()) {
            throw new IllegalStateException("a warm-up on a loop of the pool would keep it from its work");
        }
        boolean polls = settings.mode() == LoopMode.CALLER_POLLED && loops[0].isOwner();
        return warmUp.run(limit, polls ? () -> closer.poll(0) : () -> {});
    }

    // Driving.

    /**
     * Serves the pool once without sleeping. Mode {@code CALLER_POLLED} only. The first thread that calls it owns the pool for
     * ever. Callbacks run inside.
     *
     * @return how much was done; 0 when nothing was there
     * @throws IllegalStateException from another thread, inside a callback, or in another mode
     */
    public int poll() {
        return drive(0);
    }

    /**
     * As {@link #poll()}, but sleeps in the selector until something is there, at most so long. If the thread is interrupted it stays
     * so, and over NIO does not sleep; but one that is interrupted while it sleeps there wakes up and is not interrupted any more,
     * because Netty clears that. Over epoll it sleeps on, and stays interrupted.
     */
    public int poll(Duration maxWait) {
        return drive(Check.notNegative("maxWait", maxWait).toNanos());
    }

    private int drive(long maxWaitNanos) {
        Loop loop = callerPolled("poll");
        if (!loop.isOwner()) {
            loop.claim();
            requireOwner(loop, "poll");
        }
        boolean interrupted = maxWaitNanos > 0 && Thread.currentThread().isInterrupted();
        try {
            return closer.poll(maxWaitNanos);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt(); // Netty's loop over NIO clears it
            }
        }
    }

    /**
     * Begins or ends a batch of the owner's sends: while {@code corked}, a send outside a callback is encoded and waits, so that many
     * messages leave in one write. {@link #flush} writes them, as do the next {@link #poll}, {@code corked(false)}, a send
     * buffer that is full (64 KiB), and the use of more than 16 channels; on plain {@code ws} 12 KiB or a little more do, once after
     * each poll that does not sleep, if the poll before it found nothing. All that leaves in one write is measured from the first of the batch.
     * Mode {@code CALLER_POLLED} only; inside callbacks sends are a batch anyway.
     *
     * @throws IllegalStateException from another thread than the one that polls, before the first poll, or in another mode
     */
    public void corked(boolean corked) {
        Loop loop = callerPolled("corked");
        requireOwner(loop, "cork");
        loop.corked(corked);
        if (!corked) {
            loop.flush();
        }
    }

    /** Writes what was sent and waits for its write: one system call for each channel that was used. Otherwise as {@link #corked}. */
    public void flush() {
        Loop loop = callerPolled("flush");
        requireOwner(loop, "flush");
        loop.flush();
    }

    private Loop callerPolled(String method) {
        if (settings.mode() != LoopMode.CALLER_POLLED) {
            throw new IllegalStateException(method + "() is for mode CALLER_POLLED; this pool is " + settings.mode());
        }
        return loops[0];
    }

    private static void requireOwner(Loop loop, String verb) {
        if (!loop.isOwner()) {
            Thread owner = loop.owner();
            throw new IllegalStateException("thread " + Thread.currentThread().getName() + " may not " + verb
                    + (owner == null ? ": nobody has polled yet" : ": thread " + owner.getName() + " owns this pool"));
        }
    }

    // Asking and telling.

    /** The pool as a whole. Any thread; no allocation. */
    public PoolState state() {
        return supervisor.state();
    }

    /** Figures of this moment. The account adds up exactly. Any thread; never waits; allocates. */
    public PoolSnapshot snapshot() {
        return supervisor.snapshot();
    }

    /** Round trips of all channels, past and present, as HdrHistogram's percentile distribution in microseconds. */
    public String rttHgrm() {
        return latency().hgrm(LatencyStage.PONG);
    }

    /** Latencies of all channels, past and present, stage by stage. Any thread; also after the end. */
    public Latency latency() {
        return supervisor.latency();
    }

    /** Replaces the channel whose last useful activity is oldest, when nothing else is being replaced. Returns at once. */
    public void recycleStalest() {
        loops[0].execute(() -> supervisor.recycler().ask());
    }

    /** Dials again what was given up (HALTED) or left vacant. Returns at once. */
    public void resume() {
        loops[0].execute(supervisor::resume);
    }

    // Ending.

    /**
     * Drains and closes with the times of the settings, and waits for the end; on a loop of the pool it starts the end and
     * returns.
     */
    @Override
    public void close() {
        close(settings.close().drain());
    }

    /**
     * Closes: takes nothing new, writes what waits, has it confirmed by a final ping, then says Close. Ends by {@code drain} and the
     * closing handshake's time; what is queued then is {@code NOT_SENT(CLOSED)}. Waits for the end, except on a loop of the
     * pool, where it starts it and returns what is known so far. May be called again.
     * <p>A callback that does not return keeps its loop's thread: two seconds after those times the result is
     * {@link CloseResult.End#STARTED}, with the thread's name, and the end comes when the callback has returned.
     * <p>In mode {@code CALLER_POLLED} the owner polls meanwhile. Another thread waits for the owner's polls; half a second after
     * those times the sockets are shut without it, and the result is {@link CloseResult.End#OWNER_ABSENT}.
     */
    public CloseResult close(Duration drain) {
        return closer.close(Check.notNegative("drain", drain), onAnyLoop());
    }

    /** Completed when everything is closed and told. */
    public CompletionStage<CloseResult> closed() {
        return closer.closed().minimalCompletionStage();
    }

    private boolean onAnyLoop() {
        for (Loop loop : loops) {
            if (loop.isCurrent()) {
                return true;
            }
        }
        return false;
    }

    /** The settings in force; where several pools share an {@link AttemptBudget}, it has its own instead of {@code budget()}. */
    public PoolSettings settings() {
        return settings;
    }

    @Override
    public String toString() {
        return "WebSocketPool[" + settings.name() + ", " + supervisor.state() + "]";
    }
}
