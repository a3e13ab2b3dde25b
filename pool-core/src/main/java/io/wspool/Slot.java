package io.wspool;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseAction;
import io.wspool.api.CloseCause;
import io.wspool.api.Outcome;
import io.wspool.api.SendResult;
import io.wspool.api.SlotSnapshot;
import io.wspool.api.SlotState;
import io.wspool.api.Standing;
import io.wspool.channel.ChannelLoop;
import io.wspool.channel.ChannelOwner;
import io.wspool.channel.WebSocketChannel;
import io.wspool.health.FallDetector;
import io.wspool.health.Staleness;
import io.wspool.loop.QueuedMessage;
import io.wspool.wire.CloseCodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place: it outlives its connections and keeps itself filled. All of it runs on the pool's home loop; what its channels tell comes
 * on their loops and is handed over. At most one live channel, one that is being dialled, and those that are leaving.
 */
final class Slot implements ChannelOwner {
    private final int index;
    private final Supervisor supervisor;
    private final ChannelLoop share;
    private List<WebSocketChannel> leaving = List.of(); // mostly nobody is: changed by replacing it

    // Written on the home loop, read by snapshots.
    private volatile SlotState state = SlotState.VACANT;
    private volatile @Nullable Tenure tenure;
    private volatile @Nullable CloseCause lastCause;
    private volatile int lives;
    private volatile int failures;

    private @Nullable WebSocketChannel dialling;
    private boolean replacingSuspect;
    private boolean skipTold; // of the live channel
    private boolean everFell;
    private long fellAt;
    private volatile @Nullable NextDial nextDial; // while a dial is planned or under way
    private @Nullable Succession succession; // while the place is recycled

    Slot(int index, Supervisor supervisor, ChannelLoop share) {
        this.index = index;
        this.supervisor = supervisor;
        this.share = share;
    }

    // Filling.

    /** Fills the place after {@code delayNanos}. */
    void fill(long delayNanos) {
        state = delayNanos > 0 ? SlotState.BACKING_OFF : SlotState.DIALLING;
        nextDial().in(delayNanos);
    }

    /** Dials a successor while the live channel goes on. */
    void replace(boolean forSuspicion) {
        state = SlotState.REPLACING;
        replacingSuspect = forSuspicion;
        nextDial().in(0);
    }

    /** The old channel is well again, or is gone: the successor is not needed, unless it is open already. */
    void cancelReplacement() {
        WebSocketChannel unneeded = dialling;
        if (state != SlotState.REPLACING || (unneeded != null && unneeded.state() != ChannelState.CONNECTING)) {
            return;
        }
        state = SlotState.LIVE;
        abandonDial("the channel to be replaced has recovered");
        if (unneeded == null) {
            supervisor.recycler().again();
        }
    }

    private void abandonDial(String why) {
        cancelDial();
        WebSocketChannel unneeded = dialling;
        if (unneeded != null) {
            dialling = null;
            leaves(unneeded);
            supervisor.endpoint().withdrawn(index);
            unneeded.loop().execute(() -> unneeded.cut(byUs(CloseCause.Kind.LOCAL_CLOSE, why)));
        }
    }

    private NextDial nextDial() {
        NextDial planned = nextDial;
        if (planned == null) {
            planned = new NextDial(supervisor, this);
            nextDial = planned;
        }
        return planned;
    }

    private void cancelDial() {
        NextDial planned = nextDial;
        if (planned != null) {
            nextDial = null;
            planned.cancel();
        }
    }

    /** The dial has opened its channel, or failed: the next in line may dial. */
    private void dialOver() {
        NextDial begun = nextDial;
        if (begun != null) {
            nextDial = null;
            begun.leaveLine();
        }
    }

    /** Goes on towards a dial: called whenever what it waits for may have come. */
    void goOn() {
        boolean wanted = state == SlotState.DIALLING || state == SlotState.REPLACING || state == SlotState.BACKING_OFF;
        if (!wanted || dialling != null || supervisor.closing()) {
            return;
        }
        if (state == SlotState.BACKING_OFF) {
            state = SlotState.DIALLING;
        }
        if (nextDial().mayBegin()) {
            dial();
        }
    }

    private void dial() {
        supervisor.endpoint().dialStarted(index);
        WebSocketChannel channel = supervisor.newChannel(index, share, this);
        dialling = channel;
        nextDial().begun();
        share.loop().execute(() -> channel.dial(supervisor.dialler()));
    }

    // What channels tell, on their loops.

    @Override
    public void onState(WebSocketChannel channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
        ChannelSnapshot snapshot = channel.snapshot();
        supervisor.user().event(listener -> listener.onState(snapshot, from, to, cause));
        boolean heard = channel.heard();
        supervisor.onHome(() -> {
            switch (to) {
                case OPEN -> opened(channel);
                case CLOSING -> ending(channel, cause, heard);
                case CLOSED -> {
                    ending(channel, cause, heard);
                    closed(channel, cause, snapshot.openFor().toNanos());
                }
                case CONNECTING -> throw new AssertionError(channel);
            }
        });
    }

    @Override
    public void onStanding(WebSocketChannel channel, Standing from, Standing to) {
        ChannelSnapshot snapshot = channel.snapshot();
        supervisor.user().event(listener -> listener.onStanding(snapshot, from, to));
        supervisor.onHome(() -> {
            Tenure now = tenure;
            if (now == null || channel != now.channel()) {
                return;
            }
            if (to == Standing.DRAINING) {
                supervisor.liveChanged(); // its user closes it: nobody shall pick it any more
            } else {
                supervisor.standingsChanged();
                suspicion(now, to == Standing.SUSPECT);
            }
        });
    }

    @Override
    public void onReady(WebSocketChannel channel) {
        supervisor.onHome(() -> ready(channel));
    }

    @Override
    public boolean panic() {
        return supervisor.dispatcher().panic();
    }

    @Override
    public SendResult move(QueuedMessage message, WebSocketChannel from) {
        return supervisor.move(message, from);
    }

    @Override
    public void owesWritable() {
        supervisor.onHome(supervisor::owesWritable);
    }

    // What follows, on the home loop.

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the home loop
    private void opened(WebSocketChannel channel) {
        if (channel != dialling) {
            return; // it was cancelled while it opened, and is being cut
        }
        dialOver();
        supervisor.lives().opened(lives > 0);
        lives++;
        supervisor.endpoint().opened(index);
    }

    /** Its live channel has proved itself. */
    void stable() {
        failures = 0;
        supervisor.endpoint().stable(index);
    }

    private void ready(WebSocketChannel channel) {
        if (channel != dialling || supervisor.closing() || channel.state() != ChannelState.OPEN) {
            return;
        }
        WebSocketChannel old = live();
        Tenure now = new Tenure(
                channel, Staleness.lifetimeNanos(supervisor.settings().recycle(), supervisor.chance()));
        dialling = null;
        tenure = now;
        skipTold = false;
        state = SlotState.LIVE;
        suspicion(now, channel.standing() == Standing.SUSPECT);
        supervisor.liveChanged();
        supervisor.tellOwedWritable(channel);
        if (old != null) {
            retire(old);
        }
        if (succession != null && succession.ready(channel)) {
            succession = null;
        }
        long stableAfter = supervisor.settings().reconnect().stableAfter().toNanos();
        long rest = Math.max(0, stableAfter - channel.load().openForNanos());
        supervisor.home().schedule(new Probation(supervisor, this, channel), rest);
        supervisor.recycler().watch(now.lifetimeNanos());
    }

    /** The old channel of a recycling leaves, its successor being ready, or there being no connection for one. */
    void retire(WebSocketChannel old) {
        succession = new Succession(supervisor, old);
        leaves(old);
        if (live() == old) {
            tenure = null;
            supervisor.endpoint().withdrawn(index); // its life gives no verdict any more
            state = SlotState.BACKING_OFF; // until it is closed; then it is filled at once
            supervisor.liveChanged();
        }
        long drainNanos = supervisor.settings().close().drain().toNanos();
        CloseCause why = byUs(CloseCause.Kind.RECYCLED, "replaced by a younger channel");
        old.loop().execute(() -> old.drain(why, drainNanos, Outcome.Reason.CHANNEL_CLOSED));
    }

    private void suspicion(Tenure of, boolean suspect) {
        if (of.becomes(suspect, supervisor.now())) {
            if (suspect) {
                supervisor.recycler().suspected();
            } else if (replacingSuspect) {
                cancelReplacement();
            }
        }
    }

    /** A channel has begun to end, or has ended: what next for the place? Once per channel. */
    private void ending(WebSocketChannel channel, @Nullable CloseCause told, boolean heard) {
        boolean wasLive = channel == live();
        if (!wasLive && channel != dialling) {
            return; // it was leaving already
        }
        CloseCause cause = told == null ? CloseCause.abnormal(CloseCause.Kind.END_OF_STREAM, "", null) : told;
        boolean replacing = state == SlotState.REPLACING;
        leaves(channel);
        lastCause = cause;
        supervisor.readiness().ended(cause);
        Aftermath aftermath = new Aftermath(supervisor, cause);
        judge(channel, wasLive, aftermath, heard);
        if (wasLive) {
            tenure = null;
            supervisor.liveChanged();
            CloseAction action = aftermath.action();
            if (replacing && action != CloseAction.HALT && action != CloseAction.LEAVE) {
                state = SlotState.DIALLING; // the successor is under way
                goOn();
                return;
            }
            if (replacing) {
                abandonDial("the channel to be replaced was closed for good");
            }
        } else {
            dialling = null;
            dialOver();
            if (tenure != null) {
                state = SlotState.LIVE;
                aftermath.holdEndpoint();
                supervisor.recycler().failed(aftermath.action(), failures);
                return;
            }
        }
        next(aftermath);
    }

    private void judge(WebSocketChannel channel, boolean wasLive, Aftermath aftermath, boolean heard) {
        long now = supervisor.now();
        // one that never became ready has served nobody, however long it was open
        boolean stable = wasLive
                && heard
                && channel.load().openForNanos()
                        >= supervisor.settings().reconnect().stableAfter().toNanos();
        if (!aftermath.byUs() && wasLive && (!everFell || now - fellAt >= FallDetector.WINDOW_NANOS)) {
            everFell = true;
            fellAt = now; // a storm is of many places: one that flaps counts once
            supervisor.endpoint().fell();
        }
        failures = aftermath.judge(index, stable);
    }

    private void next(Aftermath aftermath) {
        if (supervisor.closing()) {
            state = SlotState.VACANT;
            return;
        }
        CloseCause cause = aftermath.cause();
        CloseAction action = aftermath.action();
        switch (action) {
            case HALT -> {
                state = SlotState.HALTED;
                supervisor.user().event(listener -> listener.onHalted(index, cause));
                supervisor.stateChanged();
            }
            case LEAVE -> {
                state = SlotState.VACANT;
                supervisor.stateChanged();
            }
            default -> {
                aftermath.holdEndpoint();
                int attempt = failures;
                long delay = supervisor.endpoint().delayNanos(action, attempt);
                supervisor.user().event(listener -> listener.onRetry(index, attempt, cause, Duration.ofNanos(delay)));
                state = SlotState.BACKING_OFF;
                if (attempt == 0
                        && action == CloseAction.AT_ONCE
                        && !supervisor.endpoint().storm()) {
                    nextDial().inUnlessStorm(delay);
                } else {
                    nextDial().in(delay);
                }
            }
        }
    }

    private void closed(WebSocketChannel channel, @Nullable CloseCause cause, long openNanos) {
        leaving = leaving.stream().filter(other -> other != channel).toList();
        supervisor.lives().ended(cause, openNanos);
        if (succession != null && succession.closed(channel)) {
            succession = null;
        }
        supervisor.releaseConnection();
        boolean waitsForTime = nextDial != null && nextDial.waitsForTime();
        if (state == SlotState.BACKING_OFF && !waitsForTime && tenure == null && !supervisor.closing()) {
            fill(0); // broken before made
        }
        supervisor.recycler().again();
    }

    // The end, and others' questions.

    /** Ends what is under way and drains what is live. */
    void close(long drainNanos) {
        cancelDial();
        state = SlotState.VACANT;
        CloseCause why = byUs(CloseCause.Kind.LOCAL_CLOSE, "the pool is closing");
        WebSocketChannel unfinished = dialling;
        if (unfinished != null) {
            dialling = null;
            leaves(unfinished);
        }
        WebSocketChannel open = live();
        if (open != null) {
            tenure = null;
            leaves(open);
        }
        for (WebSocketChannel channel : leaving) {
            channel.loop().execute(() -> channel.drain(why, drainNanos, Outcome.Reason.CLOSED));
        }
    }

    /** Cuts whatever there is, the pool being closed. */
    void cutAll(CloseCause why) {
        close(0);
        for (WebSocketChannel channel : leaving) {
            channel.loop().execute(() -> channel.cut(why));
        }
    }

    /** Gives a halted or vacated place another chance. */
    void resume() {
        if ((state == SlotState.HALTED || state == SlotState.VACANT) && tenure == null && dialling == null) {
            failures = 0;
            supervisor.endpoint().forgive(index);
            fill(0);
        }
    }

    /** Cuts channels that have done their closing handshake and only wait for the peer to end TCP. */
    void cutClosing() {
        for (WebSocketChannel channel : leaving) {
            if (channel.state() == ChannelState.CLOSING) {
                channel.loop().execute(() -> {
                    if (channel.awaitsOnlyEnd()) {
                        channel.cut(byUs(CloseCause.Kind.LOCAL_CLOSE, "its place was needed"));
                    }
                });
            }
        }
    }

    Staleness.@Nullable Candidate candidate() {
        Tenure now = tenure;
        if (now == null || state != SlotState.LIVE || succession != null) {
            return null; // one recycling of a place at a time
        }
        return now.candidate(index, supervisor.now());
    }

    /** Tells once a life that the channel was due and left alone. */
    void tellSkipped() {
        Tenure now = tenure;
        if (now != null && !skipTold) {
            skipTold = true;
            ChannelSnapshot snapshot = now.channel().snapshot();
            supervisor.user().event(listener -> listener.onRecycleSkipped(snapshot));
        }
    }

    SlotSnapshot snapshot() {
        WebSocketChannel channel = live();
        NextDial planned = nextDial;
        return new SlotSnapshot(
                index,
                state,
                channel == null ? null : channel.snapshot(),
                Math.max(0, lives - 1),
                failures,
                lastCause,
                planned == null ? null : planned.plannedIn());
    }

    SlotState state() {
        return state;
    }

    @Nullable
    WebSocketChannel live() {
        Tenure now = tenure;
        return now == null ? null : now.channel();
    }

    private void leaves(WebSocketChannel channel) {
        List<WebSocketChannel> more = new ArrayList<>(leaving);
        more.add(channel);
        leaving = more;
    }

    private static CloseCause byUs(CloseCause.Kind kind, String detail) {
        return new CloseCause(kind, CloseCodes.NORMAL, "", false, detail, null);
    }
}
