package io.wspool;

import io.wspool.channel.UserCalls;
import io.wspool.channel.WebSocketChannel;
import io.wspool.loop.Loop;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which channel serves a key: the live one whose place ranks first for it (rendezvous hashing), so that a place that comes or goes
 * moves its own keys only. Any thread; cost: one hash per live channel.
 */
final class Affinity {
    /** Keys whose moves are told; more are served, not told. */
    private static final int MOST_REMEMBERED = 1 << 16;

    private final Dispatcher dispatcher;
    private final UserCalls user;
    private final Loop home;
    private final ConcurrentHashMap<Long, Integer> lastSlot = new ConcurrentHashMap<>();

    Affinity(Dispatcher dispatcher, UserCalls user, Loop home) {
        this.home = home;
        this.dispatcher = dispatcher;
        this.user = user;
    }

    @Nullable
    WebSocketChannel channel(long key) {
        WebSocketChannel best = null;
        long bestRank = Long.MIN_VALUE;
        for (WebSocketChannel channel : dispatcher.live()) {
            long rank = rank(key, channel.slot());
            if (channel.isUsable() && (best == null || rank > bestRank)) {
                best = channel;
                bestRank = rank;
            }
        }
        if (best != null) {
            remember(key, best.slot());
        }
        return best;
    }

    private void remember(long key, int slot) {
        Long boxed = key;
        Integer before = lastSlot.get(boxed);
        if (before == null) {
            if (lastSlot.size() < MOST_REMEMBERED) {
                lastSlot.put(boxed, slot);
            }
        } else if (before != slot && lastSlot.replace(boxed, before, slot)) {
            home.execute(() -> user.event(listener -> listener.onAffinityMove(key, before, slot)));
        }
    }

    /** A hash of key and place that changes everywhere when either changes (the finalizer of splitmix64). */
    private static long rank(long key, int slot) {
        long z = key + (slot + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
