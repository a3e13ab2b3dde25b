package io.wspool;

import io.wspool.api.DispatchPolicy;
import io.wspool.api.SendResult;
import io.wspool.api.Standing;
import io.wspool.channel.Load;
import io.wspool.channel.WebSocketChannel;
import io.wspool.health.Cost;
import io.wspool.loop.Draws;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Picks the channel for one send. Any thread. No lock; one volatile read and {@code n} cost reads, of at most {@value #SCANNED}
 * channels: among more the best of two draws and of the channel before is taken. No allocation, except when it asks for a probe
 * because an estimate is over 10 s old.
 * <p>The lowest cost wins; the channel of the send before keeps its place unless another is clearly better. A suspect channel is
 * passed over while no more than half of the live ones are suspect; above that all are used (panic). Where nothing is measured the
 * least loaded channel is taken, in turn among equals.
 */
final class Dispatcher {
    /** Above this two choices cost less than a look at all, and find about as good a channel. */
    static final int SCANNED = Load.INDEX + 1;

    private static final long NO_SCORE = -1;
    private static final VarHandle CURRENT;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CURRENT = lookup.findVarHandle(Dispatcher.class, "current", WebSocketChannel.class);
            NEXT = lookup.findVarHandle(Dispatcher.class, "next", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Live channels in the order of their places, and what is read of each: the first look need not go through the channel. */
    private static final class Live {
        final WebSocketChannel[] channels;
        final Load[] loads;

        Live(WebSocketChannel[] channels) {
            this.channels = channels;
            this.loads = new Load[channels.length];
            for (int i = 0; i < loads.length; i++) {
                loads[i] = channels[i].load();
            }
        }
    }

    private final boolean roundRobin;
    private final boolean measured;
    private final Draws draws;

    /** Replaced whole by the supervisor, never edited in place. */
    private volatile Live live = new Live(new WebSocketChannel[0]);

    @SuppressWarnings("UnusedVariable") // by CURRENT
    private @Nullable WebSocketChannel current;

    @SuppressWarnings("UnusedVariable") // by NEXT
    private int next;

    /**
     * For one pool.
     *
     * @param measured whether probes make costs meaningful
     */
    Dispatcher(DispatchPolicy policy, boolean measured, Draws draws) {
        this.roundRobin = policy == DispatchPolicy.ROUND_ROBIN;
        this.measured = measured;
        this.draws = draws;
    }

    void live(WebSocketChannel[] channels) {
        live = new Live(channels);
    }

    WebSocketChannel[] live() {
        return live.channels;
    }

    /** The channel for a message of {@code size} bytes, or null when nothing is live. */
    @Nullable
    WebSocketChannel pick(int size) {
        Live now = live; // one read: this send sees one consistent set
        WebSocketChannel[] channels = now.channels;
        if (channels.length <= 1) {
            return channels.length == 0 ? null : channels[0];
        }
        if (roundRobin) {
            return inTurn(now, size);
        }
        if (channels.length > SCANNED) {
            return twoChoices(now, size);
        }
        return measured ? cheapest(now, size) : leastLoaded(channels, panic(now), size);
    }

    /** Whether suspicion excludes nobody. */
    boolean panic() {
        return panic(live);
    }

    /** Whether any live channel has measured its round trip. */
    boolean evidence() {
        for (Load load : live.loads) {
            if (load.evidence()) {
                return true;
            }
        }
        return false;
    }

    /** Offers to the others, in the order of their places, when the picked channel has refused. */
    SendResult elsewhere(WebSocketChannel refused, SendResult first, Attempt attempt) {
        Live now = live;
        boolean panic = panic(now);
        SendResult result = first;
        for (WebSocketChannel channel : now.channels) {
            if (channel == refused || (!panic && channel.standing() == Standing.SUSPECT)) {
                continue;
            }
            SendResult other = attempt.on(channel);
            if (other == SendResult.ACCEPTED) {
                return other;
            }
            if (other == SendResult.BACK_PRESSURED) {
                result = other;
            }
        }
        // CLOSED speaks of one channel that has just ended; of the pool that is: nobody is live.
        return result == SendResult.CLOSED ? SendResult.NO_LIVE_CHANNEL : result;
    }

    /** In steady state one word of each channel decides; else {@link #cheapestOfBusy} does, and last {@link #cheapestOfMixed}. */
    private WebSocketChannel cheapest(Live now, int size) {
        Load[] loads = now.loads;
        long seen = 0;
        long least = Long.MAX_VALUE;
        int count = Math.min(loads.length, SCANNED); // tells the JIT that the loop is short: no safepoints in it
        for (int i = 0; i < count; i++) {
            long score = loads[i].score();
            seen |= score;
            least = Math.min(least, score | i); // without a branch; of equals the first
        }
        if ((seen & Load.UNUSUAL) != 0) {
            return cheapestOfMixed(now, size);
        }
        int best = (int) least & Load.INDEX;
        Load load = loads[best];
        if (((least & Load.NOTABLE) | load.waiting()) != 0) {
            return cheapestOfBusy(now, size);
        }
        WebSocketChannel chosen = now.channels[best]; // what waits at the others only makes them dearer
        if (chosen == (WebSocketChannel) CURRENT.getOpaque(this) && !load.stale()) {
            return chosen;
        }
        chosen = chosen(now, best, least, size);
        return chosen == null ? cheapestOfMixed(now, size) : chosen;
    }

    /** The same where the best by its measurements has something waiting or a probe under way: with what waits at each. */
    private WebSocketChannel cheapestOfBusy(Live now, int size) {
        Load[] loads = now.loads;
        int best = 0;
        long bestScore = Long.MAX_VALUE;
        for (int i = 0; i < loads.length; i++) {
            Load load = loads[i];
            long score = scoreNow(load, size);
            if (score == NO_SCORE) {
                return cheapestOfMixed(now, size);
            }
            if (score < bestScore) { // of equals the first; the message's own size is the same for all
                best = i;
                bestScore = score;
            }
        }
        WebSocketChannel chosen = chosen(now, best, bestScore, size);
        return chosen == null ? cheapestOfMixed(now, size) : chosen;
    }

    /** With what waits there and the age of a probe; {@link #NO_SCORE} where only a close look can tell. */
    private static long scoreNow(Load load, int size) {
        long score = load.score();
        long waiting = load.waiting();
        if (((score & Load.NOTABLE) | waiting) == 0) {
            return score;
        }
        boolean unclear = (score & Load.UNUSUAL) != 0 || !load.hasRoomFor(size);
        return unclear ? NO_SCORE : load.score(score, waiting, size);
    }

    /** The best, or the channel of the send before if that is about as good; null if its measurement is stale. */
    private @Nullable WebSocketChannel chosen(Live now, int best, long bestScore, int size) {
        WebSocketChannel chosen = now.channels[best];
        Load load = now.loads[best];
        WebSocketChannel before = (WebSocketChannel) CURRENT.getOpaque(this);
        if (before != chosen) {
            if (before != null && staysWith(before.load(), bestScore, size)) {
                chosen = before;
                load = before.load();
            } else {
                CURRENT.setOpaque(this, chosen);
            }
        }
        return load.stale() ? null : chosen;
    }

    /** Whether the channel of the send before is as good as the best; one that has left is not. */
    private static boolean staysWith(Load before, long bestScore, int size) {
        long score = scoreNow(before, size);
        if (score == NO_SCORE) {
            return false;
        }
        long sizeNanos = Cost.ofBytes(size);
        return !Cost.worthSwitching(Load.cost(bestScore) + sizeNanos, Load.cost(score) + sizeNanos);
    }

    /** Unless the best is clearly better, the channel of the send before; {@code costBefore} is MAX_VALUE if it is not to be had. */
    private WebSocketChannel stay(
            @Nullable WebSocketChannel before, long costBefore, WebSocketChannel best, long bestCost) {
        if (best == before) {
            return best;
        }
        if (before != null && costBefore != Long.MAX_VALUE && !Cost.worthSwitching(bestCost, costBefore)) {
            return before;
        }
        CURRENT.setOpaque(this, best);
        return best;
    }

    private WebSocketChannel cheapestOfMixed(Live now, int size) {
        boolean panic = panic(now);
        WebSocketChannel[] channels = now.channels;
        WebSocketChannel before = (WebSocketChannel) CURRENT.getOpaque(this);
        WebSocketChannel best = null;
        WebSocketChannel stale = null;
        long bestCost = Long.MAX_VALUE;
        long staleCost = Long.MAX_VALUE;
        long costBefore = Long.MAX_VALUE;
        boolean evidence = false;
        for (WebSocketChannel channel : channels) {
            Load load = channel.load();
            int flags = load.flags();
            long waiting = load.waiting();
            if (!takes(load, flags, waiting, size, panic)) {
                continue;
            }
            long cost = load.costNanos(size, flags, waiting);
            evidence |= Load.measured(flags);
            if (load.stale()) {
                channel.refresh(); // one probe, then it may win again
                if (cost < staleCost) {
                    stale = channel;
                    staleCost = cost;
                }
                continue;
            }
            if (channel == before) {
                costBefore = cost;
            }
            if (cost < bestCost) {
                best = channel;
                bestCost = cost;
            }
        }
        if (!evidence) {
            return leastLoaded(channels, panic, size);
        }
        if (best == null) {
            return stale == null ? eligible(channels, 0, panic) : stale;
        }
        return stay(before, costBefore, best, bestCost);
    }

    /** The best of two draws and of the channel before. */
    private WebSocketChannel twoChoices(Live now, int size) {
        Load[] loads = now.loads;
        long draw = draws.next();
        int one = Draws.upper(draw, loads.length);
        int other = Draws.lower(draw, loads.length);
        long scoreOne = loads[one].score();
        long scoreOther = loads[other].score() | 1;
        long least = Math.min(scoreOne, scoreOther);
        int best = one + (other - one) * (int) (least & 1); // a branch would be guessed wrong every second time
        long notable = ((scoreOne | scoreOther) & Load.UNUSUAL) | (least & Load.NOTABLE);
        WebSocketChannel chosen = (notable | loads[best].waiting()) == 0 ? chosen(now, best, least, size) : null;
        return chosen == null ? twoChoicesOfMixed(now, one, other, size) : chosen;
    }

    /** The same where a draw is not as in steady state. Where none of the three can be had all are looked at. */
    private WebSocketChannel twoChoicesOfMixed(Live now, int first, int second, int size) {
        WebSocketChannel[] channels = now.channels;
        WebSocketChannel one = channels[first];
        WebSocketChannel other = channels[second];
        WebSocketChannel before = (WebSocketChannel) CURRENT.getOpaque(this);
        boolean byCost = measured && (evidence(one) || evidence(other) || (before != null && evidence(before)));
        long costOne = costOrMax(one, size, byCost);
        long costOther = costOrMax(other, size, byCost);
        long costBefore = byCost ? costOrMax(before, size, true) : Long.MAX_VALUE;
        if (costOne == Long.MAX_VALUE && costOther == Long.MAX_VALUE) {
            if (costBefore != Long.MAX_VALUE && before != null) {
                return before;
            }
            return measured ? cheapestOfMixed(now, size) : leastLoaded(channels, panic(now), size);
        }
        boolean better = costOther < costOne;
        return stay(before, costBefore, better ? other : one, better ? costOther : costOne);
    }

    private static boolean evidence(WebSocketChannel channel) {
        return channel.load().evidence();
    }

    /** What a send there costs, or the bytes outstanding, or MAX_VALUE if it should not go there now. */
    private static long costOrMax(@Nullable WebSocketChannel channel, int size, boolean byCost) {
        if (channel == null) {
            return Long.MAX_VALUE;
        }
        Load load = channel.load();
        int flags = load.flags();
        long waiting = load.waiting();
        if (!takes(load, flags, waiting, size, false)) {
            return Long.MAX_VALUE;
        }
        if (!byCost) {
            return load.outstandingBytes();
        }
        if (load.stale()) {
            channel.refresh();
            return Long.MAX_VALUE;
        }
        return load.costNanos(size, flags, waiting);
    }

    private static boolean takes(Load load, int flags, long waiting, int size, boolean evenSuspect) {
        return Load.usable(flags) && (evenSuspect || !Load.suspect(flags)) && (waiting == 0 || load.hasRoomFor(size));
    }

    private WebSocketChannel leastLoaded(WebSocketChannel[] channels, boolean panic, int size) {
        int start = turn(channels.length);
        WebSocketChannel best = null;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < channels.length; i++) {
            WebSocketChannel channel = channels[(start + i) % channels.length];
            long bytes = channel.load().outstandingBytes();
            if (bytes < least && channel.sends().takes(size, panic)) {
                best = channel;
                least = bytes;
            }
        }
        return best == null ? eligible(channels, start, panic) : best;
    }

    private WebSocketChannel inTurn(Live now, int size) {
        WebSocketChannel[] channels = now.channels;
        int start = turn(channels.length);
        WebSocketChannel first = channels[start];
        if (first.sends().takes(size, false)) {
            return first; // panic or not: only where one is passed over all have to be looked at
        }
        boolean panic = panic(now);
        for (int i = 0; i < channels.length; i++) {
            WebSocketChannel channel = channels[(start + i) % channels.length];
            if (channel.sends().takes(size, panic)) {
                return channel;
            }
        }
        return eligible(channels, start, panic);
    }

    /** Who says that there is no room, when nobody has any: not a suspect one, which would take the message and sit on it. */
    private static WebSocketChannel eligible(WebSocketChannel[] channels, int start, boolean panic) {
        for (int i = 0; i < channels.length; i++) {
            WebSocketChannel channel = channels[(start + i) % channels.length];
            if (channel.isUsable() && (panic || channel.standing() != Standing.SUSPECT)) {
                return channel;
            }
        }
        return channels[start];
    }

    /** The channel that shall tell of room: one that sends may go to, where there is one. */
    WebSocketChannel debtor(WebSocketChannel refused) {
        Live now = live;
        return now.channels.length == 0 ? refused : eligible(now.channels, 0, panic(now));
    }

    private int turn(int length) {
        return Math.floorMod((int) NEXT.getAndAddRelease(this, 1), length);
    }

    private static boolean panic(Live now) {
        int usable = 0;
        int suspect = 0;
        for (Load load : now.loads) {
            int flags = load.flags();
            if (Load.usable(flags)) {
                usable++;
                suspect += Load.suspect(flags) ? 1 : 0;
            }
        }
        return suspect > usable / 2 || suspect == usable;
    }

    /** One offer to one channel. */
    @FunctionalInterface
    interface Attempt {
        SendResult on(WebSocketChannel channel);
    }
}
