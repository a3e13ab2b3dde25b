package io.wspool;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.PoolListener;
import io.wspool.api.Standing;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Records the rare things that a pool tells. */
final class Told implements PoolListener {
    record Retry(int slot, int attempt, CloseCause cause, Duration delay) {}

    final BlockingQueue<CloseCause> ends = new LinkedBlockingQueue<>();
    final BlockingQueue<CloseCause> failedDials = new LinkedBlockingQueue<>();
    final BlockingQueue<ChannelSnapshot> opens = new LinkedBlockingQueue<>();
    final BlockingQueue<Retry> retries = new LinkedBlockingQueue<>();
    final BlockingQueue<CloseCause> halts = new LinkedBlockingQueue<>();
    final BlockingQueue<Standing> standings = new LinkedBlockingQueue<>();

    /** Why the next channel that had opened ended. */
    CloseCause end() throws InterruptedException {
        return Patience.next("the end of a channel", ends);
    }

    /** Why the next dial failed. */
    CloseCause failedDial() throws InterruptedException {
        return Patience.next("a dial that fails", failedDials);
    }

    ChannelSnapshot open() throws InterruptedException {
        return Patience.next("a channel that opens", opens);
    }

    Retry retry() throws InterruptedException {
        return Patience.next("a retry", retries);
    }

    CloseCause halt() throws InterruptedException {
        return Patience.next("a place that halts", halts);
    }

    @Override
    public void onState(ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
        if (to == ChannelState.OPEN) {
            opens.add(channel);
        } else if (to == ChannelState.CLOSED && cause != null) {
            (from == ChannelState.CONNECTING ? failedDials : ends).add(cause);
        }
    }

    @Override
    public void onStanding(ChannelSnapshot channel, Standing from, Standing to) {
        standings.add(to);
    }

    @Override
    public void onRetry(int slot, int attempt, CloseCause cause, Duration delay) {
        retries.add(new Retry(slot, attempt, cause, delay));
    }

    @Override
    public void onHalted(int slot, CloseCause cause) {
        halts.add(cause);
    }
}
