package io.wspool;

import io.wspool.api.PoolSettings;
import io.wspool.api.WarmUpResult;
import io.wspool.channel.WebSocketChannel;
import io.wspool.loop.Loop;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a pool does before a message is in a hurry: a rehearsal on loopback, then its own buffers, channels and choices. */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketPool.class);
    private static final int PICKS = 10_000;
    private static final int BYTES = 64;

    private final PoolSettings settings;
    private final Loop[] loops;
    private final Dispatcher dispatcher;
    private final boolean real;
    private final BooleanSupplier closing;

    /**
     * For one pool.
     *
     * @param real whether it lives in the system's environment; in a simulated one nothing is rehearsed
     * @param closing whether its end has begun
     */
    WarmUp(PoolSettings settings, Loop[] loops, Dispatcher dispatcher, boolean real, BooleanSupplier closing) {
        this.settings = settings;
        this.loops = loops;
        this.dispatcher = dispatcher;
        this.real = real;
        this.closing = closing;
    }

    /** Outside the turns of the pool's loops. {@code poll} is done now and then: the caller's own turns, if it owns the loop. */
    WarmUpResult run(Duration limit, Runnable poll) {
        long since = loops[0].nanoTime();
        int messages = 0;
        String reason = "";
        if (closing.getAsBoolean()) {
            reason = "the pool is closed";
        } else if (!real) {
            reason = "the environment is simulated";
        } else {
            Rehearsal rehearsal = new Rehearsal(settings, loops[0]::nanoTime, since + limit.toNanos(), () -> {
                poll.run();
                if (closing.getAsBoolean()) {
                    throw new CancellationException("the pool was closed meanwhile");
                }
            });
            reason = rehearsal.run();
            messages = rehearsal.messages();
        }
        int asked = closing.getAsBoolean() ? 0 : ownParts();
        poll.run();
        if (!reason.isEmpty()) {
            LOG.warn("{}: the warm-up is not whole, {} echoes: {}", settings.name(), messages, reason);
        }
        return new WarmUpResult(
                messages, asked, Duration.ofNanos(loops[0].nanoTime() - since), reason.isEmpty(), reason);
    }

    /** Handed to the loops, which do it before they take what is sent from now on. */
    private int ownParts() {
        for (Loop loop : loops) {
            loop.warmUp();
        }
        WebSocketChannel[] live = dispatcher.live();
        for (WebSocketChannel channel : live) {
            channel.ask();
        }
        for (int i = 0; i < PICKS; i++) {
            dispatcher.pick(BYTES);
        }
        return settings.probe().on() ? live.length : 0;
    }
}
