package io.wspool;

import io.wspool.api.DispatchPolicy;
import io.wspool.api.SendResult;
import io.wspool.api.Standing;
import io.wspool.channel.Load;
import io.wspool.channel.WebSocketChannel;
import io.wspool.health.Cost;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Picks the channel for one send. Any thread. No lock; one volatile read and {@code n} cost reads. No allocation, except when
 * it asks for a probe because an estimate is over 10 s old.
 * <p>The lowest cost wins; the channel of the send before keeps its place unless another is clearly better. A suspect channel is
 * passed over while no more than half of the live ones are suspect; above that all are used (panic). Where nothing is measured the
 * least loaded channel is taken, in turn among equals.
 */
final class Dispatcher {
    private static final WebSocketChannel[] NONE = {};
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

    private final boolean roundRobin;
    private final boolean measured;

    /** Live channels, in the order of their places. Replaced whole by the supervisor, never edited in place. */
    private volatile WebSocketChannel[] live = NONE;

    @SuppressWarnings("UnusedVariable") // by CURRENT
    private @Nullable WebSocketChannel current;

    @SuppressWarnings("UnusedVariable") // by NEXT
    private int next;

    /**
     * For one pool.
     *
     * @param measured whether probes make costs meaningful
     */
    Dispatcher(DispatchPolicy policy, boolean measured) {
        this.roundRobin = policy == DispatchPolicy.ROUND_ROBIN;
        this.measured = measured;
    }

    void live(WebSocketChannel[] channels) {
        live = channels;
    }

    WebSocketChannel[] live() {
        return live;
    }

    /** The channel for a message of {@code size} bytes, or null when nothing is live. */
    @Nullable
    WebSocketChannel pick(int size) {
        WebSocketChannel[] channels = live; // one read: this send sees one consistent set
        if (channels.length <= 1) {
            return channels.length == 0 ? null : channels[0];
        }
        boolean panic = panic(channels);
        if (roundRobin) {
            return inTurn(channels, panic, size);
        }
        return measured ? cheapest(channels, panic, size) : leastLoaded(channels, panic, size);
    }

    /** Whether suspicion excludes nobody. */
    boolean panic() {
        return panic(live);
    }

    /** Whether any live channel has measured its round trip. */
    boolean evidence() {
        for (WebSocketChannel channel : live) {
            if (channel.load().evidence()) {
                return true;
            }
        }
        return false;
    }

    /** Offers to the others, in the order of their places, when the picked channel has refused. */
    SendResult elsewhere(WebSocketChannel refused, SendResult first, Attempt attempt) {
        WebSocketChannel[] channels = live;
        boolean panic = panic(channels);
        SendResult result = first;
        for (WebSocketChannel channel : channels) {
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

    private @Nullable WebSocketChannel cheapest(WebSocketChannel[] channels, boolean panic, int size) {
        WebSocketChannel before = (WebSocketChannel) CURRENT.getOpaque(this);
        WebSocketChannel best = null;
        WebSocketChannel stale = null;
        long bestCost = Long.MAX_VALUE;
        long staleCost = Long.MAX_VALUE;
        long costBefore = Long.MAX_VALUE;
        boolean evidence = false;
        for (int i = 0; i < channels.length; i++) {
            WebSocketChannel channel = channels[i];
            if (!channel.sends().takes(size, panic)) {
                continue;
            }
            Load load = channel.load();
            long cost = load.costNanos(size);
            boolean hasEvidence = load.evidence();
            evidence |= hasEvidence;
            if (hasEvidence && load.stale()) {
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
        if (costBefore != Long.MAX_VALUE && best != before && !Cost.worthSwitching(bestCost, costBefore)) {
            return before;
        }
        if (best != before) {
            CURRENT.setOpaque(this, best);
        }
        return best;
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

    private WebSocketChannel inTurn(WebSocketChannel[] channels, boolean panic, int size) {
        int start = turn(channels.length);
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
        WebSocketChannel[] channels = live;
        return channels.length == 0 ? refused : eligible(channels, 0, panic(channels));
    }

    private int turn(int length) {
        return Math.floorMod((int) NEXT.getAndAddRelease(this, 1), length);
    }

    private static boolean panic(WebSocketChannel[] channels) {
        int usable = 0;
        int suspect = 0;
        for (int i = 0; i < channels.length; i++) {
            if (channels[i].isUsable()) {
                usable++;
                if (channels[i].standing() == Standing.SUSPECT) {
                    suspect++;
                }
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
