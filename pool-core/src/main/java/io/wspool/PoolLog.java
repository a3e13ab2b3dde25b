package io.wspool;

import io.wspool.api.BreakerState;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.PoolListener;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log what an operator must know of one pool and cannot see from outside: WARN where it does not do its work, INFO where it
 * has lost something or is well again, DEBUG for each try. Lines are written in the background, since a log may wait for a disk.
 */
final class PoolLog implements PoolListener {
    private final Logger log;
    private final String pool;
    private final Executor writer;
    private final AtomicBoolean outage = new AtomicBoolean();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile @Nullable CloseCause lately;

    PoolLog(String pool, Executor writer) {
        this(LoggerFactory.getLogger(WebSocketPool.class), pool, writer);
    }

    PoolLog(Logger log, String pool, Executor writer) {
        this.log = log;
        this.pool = pool;
        this.writer = writer;
    }

    @Override
    public void onState(ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
        if (to == ChannelState.OPEN && outage.getAndSet(false)) {
            say(() -> log.info("{} is open; the outage is over", channel.name()));
        }
        if (to != ChannelState.CLOSED || from == ChannelState.CONNECTING || cause == null) {
            return;
        }
        if (cause.kind() != CloseCause.Kind.LOCAL_CLOSE && cause.kind() != CloseCause.Kind.RECYCLED) {
            say(() -> log.info("{} closed: {}", channel.name(), cause));
        }
    }

    @Override
    public void onRetry(int slot, int attempt, CloseCause cause, Duration delay) {
        lately = cause;
        if (log.isDebugEnabled()) {
            say(() -> log.debug("{}/{} is dialled again in {} ms: {}", pool, slot, delay.toMillis(), cause));
        }
    }

    @Override
    public void onHalted(int slot, CloseCause cause) {
        say(() -> log.warn("{}/{} is given up until resume(): {}", pool, slot, cause));
    }

    @Override
    public void onBreaker(BreakerState from, BreakerState to) {
        switch (to) {
            case OPEN -> {
                CloseCause cause = lately;
                say(() -> log.warn(
                        "{}: too many failures in a row; nothing is dialled for a while; lately: {}", pool, cause));
            }
            case HALF_OPEN -> say(() -> log.debug("{}: one dial on trial", pool));
            case CLOSED -> say(() -> log.info("{}: the endpoint works again", pool));
        }
    }

    @Override
    public void onOutage() {
        outage.set(true);
        say(() -> log.warn("{}: no channel is live; sends answer NO_LIVE_CHANNEL", pool));
    }

    @Override
    public void onPanic(boolean panic) {
        say(() -> {
            if (panic) {
                log.warn("{}: more than half of the live channels do not answer in time; all are used", pool);
            } else {
                log.info("{}: at least half of the live channels answer in time again", pool);
            }
        });
    }

    @Override
    public void onPingDeaf(ChannelSnapshot channel) {
        say(() -> log.info("{}: the endpoint answers no pings; sends there cannot be confirmed", channel.name()));
    }

    @Override
    public void onRecycleSkipped(ChannelSnapshot channel) {
        say(() -> log.info("{} is due to be replaced, but pinned", channel.name()));
    }

    @Override
    public void onLocalPause(Duration gap) {
        say(() -> log.warn("{}: a loop was not served for {} ms; no peer is blamed for that", pool, gap.toMillis()));
    }

    /** Nothing that a log does may hurt the pool. A line is lost if too many wait, and that is said with the next one. */
    private void say(Runnable line) {
        try {
            writer.execute(() -> {
                int missing = lost.getAndSet(0);
                if (missing > 0) {
                    log.warn("{}: {} lines are missing here: the log did not keep up", pool, missing);
                }
                line.run();
            });
        } catch (Throwable t) {
            lost.incrementAndGet();
        }
    }
}
