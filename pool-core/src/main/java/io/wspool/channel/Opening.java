package io.wspool.channel;

import io.netty.channel.ChannelHandlerContext;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.Outcome;
import io.wspool.api.PoolSettings;
import io.wspool.api.Standing;
import io.wspool.loop.DirectSocket;
import io.wspool.loop.ReceiveAllocator;
import io.wspool.wire.CloseCodes;
import org.jspecify.annotations.Nullable;

/** From the dial to the moment when others may use the channel. Loop only. */
final class Opening {
    private final WebSocketChannel channel;
    private final ChannelLoop share;
    private final PoolSettings settings;
    private final UserCalls user;
    private final Outbound out;
    private final Liveness liveness;
    private final Load load;
    private @Nullable Dial dial;
    private boolean ready;

    Opening(
            WebSocketChannel channel,
            ChannelLoop share,
            PoolSettings settings,
            UserCalls user,
            Outbound out,
            Liveness liveness,
            Load load) {
        this.channel = channel;
        this.share = share;
        this.settings = settings;
        this.user = user;
        this.out = out;
        this.liveness = liveness;
        this.load = load;
    }

    void dial(Dialler dialler) {
        Dial started = new Dial(channel, this, share, settings, dialler);
        dial = started;
        started.start();
    }

    boolean isDialling() {
        return dial != null;
    }

    /** Nobody wants it any more: what the dial still brings is dropped. */
    void abandon() {
        Dial running = dial;
        if (running != null) {
            dial = null;
            running.abandon();
        }
    }

    /** The 101 was verified. */
    void opened(ChannelHandlerContext writeFrom, ReceiveAllocator receive, boolean tls, Tail tail, long upgradeNanos) {
        dial = null;
        DirectSocket socket = share.environment.transport().direct(writeFrom.channel());
        if (socket != null && !tls) {
            receive.share(); // our reader keeps no bytes
        }
        out.open(writeFrom, socket, tls);
        load.opened(upgradeNanos);
        channel.become(ChannelState.OPEN, null);
        user.opened(
                channel); // before frames that came with the 101: what is sent here is the first that the server reads
        if (channel.state() != ChannelState.OPEN) {
            return;
        }
        liveness.opened(upgradeNanos, tail);
        share.loop.schedule(this::warm, load.warmUpNanos());
        out.wantFlush();
        if (settings.manualReady()) {
            share.loop.schedule(
                    this::notReady, settings.connect().readyDeadline().toNanos());
        } else {
            ready();
        }
    }

    private void warm() {
        if (channel.standing() == Standing.WARM && channel.state() == ChannelState.OPEN) {
            channel.stand(Standing.GOOD);
        }
    }

    /** Others may use it: told behind the event of its open, should this be called while it opens. */
    void ready() {
        share.loop.atEndOfTurn(() -> {
            if (!ready && channel.isUsable()) {
                ready = true;
                channel.becameReady();
            }
        });
    }

    private void notReady() {
        if (!ready && channel.state() == ChannelState.OPEN) {
            String detail = "ready() was not called within "
                    + settings.connect().readyDeadline().toMillis() + " ms";
            CloseCause why = new CloseCause(CloseCause.Kind.NOT_READY, CloseCodes.NORMAL, "", false, detail, null);
            channel.drain(why, 0, Outcome.Reason.CHANNEL_CLOSED);
        }
    }
}
