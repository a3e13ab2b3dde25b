package io.wspool.channel;

import io.wspool.loop.Chance;
import io.wspool.loop.Environment;
import io.wspool.loop.Loop;
import io.wspool.loop.MaskKeyStream;
import io.wspool.measure.LatencyRecorders;
import io.wspool.measure.Totals;
import io.wspool.wire.FrameWriter;
import io.wspool.wire.PayloadView;

/** What the channels of one loop share, so that an idle channel owns no buffer, view or key stream. Loop only. */
public final class ChannelLoop {
    final Loop loop;
    final Environment environment;
    final Totals totals;
    final Totals.Part part;
    final Chance chance;
    final MaskKeyStream keys;
    final FrameWriter writer;
    final LatencyRecorders latency = new LatencyRecorders(LatencyRecorders.LOOP_DIGITS);
    final PayloadView view = new PayloadView();
    final BorrowedMessage message = new BorrowedMessage();

    /**
     * For one loop of a pool.
     *
     * @param index which of the pool's loops it is
     */
    public ChannelLoop(Loop loop, int index, Environment environment, Totals totals) {
        this.loop = loop;
        this.environment = environment;
        this.totals = totals;
        this.part = totals.part(index);
        this.chance = environment.chance().split();
        this.keys = chance.newMaskKeys();
        this.writer = new FrameWriter(keys::nextKey);
    }

    /** Latencies of all its channels, past and present. */
    public LatencyRecorders latency() {
        return latency;
    }

    /** The outside, for all loops of a pool the same. */
    public Environment environment() {
        return environment;
    }

    /** The loop. */
    public Loop loop() {
        return loop;
    }
}
