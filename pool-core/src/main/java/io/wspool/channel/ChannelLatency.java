package io.wspool.channel;

import io.wspool.api.LatencySettings;
import io.wspool.api.LatencyStage;
import io.wspool.api.RttFigures;
import io.wspool.loop.QueuedMessage;
import io.wspool.measure.Latencies;
import io.wspool.measure.LatencyRecorders;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Measures the messages of one channel, stage by stage. Loop only, save {@link #offered}.
 * <p><b>Who writes:</b> the loop alone, each value twice: for this channel and for all channels of the loop. So the pool's figures are
 * those of its loops, and the end of a channel loses nothing and folds nothing. <b>Who reads:</b> any thread, through
 * {@link io.wspool.measure.Latencies}, by comparing with what it saw before. <b>An idle channel</b> owns no counts, no table of
 * requests, no list of writes: each is made with its first value, or for its first reader.
 * <p><b>Clock:</b> the sender on another thread reads it at the hand-over; the loop reads it after a write; everything else takes
 * {@link io.wspool.loop.Loop#freshNanos}. <b>Off:</b> callers ask {@link #on} first, a final field, and that is all they do.
 */
final class ChannelLatency {
    private static final int FIRST_WRITES = 8;
    private static final long[] NO_TIMES = {};
    private static final int[] NO_COUNTS = {};

    /** Whether messages are measured at all; pongs always are. */
    final boolean on;

    private final LatencySettings settings;
    private final ChannelLoop share;
    private volatile @Nullable LatencyRecorders own; // with the first value, or the first who wants to read
    private @Nullable OpenRequests requests;
    private int toldOpen;

    /** Messages that are encoded and not yet taken by the kernel, as runs that began at the same time: mostly one a turn. */
    private long[] writeBegan = NO_TIMES;

    private int[] writeMessages = NO_COUNTS;
    private int writes;

    ChannelLatency(ChannelLoop share, LatencySettings settings) {
        this.on = settings.on();
        this.settings = settings;
        this.share = share;
    }

    /** What readers look at. Any thread. */
    Latencies view() {
        return new Latencies(
                new LatencyRecorders[] {own()},
                settings.expectedInterval().toNanos(),
                share.loop::nanoTime,
                share.environment::epochMillis);
    }

    /** The pongs of this channel; a look at thousands of channels makes no counts. Any thread. */
    RttFigures rtt() {
        return own == null ? RttFigures.NONE : view().rtt();
    }

    private LatencyRecorders own() {
        LatencyRecorders made = own;
        return made == null ? first() : made;
    }

    private synchronized LatencyRecorders first() {
        LatencyRecorders made = own;
        if (made == null) {
            made = new LatencyRecorders(LatencyRecorders.CHANNEL_DIGITS);
            own = made;
        }
        return made;
    }

    /** A message goes to the loop's queue. The sender's thread. */
    void offered(QueuedMessage message) {
        message.offeredAt = share.loop.nanoTime();
        message.handedOver = true;
    }

    /** The loop has taken a message over, for the first time. */
    void arrived(QueuedMessage message) {
        long now = share.loop.freshNanos();
        if (message.handedOver) {
            share.latency.record(LatencyStage.QUEUE_WAIT, now - message.offeredAt, 1);
            own().record(LatencyStage.QUEUE_WAIT, now - message.offeredAt, 1);
        } else {
            message.offeredAt = now;
        }
        message.arrivedAt = now;
    }

    /** The last byte of a message that came through the queue, or waited, is encoded. */
    void encoded(QueuedMessage message) {
        encoded(message.hasToken, message.token, message.offeredAt, message.arrivedAt);
    }

    /** The last byte of a message that the loop's own thread sends is encoded. */
    void encoded(boolean hasToken, long token) {
        long now = share.loop.freshNanos();
        encoded(hasToken, token, now, now);
    }

    private void encoded(boolean hasToken, long token, long sentAt, long writeBeganAt) {
        if (writes > 0 && writeBegan[writes - 1] == writeBeganAt) {
            writeMessages[writes - 1]++;
        } else {
            addWrite(writeBeganAt);
        }
        if (hasToken && settings.openRequests() > 0) {
            request(token, sentAt);
        }
    }

    private void addWrite(long beganAt) {
        if (writes == writeBegan.length) {
            int capacity = Math.max(FIRST_WRITES, 2 * writes);
            writeBegan = Arrays.copyOf(writeBegan, capacity);
            writeMessages = Arrays.copyOf(writeMessages, capacity);
        }
        writeBegan[writes] = beganAt;
        writeMessages[writes++] = 1;
    }

    /** The kernel has taken all that was encoded: there is never more than one write under way. */
    void taken() {
        if (writes == 0) {
            return;
        }
        long now = share.loop.nanoTime();
        for (int i = 0; i < writes; i++) {
            share.latency.record(LatencyStage.WRITE, now - writeBegan[i], writeMessages[i]);
            own().record(LatencyStage.WRITE, now - writeBegan[i], writeMessages[i]);
        }
        writes = 0;
    }

    private void request(long token, long sentAt) {
        OpenRequests open = requests;
        if (open == null) {
            open = new OpenRequests(settings.openRequests());
            requests = open;
        }
        if (open.open(token, sentAt)) {
            forgotten(1);
        }
    }

    /** The user has the reply to a request; whether that was open. */
    boolean replied(long token) {
        if (settings.openRequests() == 0) {
            return false;
        }
        long now = now();
        OpenRequests open = requests;
        long sentAt = open == null ? OpenRequests.NOT_OPEN : open.close(token);
        if (sentAt == OpenRequests.NOT_OPEN) {
            share.latency.unknown();
            own().unknown();
            return false;
        }
        share.latency.record(LatencyStage.APPLICATION, now - sentAt, 1);
        own().record(LatencyStage.APPLICATION, now - sentAt, 1);
        return true;
    }

    private long now() {
        if (share.loop.isCurrent()) {
            return share.loop.freshNanos();
        }
        if (share.loop.isOwner()) {
            return share.loop.nanoTime();
        }
        throw new IllegalStateException(
                "replied() belongs to the channel's loop, for example to onMessage; this is thread "
                        + Thread.currentThread().getName());
    }

    /** The end of a turn: how many requests are open is told. */
    void publish() {
        OpenRequests open = requests;
        if (open != null) {
            publishOpen(open.size());
        }
    }

    private void publishOpen(int open) {
        share.latency.open(open - toldOpen);
        own().open(open - toldOpen);
        toldOpen = open;
    }

    /** A pong came; whether the channel has sent a message yet: one that has not shall own no counts. */
    void pong(long nanos, boolean used) {
        share.latency.record(LatencyStage.PONG, nanos, 1);
        if (used) {
            own().record(LatencyStage.PONG, nanos, 1);
        }
    }

    /** The channel has ended: what is not written and not answered will not be. */
    void ended() {
        writes = 0;
        OpenRequests open = requests;
        if (open != null) {
            requests = null;
            forgotten(open.size());
            publishOpen(0);
        }
    }

    private void forgotten(long count) {
        share.latency.forgotten(count);
        own().forgotten(count);
    }
}
