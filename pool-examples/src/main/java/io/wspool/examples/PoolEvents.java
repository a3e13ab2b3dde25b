package io.wspool.examples;

import io.wspool.api.BreakerState;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.PoolListener;
import io.wspool.api.PoolState;
import io.wspool.api.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Turns what the pool tells into lines for the screen, and into the figures of the faults. On the pool's loops. */
final class PoolEvents implements PoolListener {
    private final EventLog log;
    private final Diverts diverts;
    private final List<Duration> overlaps = new CopyOnWriteArrayList<>();

    PoolEvents(EventLog log, Diverts diverts) {
        this.log = log;
        this.diverts = diverts;
    }

    /** Of each recycling, how long both channels were open; negative for a gap. */
    List<Duration> overlaps() {
        return overlaps;
    }

    @Override
    public void onState(ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
        if (from == ChannelState.OPEN) {
            diverts.left(channel.id(), to.toString());
        }
        if (to == ChannelState.OPEN) {
            log.add(name(channel) + " open");
        } else if (to == ChannelState.CLOSED && from != ChannelState.CONNECTING && cause != null) {
            log.add(name(channel) + " closed: " + CloseWords.brief(cause) + ", " + seconds(channel.openFor())
                    + " s old, " + channel.account().unknown() + " orders unknown. " + CloseWords.hint(cause));
        }
    }

    @Override
    public void onStanding(ChannelSnapshot channel, Standing from, Standing to) {
        if (to == Standing.SUSPECT || to == Standing.DRAINING) {
            diverts.left(channel.id(), to.toString());
        }
        if (from != Standing.WARM) { // each channel's warm start would be half of the lines
            log.addOften("standing" + channel.slot(), name(channel) + " " + from + " -> " + to);
        }
    }

    @Override
    public void onHeartbeatMiss(ChannelSnapshot channel, int miss, int allowed) {
        log.add(name(channel) + " missed heartbeat " + miss + " of " + allowed);
    }

    @Override
    public void onPingDeaf(ChannelSnapshot channel) {
        log.add(name(channel) + " answers no pings: routed without evidence");
    }

    @Override
    public void onRetry(int slot, int attempt, CloseCause cause, Duration delay) {
        log.addOften(
                "retry" + slot,
                "place " + slot + " dials again in " + millis(delay) + " ms, failures in a row: " + attempt + " ("
                        + CloseWords.brief(cause) + ")");
    }

    @Override
    public void onHalted(int slot, CloseCause cause) {
        log.add("place " + slot + " is given up: " + CloseWords.brief(cause) + ". " + CloseWords.hint(cause));
    }

    @Override
    public void onRecycled(ChannelSnapshot old, ChannelSnapshot successor, Duration overlap) {
        overlaps.add(overlap);
        log.add(name(old) + " replaced by " + name(successor) + ", both open for " + millis(overlap) + " ms");
    }

    @Override
    public void onBreaker(BreakerState from, BreakerState to) {
        log.add("breaker " + from + " -> " + to);
    }

    @Override
    public void onPoolState(PoolState from, PoolState to) {
        log.addOften("pool" + to, "pool " + from + " -> " + to);
    }

    @Override
    public void onPanic(boolean panic) {
        log.addOften("panic" + panic, panic ? "panic: more than half are suspect, all are used" : "panic is over");
    }

    @Override
    public void onOutage() {
        log.add("outage: no channel is live, orders wait");
    }

    @Override
    public void onLocalPause(Duration gap) {
        log.addOften("pause", "this process paused for " + millis(gap) + " ms: not held against the server");
    }

    private static String name(ChannelSnapshot channel) {
        return Diverts.nameOf(channel.name(), channel.id());
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toNanos() / 1e9);
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toNanos() / 1e6);
    }
}
