package io.wspool.loop;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.Ticker;
import java.util.function.BooleanSupplier;

/** Netty's part of a {@link Loop}, which must not fall asleep over the hand-off queue. */
final class DrivenEventLoop extends ManualIoEventLoop {
    private final BooleanSupplier nothingWaits;

    DrivenEventLoop(IoHandlerFactory handlers, Ticker ticker, BooleanSupplier nothingWaits) {
        super(null, null, handlers, ticker);
        this.nothingWaits = nothingWaits;
    }

    long nanosToNextTimer() {
        long next = nextScheduledTaskNano();
        return next < 0 ? Long.MAX_VALUE : next;
    }

    @Override
    protected boolean canBlock() {
        return nothingWaits.getAsBoolean();
    }
}
