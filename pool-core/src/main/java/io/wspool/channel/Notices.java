package io.wspool.channel;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.Standing;
import io.wspool.loop.Loop;

/**
 * What one channel has to tell its pool and the user between two changes of its state: each at the end of a turn, never in mid-call, and
 * once however often it is asked for. Loop only.
 */
final class Notices {
    private final WebSocketChannel channel;
    private final Loop loop;
    private final UserCalls user;
    private final Ledger ledger;
    private final Outbound out;
    private final Load load;
    private final int mostMoves;

    private final Runnable tellConfirmed = this::tellConfirmed;
    private final Runnable endTokensOverBound = this::endTokensOverBound;
    private final Runnable moveWaiting = this::moveWaiting;
    private boolean tellWanted;
    private boolean moveWanted;

    Notices(WebSocketChannel channel, UserCalls user, Ledger ledger, Outbound out, Load load, int mostMoves) {
        this.channel = channel;
        this.loop = channel.loop();
        this.user = user;
        this.ledger = ledger;
        this.out = out;
        this.load = load;
        this.mostMoves = mostMoves;
    }

    /** A refused sender hears of room here; of room elsewhere, as soon as nothing more is taken here. */
    void writable() {
        boolean takes = channel.isUsable();
        if (takes && load.takeDebtIfRoom(load.confirms())) {
            loop.atEndOfTurn(() -> user.writable(channel));
        } else if (!takes && load.takeDebt()) {
            loop.atEndOfTurn(channel.owner()::owesWritable);
        }
    }

    /** Tokens may have been confirmed. */
    void confirmed() {
        if (ledger.hasConfirmedTokens() && !tellWanted) {
            tellWanted = true;
            loop.atEndOfTurn(tellConfirmed);
        }
    }

    private void tellConfirmed() {
        tellWanted = false;
        ledger.tellConfirmed();
        out.wantFlush(); // tokens have room again
    }

    /** Tokens may be above their bound. */
    void overBound() {
        if (ledger.hasTokensOverBound()) {
            loop.atEndOfTurn(endTokensOverBound);
        }
    }

    private void endTokensOverBound() {
        ledger.endTokensOverBound();
        out.wantFlush(); // for the account
    }

    /** Waiting messages should find another channel. */
    void move() {
        if (!moveWanted) {
            moveWanted = true;
            loop.atEndOfTurn(moveWaiting);
        }
    }

    private void moveWaiting() {
        moveWanted = false;
        if (channel.state() == ChannelState.OPEN
                && channel.standing() == Standing.SUSPECT
                && !channel.owner().panic()) {
            channel.unsent().move(mostMoves);
        }
    }

    void missed(int miss, int allowed) {
        loop.atEndOfTurn(() -> {
            ChannelSnapshot now = channel.snapshot();
            user.event(listener -> listener.onHeartbeatMiss(now, miss, allowed));
        });
    }

    void pingDeaf() {
        out.wantFlush();
        loop.atEndOfTurn(() -> {
            ChannelSnapshot now = channel.snapshot();
            user.event(listener -> listener.onPingDeaf(now));
        });
    }
}
