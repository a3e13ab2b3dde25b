package io.wspool.bench.client;

import io.wspool.api.LoopMode;
import io.wspool.api.Message;
import io.wspool.api.PooledChannel;
import java.util.concurrent.Semaphore;

/**
 * Our pool on a thread of its own that never sleeps, while the caller parks. Between rounds it would take the core from the others: so
 * its last message of a round is a text whose echo is not returned from before the next. One loop has all channels, so one text is enough.
 */
final class SpinningPool extends WspoolContender {
    private final Semaphore held = new Semaphore(0);
    private final Semaphore go = new Semaphore(0);
    private boolean resting;

    SpinningPool(ClientOptions options) {
        super(options, "its thread spins, the caller parks");
    }

    @Override
    LoopMode loopMode() {
        return LoopMode.SPINNING;
    }

    @Override
    void receive(Receiver receiver, PooledChannel channel, Message message) {
        if (message.isText() && message.text().equals(REST)) {
            held.release();
            go.acquireUninterruptibly();
        } else {
            super.receive(receiver, channel, message);
        }
    }

    @Override
    public void rest() {
        newOutbox().sendText(0, REST);
        held.acquireUninterruptibly();
        resting = true;
    }

    @Override
    public void resume() {
        if (resting) {
            resting = false;
            go.release();
        }
    }

    @Override
    public void close() {
        resume();
        super.close();
    }
}
