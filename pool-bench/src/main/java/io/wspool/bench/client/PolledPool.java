package io.wspool.bench.client;

import io.wspool.WebSocketPool;
import io.wspool.api.LoopMode;
import java.time.Duration;

/** Our pool, driven by the caller: it spins on {@code poll()}, or sleeps in {@code poll(maxWait)}. */
final class PolledPool extends WspoolContender implements PolledContender {
    private final Duration maxWait;

    PolledPool(ClientOptions options, Duration maxWait) {
        super(
                options,
                maxWait.isZero()
                        ? "a FastThreadLocalThread spins on poll()"
                        : "a FastThreadLocalThread sleeps in poll(" + maxWait.toMillis() + " ms)");
        this.maxWait = maxWait;
    }

    @Override
    LoopMode loopMode() {
        return LoopMode.CALLER_POLLED;
    }

    @Override
    void awaitFull(WebSocketPool made, Duration limit) throws Exception {
        made.poll(); // makes this thread its owner
        made.awaitFull(limit);
    }

    @Override
    public void poll() {
        if (maxWait.isZero()) {
            pool().poll();
        } else {
            pool().poll(maxWait);
        }
    }

    @Override
    void awaitRoom() {
        pool().poll();
    }

    @Override
    public Outbox newOutbox() {
        return new CorkedOutbox();
    }

    /** Messages of one batch leave in one write. */
    private final class CorkedOutbox extends PoolOutbox {
        private boolean corked;

        @Override
        public void send(int connection, long sequence, boolean more) {
            if (more && !corked) {
                pool().corked(true);
                corked = true;
            }
            super.send(connection, sequence, more);
            if (!more && corked) {
                pool().flush();
            }
        }

        @Override
        public void sendText(int connection, String text) {
            super.sendText(connection, text);
            if (corked) {
                pool().flush();
            }
        }
    }
}
