package io.wspool.channel;

import io.netty.buffer.ByteBuf;
import io.wspool.api.AbstractSender;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.Latency;
import io.wspool.api.LatencyStage;
import io.wspool.api.Outcome;
import io.wspool.api.PoolSettings;
import io.wspool.api.PooledChannel;
import io.wspool.api.RttFigures;
import io.wspool.api.SendResult;
import io.wspool.api.Standing;
import io.wspool.health.RttEstimator;
import io.wspool.loop.Loop;
import io.wspool.loop.LoopMember;
import io.wspool.loop.QueuedMessage;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection, one life: dialled, opened, drained, closed, never used again.
 * <p><b>Threads:</b> everything about it changes on its loop; others may call the methods of {@link PooledChannel} and read what dispatch
 * needs ({@link #standing}, {@link #load}). <b>A send</b> goes by {@link SendPath} to {@link Outbound}. {@link #become} changes the state.
 */
public final class WebSocketChannel extends AbstractSender implements PooledChannel, LoopMember {
    private final long id;
    private final int slot;
    private final PoolSettings settings;
    private final ChannelLoop share;
    private final ChannelOwner owner;
    private final UserCalls user;
    private final Ledger ledger;
    private final ChannelLatency latency;
    private final Outbound out;
    private final Ending ending;
    private final Liveness liveness;
    private final Inbound in;
    private final Load load;
    private final SendPath sends;
    private final Notices notices;

    private volatile ChannelState state = ChannelState.CONNECTING;
    private volatile Standing standing = Standing.WARM;
    private volatile boolean pinned;
    private volatile @Nullable String subprotocol;
    private volatile @Nullable Figures figures; // with the first thing to tell

    private @Nullable Opening opening; // from the dial until it is ready
    private @Nullable DirectReads reads;
    private boolean tls;
    private boolean useful;

    /**
     * A channel that is not dialled yet.
     *
     * @param id unique within the pool
     * @param slot its place
     * @param owner hears of it
     */
    public WebSocketChannel(
            long id, int slot, PoolSettings settings, ChannelLoop share, ChannelOwner owner, UserCalls user) {
        this.id = id;
        this.slot = slot;
        this.settings = settings;
        this.share = share;
        this.owner = owner;
        this.user = user;
        RttEstimator rtt = new RttEstimator();
        this.load = new Load(share.loop, settings.limits(), rtt);
        this.ledger = new Ledger(this, user, load);
        this.latency = new ChannelLatency(share, settings.latency());
        this.out = new Outbound(
                this, share, ledger, load, latency, settings.limits().fragmentBytes());
        this.notices = new Notices(this, user, ledger, out, load, settings.channels());
        this.liveness = new Liveness(this, share, out, ledger, load, latency, rtt);
        this.ending = new Ending(this, share, out, ledger, liveness);
        this.in = new Inbound(this, share, user, out, liveness, ending);
        this.sends = new SendPath(this, share, settings.limits(), ledger, out, load, latency);
    }

    // Sending.

    /** Offers from any thread: to this channel bound, or as what the pool may later move to another one. */
    public SendPath sends() {
        return sends;
    }

    @Override
    protected SendResult offer(ByteBuf source, boolean text, boolean hasToken, long token) {
        return sends.offer(
                Source.BYTE_BUF, source, source.readerIndex(), source.readableBytes(), text, hasToken, token, false);
    }

    @Override
    protected SendResult offer(ByteBuffer source, boolean hasToken, long token) {
        return sends.offer(
                Source.BYTE_BUFFER, source, source.position(), source.remaining(), false, hasToken, token, false);
    }

    @Override
    protected SendResult offer(byte[] source, int offset, int length, boolean hasToken, long token) {
        return sends.offer(Source.ARRAY, source, offset, length, false, hasToken, token, false);
    }

    @Override
    protected SendResult offer(CharSequence source, boolean hasToken, long token) {
        return sends.offer(source, QueuedMessage.utf8Length(source), hasToken, token, false);
    }

    // On the loop.

    /** Whether waiting messages must not be encoded: the channel is suspect and another one is eligible. */
    boolean held() {
        return standing == Standing.SUSPECT && !owner.panic();
    }

    @Override
    public void flush() {
        try {
            liveness.beforeFlush();
        } finally {
            out.flush(); // whatever happened, or nothing would ever leave again
        }
        if (useful) {
            useful = false;
            load.useful();
            heat();
        }
        publish();
        if (ending.draining()) {
            share.loop.atEndOfTurn(ending::progress);
        }
        notices.writable();
        notices.tokens();
    }

    /** Application data has passed: while turns do not sleep this socket is read before the selector is asked. */
    private void heat() {
        if (reads == null && state != ChannelState.CLOSED) {
            reads = DirectReads.of(share, out.transport(), tls); // an idle channel owns none
        }
        if (reads != null && state != ChannelState.CLOSED) {
            share.loop.hot().heat(reads);
        }
    }

    @Override
    public long tick(long servedNanos) {
        return liveness.tick(servedNanos);
    }

    void ticked() {
        if (standing == Standing.SUSPECT && out.hasWaiting()) {
            if (owner.panic()) {
                out.drainWaiting();
            } else {
                notices.move(); // another channel may have room by now
            }
        }
        out.wantFlush();
    }

    private void publish() {
        latency.publish();
        load.publish(liveness, ledger);
        publishFigures();
    }

    void publishFigures() {
        Figures told = figures;
        if (told == null) {
            if (Figures.none(liveness, ledger, in)) {
                return;
            }
            told = new Figures();
            figures = told;
        }
        told.publish(share.part, liveness, ledger, in);
    }

    // What Outbound, Inbound, Liveness, Ending and Dial tell.

    void usefulActivity() {
        useful = true;
    }

    /** The kernel has taken everything that was encoded. */
    void taken() {
        liveness.taken();
    }

    void refused() {
        liveness.lookAfter(share.loop.servedTurnNanos());
    }

    void confirmed() {
        load.refreshed();
        out.wantFlush();
        notices.tokens();
    }

    boolean isOver() {
        return state == ChannelState.CLOSED;
    }

    boolean mayBeSuspected() {
        return state == ChannelState.OPEN && (standing == Standing.GOOD || standing == Standing.WARM);
    }

    void suspected() {
        stand(Standing.SUSPECT);
        notices.move();
    }

    void recovered() {
        stand(load.warm() ? Standing.WARM : Standing.GOOD);
        out.drainWaiting();
    }

    /** The only method that changes {@link #standing}. Loop only. */
    void stand(Standing next) {
        Standing from = standing;
        if (from == next || from == Standing.DRAINING) {
            return;
        }
        standing = next;
        load.standing(isUsable(), next == Standing.SUSPECT);
        out.wantFlush();
        share.loop.atEndOfTurn(() -> owner.onStanding(this, from, next));
    }

    /** The only method that changes {@link #state}. Loop only; refuses before it changes anything. */
    void become(ChannelState next, @Nullable CloseCause why) {
        ChannelState from = state;
        if (from == ChannelState.CLOSED) {
            return; // a cut ends twice: ours, then the transport's
        }
        if (!from.canBecome(next)) {
            throw new IllegalStateException(name() + ": " + from + " -> " + next + " is no legal step, cause " + why);
        }
        ending.because(why);
        state = next; // volatile: senders read it from their own threads
        load.standing(isUsable(), standing == Standing.SUSPECT);
        if (next == ChannelState.CLOSED) {
            ending.stopTimer();
            share.loop.afterNextPass(() -> settle(from)); // until then the descriptor may still be open, and sending
        } else {
            CloseCause told = why;
            share.loop.atEndOfTurn(() -> owner.onState(this, from, next, told));
        }
    }

    private void settle(ChannelState from) {
        boolean closed = ending.transportIsClosed();
        if (!closed && share.loop.doesIo()) {
            share.loop.afterNextPass(() -> settle(from)); // io_uring: the kernel has not yet said what it took
            return;
        }
        ending.settled();
        if (reads != null) {
            share.loop.hot().cool(reads);
        }
        int untaken = out.end(!tls && closed);
        ledger.end(untaken, liveness.confirms() ? Outcome.Reason.CHANNEL_CLOSED : Outcome.Reason.NO_WATERMARK);
        unsent().end();
        publish();
        latency.ended();
        load.gone();
        if (load.takeDebt()) {
            owner.owesWritable();
        }
        owner.onState(this, from, ChannelState.CLOSED, ending.cause());
    }

    /** Ends at once; nothing that the kernel still holds is sent. Loop only. */
    public void cut(CloseCause why) {
        if (opening != null) {
            opening.abandon();
            opening = null;
        }
        ending.cut(why);
    }

    // Opening.

    /** Starts the dial. Loop only. */
    public void dial(Dialler dialler) {
        opening = new Opening(this, share, settings, user, out, liveness, load);
        opening.dial(dialler);
    }

    /** The 101 was verified; {@link Opening} goes on from here. */
    void upgraded(@Nullable String chosen, boolean secure) {
        subprotocol = chosen;
        tls = secure;
    }

    void dialFailed(CloseCause why) {
        opening = null;
        ending.end(why);
    }

    void becameReady() {
        opening = null;
        owner.onReady(this);
    }

    Inbound inbound() {
        return in;
    }

    void silent() {
        if (state == ChannelState.OPEN) {
            liveness.silent();
        }
    }

    // The door's and the user's requests.

    /** Leaves in order: drains, then closes. Loop only. */
    public void drain(CloseCause why, long drainNanos, Outcome.Reason reasonOfRest) {
        if (opening != null && opening.isDialling()) {
            cut(why);
        } else {
            ending.drain(why, drainNanos, reasonOfRest);
        }
    }

    @Override
    public void close(int code, String reason) {
        CloseCause why = Ending.closedByUser(code, reason);
        share.loop.execute(() -> drain(why, settings.close().drain().toNanos(), Outcome.Reason.CHANNEL_CLOSED));
    }

    @Override
    public void ready() {
        if (settings.manualReady()) {
            share.loop.execute(() -> {
                if (opening != null) {
                    opening.ready();
                }
            });
        }
    }

    /** Asks for one probe, because the estimate is old. Any thread; cheap when asked again. */
    public void refresh() {
        if (load.askRefresh()) {
            share.loop.execute(() -> {
                if (state != ChannelState.OPEN || !liveness.refresh()) {
                    load.refreshed(); // no ping went: it may be asked for again
                }
            });
        }
    }

    /** Asks the peer for an answer, unless probes are off. Any thread. */
    public void ask() {
        share.loop.execute(() -> {
            if (state == ChannelState.OPEN) {
                liveness.ask();
            }
        });
    }

    // Facts.

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return settings.name() + "/" + slot;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public ChannelState state() {
        return state;
    }

    @Override
    public Standing standing() {
        return standing;
    }

    @Override
    public @Nullable CloseCause closeCause() {
        return ending.cause();
    }

    @Override
    public @Nullable String subprotocol() {
        return subprotocol;
    }

    @Override
    public void pinned(boolean pin) {
        pinned = pin;
    }

    @Override
    public boolean pinned() {
        return pinned;
    }

    /** Whether new messages may go here: open, and not leaving. Any thread. */
    public boolean isUsable() {
        return state == ChannelState.OPEN && standing != Standing.DRAINING;
    }

    /** What dispatch reads. */
    public Load load() {
        return load;
    }

    /** The channel's loop. */
    public Loop loop() {
        return share.loop;
    }

    @Override
    public Latency latency() {
        return latency.view();
    }

    RttFigures rtt() {
        return latency.rtt();
    }

    @Override
    public boolean replied(long token) {
        return latency.replied(token);
    }

    /** Whether a complete frame has come in this life. Loop only. */
    public boolean heard() {
        return in.heard();
    }

    /**
     * Whether nothing is to come from the peer but the end of TCP: our Close is written, and its own has come or, where it broke
     * the protocol, is not waited for. Loop only.
     */
    public boolean awaitsOnlyEnd() {
        return ending.awaitsOnlyEnd();
    }

    /** How it ends. */
    Ending ending() {
        return ending;
    }

    /** What becomes of messages that are not encoded here. */
    Unsent unsent() {
        return new Unsent(this, share, ledger, load, out);
    }

    /** What it tells upward, on its loop. */
    Notices notices() {
        return notices;
    }

    PoolSettings settings() {
        return settings;
    }

    ChannelOwner owner() {
        return owner;
    }

    @Override
    public String rttHgrm() {
        return latency.view().hgrm(LatencyStage.PONG);
    }

    @Override
    public ChannelSnapshot snapshot() {
        return Figures.snapshot(figures, this, user);
    }

    @Override
    public String toString() {
        return name() + "#" + id + " " + Objects.toString(state);
    }
}
