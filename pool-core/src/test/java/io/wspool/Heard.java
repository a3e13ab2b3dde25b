package io.wspool;

import io.wspool.api.BreakerState;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.PoolListener;
import io.wspool.api.PoolState;
import io.wspool.api.Standing;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a pool has told its listener, each with its virtual time; channels' and the pool's steps go into the world's log too. */
final class Heard implements PoolListener {
    record Step(
            long at,
            ChannelSnapshot channel,
            ChannelState from,
            ChannelState to,
            @Nullable CloseCause cause) {}

    record Stood(long at, ChannelSnapshot channel, Standing from, Standing to) {}

    record Retry(long at, int slot, int attempt, CloseCause cause, Duration delay) {}

    record Halt(long at, int slot, CloseCause cause) {}

    record Recycling(long at, ChannelSnapshot old, ChannelSnapshot successor, Duration overlap) {}

    record Breaker(long at, BreakerState from, BreakerState to) {}

    final List<Step> steps = new ArrayList<>();
    final List<Stood> standings = new ArrayList<>();
    final List<Retry> retries = new ArrayList<>();
    final List<Halt> halts = new ArrayList<>();
    final List<Recycling> recyclings = new ArrayList<>();
    final List<Breaker> breakers = new ArrayList<>();
    final List<ChannelSnapshot> skipped = new ArrayList<>();
    final List<ChannelSnapshot> deaf = new ArrayList<>();
    final List<Boolean> panics = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();
    int dialsEnded;
    int misses;
    int outages;
    private final World world;

    Heard(World world) {
        this.world = world;
    }

    /** The step of a channel to {@code CLOSED}, or null while it has not been told. */
    @Nullable
    Step closed(long channelId) {
        return find(channelId, ChannelState.CLOSED);
    }

    /** The step of a channel to {@code OPEN}, or null while it has not been told. */
    @Nullable
    Step opened(long channelId) {
        return find(channelId, ChannelState.OPEN);
    }

    private @Nullable Step find(long channelId, ChannelState to) {
        for (Step step : steps) {
            if (step.channel.id() == channelId && step.to == to) {
                return step;
            }
        }
        return null;
    }

    /** When a channel first came to this standing, or -1. */
    long stoodAt(long channelId, Standing to) {
        for (Stood stood : standings) {
            if (stood.channel.id() == channelId && stood.to == to) {
                return stood.at;
            }
        }
        return -1;
    }

    @Override
    public void onState(ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
        world.log(channel.name(), channel.id() + " " + from + " -> " + to + " " + cause);
        steps.add(new Step(world.nowNanos(), channel, from, to, cause));
        dialsEnded += from == ChannelState.CONNECTING ? 1 : 0;
    }

    @Override
    public void onStanding(ChannelSnapshot channel, Standing from, Standing to) {
        world.log(channel.name(), channel.id() + " " + from + " -> " + to);
        standings.add(new Stood(world.nowNanos(), channel, from, to));
    }

    @Override
    public void onHeartbeatMiss(ChannelSnapshot channel, int miss, int allowed) {
        world.log(channel.name(), channel.id() + " missed " + miss + " of " + allowed);
        misses++;
    }

    @Override
    public void onPingDeaf(ChannelSnapshot channel) {
        world.log(channel.name(), channel.id() + " is ping-deaf");
        deaf.add(channel);
    }

    @Override
    public void onRetry(int slot, int attempt, CloseCause cause, Duration delay) {
        world.log("place " + slot, "attempt " + attempt + " in " + delay);
        retries.add(new Retry(world.nowNanos(), slot, attempt, cause, delay));
    }

    @Override
    public void onHalted(int slot, CloseCause cause) {
        world.log("place " + slot, "halted: " + cause);
        halts.add(new Halt(world.nowNanos(), slot, cause));
    }

    @Override
    public void onRecycled(ChannelSnapshot old, ChannelSnapshot successor, Duration overlap) {
        world.log(old.name(), old.id() + " recycled by " + successor.id() + ", overlap " + overlap);
        recyclings.add(new Recycling(world.nowNanos(), old, successor, overlap));
    }

    @Override
    public void onRecycleSkipped(ChannelSnapshot channel) {
        skipped.add(channel);
    }

    @Override
    public void onBreaker(BreakerState from, BreakerState to) {
        world.log("breaker", from + " -> " + to);
        breakers.add(new Breaker(world.nowNanos(), from, to));
    }

    @Override
    public void onPoolState(PoolState from, PoolState to) {
        world.log("pool", from + " -> " + to);
    }

    @Override
    public void onPanic(boolean panic) {
        world.log("pool", "panic " + panic);
        panics.add(panic);
    }

    @Override
    public void onOutage() {
        outages++;
    }

    @Override
    public void onLocalPause(Duration gap) {
        pauses.add(gap);
    }
}
