package io.wspool;

import io.wspool.api.BreakerState;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.PoolSettings;
import io.wspool.api.PoolSnapshot;
import io.wspool.api.PoolState;
import io.wspool.api.RttFigures;
import io.wspool.api.SendResult;
import io.wspool.api.SlotSnapshot;
import io.wspool.api.SlotState;
import io.wspool.api.Standing;
import io.wspool.channel.ChannelLoop;
import io.wspool.channel.Dialler;
import io.wspool.channel.UserCalls;
import io.wspool.channel.WebSocketChannel;
import io.wspool.loop.Chance;
import io.wspool.loop.Loop;
import io.wspool.loop.QueuedMessage;
import io.wspool.measure.Latencies;
import io.wspool.measure.LatencyRecorders;
import io.wspool.measure.Totals;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The pool's own state: places, connections, breaker, what is live. It lives on the home loop, the first of the pool's; what other
 * threads may call says so. Senders meet it only in the {@link Dispatcher}'s array.
 */
final class Supervisor {
    private final PoolSettings settings;
    private final Loop home;
    private final Dialler dialler;
    private final UserCalls user;
    private final Dispatcher dispatcher;
    private final Endpoint endpoint;
    private final Chance chance;
    private final Recycler recycler;
    private final Totals totals;
    private final Readiness readiness;
    private final Slot[] slots;
    private final Latencies latency;
    private final ArrayDeque<Slot> wantConnection = new ArrayDeque<>();
    private volatile PoolState state = PoolState.STARTING;
    private volatile boolean closing;
    private volatile boolean panic;
    private volatile int connections;
    private final Lives lives = new Lives();
    private long lastId;
    private boolean owesWritable;
    private boolean draining;
    private Runnable whenEmpty = () -> {};

    Supervisor(
            PoolSettings settings,
            ChannelLoop[] loops,
            Dialler dialler,
            UserCalls user,
            Dispatcher dispatcher,
            AttemptBudget budget,
            Chance chance,
            Totals totals,
            Readiness readiness) {
        this.settings = settings;
        this.home = loops[0].loop();
        this.dialler = dialler;
        this.user = user;
        this.dispatcher = dispatcher;
        String hostAndPort = dialler.request().host() + ":" + dialler.request().port();
        this.endpoint = new Endpoint(this, hostAndPort, settings, budget, chance);
        this.chance = chance;
        this.totals = totals;
        this.readiness = readiness;
        this.recycler = new Recycler(this, settings);
        this.latency = new Latencies(
                Arrays.stream(loops).map(ChannelLoop::latency).toArray(LatencyRecorders[]::new),
                settings.latency().expectedInterval().toNanos(),
                home::nanoTime,
                loops[0].environment()::epochMillis);
        this.slots = new Slot[settings.channels()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot(i, this, loops[i % loops.length]);
        }
    }

    // The door's requests, on the home loop.

    void start() {
        for (Slot slot : slots) {
            slot.fill(0);
        }
    }

    void resume() {
        if (closing) {
            return;
        }
        for (Slot slot : slots) {
            slot.resume();
        }
        stateChanged();
    }

    /** Starts the end; {@code whenEmpty} runs when the last descriptor is closed. A further call can only shorten the drain. */
    void close(long drainNanos, Runnable whenEmpty) {
        if (!draining) {
            draining = true;
            this.whenEmpty = whenEmpty;
        }
        wantConnection.clear();
        for (Slot slot : slots) {
            slot.close(drainNanos);
        }
        liveChanged();
        checkEmpty();
    }

    /** Cuts whatever there is. */
    void cutAll(CloseCause why) {
        for (Slot slot : slots) {
            slot.cutAll(why);
        }
        checkEmpty();
    }

    /** Everything has ended. */
    void closed() {
        stateChangedTo(PoolState.CLOSED);
    }

    // Connections.

    /** Takes a connection under the limit for a dial; false: the place is called when one has ended. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the home loop
    boolean takeConnection(Slot slot) {
        if (hasFreeConnection()) {
            connections++;
            return true;
        }
        if (!wantConnection.contains(slot)) {
            wantConnection.addLast(slot);
        }
        for (Slot other : slots) {
            other.cutClosing();
        }
        return false;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the home loop
    void releaseConnection() {
        connections--;
        while (hasFreeConnection() && !wantConnection.isEmpty()) {
            wantConnection.removeFirst().goOn(); // which may not want it any more: then the next one is called
        }
        checkEmpty();
    }

    boolean hasFreeConnection() {
        return connections < settings.maxConnections();
    }

    private void checkEmpty() {
        if (closing && connections == 0 && draining) {
            Runnable then = whenEmpty;
            whenEmpty = () -> {};
            then.run();
        }
    }

    // What places ask and tell.

    WebSocketChannel newChannel(int slot, ChannelLoop share, Slot owner) {
        return new WebSocketChannel(++lastId, slot, settings, share, owner, user);
    }

    void noLongerWants(Slot slot) {
        wantConnection.remove(slot);
    }

    void breakerMoved(BreakerState from, BreakerState to) {
        user.event(listener -> listener.onBreaker(from, to));
        stateChanged();
        wakeDiallers();
    }

    /** Places that wait for the breaker may go on. */
    void wakeDiallers() {
        if (endpoint.mayDial()) {
            for (Slot slot : slots) {
                if (slot.state() == SlotState.DIALLING || slot.state() == SlotState.REPLACING) {
                    slot.goOn();
                }
            }
        }
    }

    Lives lives() {
        return lives;
    }

    void liveChanged() {
        List<WebSocketChannel> live = new ArrayList<>(slots.length);
        for (Slot slot : slots) {
            WebSocketChannel channel = slot.live();
            if (channel != null && channel.isUsable() && !closing) {
                live.add(channel);
            }
        }
        int before = dispatcher.live().length;
        dispatcher.live(live.toArray(new WebSocketChannel[0]));
        if (closing) {
            dispatcher.live(new WebSocketChannel[0]); // it may have begun meanwhile
        }
        if (before > 0 && live.isEmpty() && !closing) {
            user.event(listener -> listener.onOutage());
        }
        standingsChanged();
        stateChanged();
    }

    void standingsChanged() {
        boolean now = dispatcher.live().length > 0 && dispatcher.panic() && anySuspect();
        if (now != panic) {
            panic = now;
            user.event(listener -> listener.onPanic(now));
        }
    }

    boolean anySuspect() {
        for (WebSocketChannel channel : dispatcher.live()) {
            if (channel.standing() == Standing.SUSPECT) {
                return true;
            }
        }
        return false;
    }

    void stateChanged() {
        int live = dispatcher.live().length;
        PoolState next;
        if (closing) {
            next = PoolState.CLOSING;
        } else if (endpoint.breaker() != BreakerState.CLOSED) {
            next = PoolState.DEGRADED;
        } else if (live == 0) {
            next = PoolState.STARTING;
        } else {
            next = live < slots.length ? PoolState.PARTIAL : PoolState.FULL;
        }
        stateChangedTo(next);
    }

    private void stateChangedTo(PoolState next) {
        PoolState from = state;
        if (from != next && from != PoolState.CLOSED) {
            state = next;
            user.event(listener -> listener.onPoolState(from, next));
        }
        readiness.changed(dispatcher.live().length, allHalted(), closing);
    }

    private boolean allHalted() {
        for (Slot slot : slots) {
            if (slot.state() != SlotState.HALTED) {
                return false;
            }
        }
        return true;
    }

    /** A channel takes nothing more while a refused sender was still to hear of room: one that is live, or will be, tells it. */
    void owesWritable() {
        for (WebSocketChannel channel : dispatcher.live()) {
            if (channel.isUsable() && (channel.standing() != Standing.SUSPECT || dispatcher.panic())) {
                channel.sends().owe(0); // it tells when it has room, which may be now
                return;
            }
        }
        owesWritable = true;
    }

    void tellOwedWritable(WebSocketChannel channel) {
        if (owesWritable) {
            owesWritable = false;
            channel.loop().execute(() -> user.writable(channel));
        }
    }

    // Any thread.

    /** Picks another channel for a waiting message of {@code from}; on the loop of that. */
    SendResult move(QueuedMessage message, WebSocketChannel from) {
        if (closing) {
            return SendResult.CLOSED;
        }
        int length = message.length;
        boolean hasToken = message.hasToken;
        boolean fromDead = from.state() != ChannelState.OPEN;
        SendResult result = SendResult.NO_LIVE_CHANNEL;
        WebSocketChannel[] live = dispatcher.live();
        boolean evenSuspect = fromDead && dispatcher.panic();
        WebSocketChannel best = null;
        long bestCost = Long.MAX_VALUE;
        for (WebSocketChannel channel : live) {
            if (channel != from && channel.sends().takes(length, evenSuspect)) {
                long cost = channel.load().costNanos(length);
                if (cost < bestCost) {
                    best = channel;
                    bestCost = cost;
                }
            } else if (channel != from && channel.isUsable()) {
                result = SendResult.BACK_PRESSURED;
            }
        }
        if (best == null) {
            return result;
        }
        message.moves++;
        if (best.sends().offerMoved(message, evenSuspect) != SendResult.ACCEPTED) {
            message.moves--;
            message.target = from.sends();
            return SendResult.BACK_PRESSURED;
        }
        from.sends().movedOut(length, hasToken);
        return SendResult.ACCEPTED;
    }

    void onHome(Runnable task) {
        if (home.isCurrent()) {
            task.run();
        } else {
            home.execute(task);
        }
    }

    PoolSnapshot snapshot() {
        List<SlotSnapshot> places = new ArrayList<>(slots.length);
        for (Slot slot : slots) {
            places.add(slot.snapshot());
        }
        RttFigures rtt = latency.rtt();
        return new PoolSnapshot(
                settings.name(),
                state,
                endpoint.breaker(),
                panic,
                dispatcher.evidence(),
                totals.account(),
                rtt,
                lives.quality(rtt.mean()),
                places,
                connections,
                lives.recycledCount(),
                user.errors());
    }

    /** Of all lives, past and present. */
    Latencies latency() {
        return latency;
    }

    PoolState state() {
        return state;
    }

    boolean closing() {
        return closing;
    }

    /** Senders are told CLOSED from here on. Any thread. */
    void beginClosing() {
        closing = true;
        dispatcher.live(new WebSocketChannel[0]);
    }

    long now() {
        return home.nanoTime();
    }

    double chance() {
        return chance.nextDouble();
    }

    boolean replacing() {
        for (Slot slot : slots) {
            if (slot.state() == SlotState.REPLACING) {
                return true;
            }
        }
        return false;
    }

    Slot[] slots() {
        return slots;
    }

    PoolSettings settings() {
        return settings;
    }

    Loop home() {
        return home;
    }

    Dialler dialler() {
        return dialler;
    }

    UserCalls user() {
        return user;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Recycler recycler() {
        return recycler;
    }

    Readiness readiness() {
        return readiness;
    }
}
