package io.wspool;

import io.wspool.api.ChannelState;
import io.wspool.channel.WebSocketChannel;

/**
 * The time after which the life of a channel counts as a success, if the channel is open and has heard something by then; else it is given
 * the same time again. Home loop only.
 */
final class Probation implements Runnable {
    private final Supervisor supervisor;
    private final Slot slot;
    private final WebSocketChannel channel;

    Probation(Supervisor supervisor, Slot slot, WebSocketChannel channel) {
        this.supervisor = supervisor;
        this.slot = slot;
        this.channel = channel;
    }

    /** Its time is over. */
    @Override
    public void run() {
        if (channel == slot.live() && channel.state() == ChannelState.OPEN) {
            channel.loop().execute(() -> {
                boolean heard = channel.heard();
                supervisor.onHome(() -> judge(heard));
            });
        }
    }

    private void judge(boolean heard) {
        if (heard) {
            slot.stable();
        } else {
            long again = supervisor.settings().reconnect().stableAfter().toNanos();
            supervisor.home().schedule(this, again);
        }
    }
}
