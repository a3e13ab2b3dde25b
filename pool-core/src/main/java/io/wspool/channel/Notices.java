package io.wspool.channel;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.Standing;

/**
 * What one channel has to tell its pool and the user between two changes of its state: each at the end of a turn, never in mid-call, and
 * once however often it is asked for. Itself it is the task that tells tokens, as the one that comes with every pong. Loop only.
 */
final class Notices implements Runnable {
    private final WebSocketChannel channel;
    private final UserCalls user;
    private final Ledger ledger;
    private final Outbound out;
    private final Load load;
    private final int mostMoves;

    private boolean tellWanted;
    private boolean moveWanted;

    Notices(WebSocketChannel channel, UserCalls user, Ledger ledger, Outbound out, Load load, int mostMoves) {
        this.channel = channel;
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
            channel.loop().atEndOfTurn(() -> user.writable(channel));
        } else if (!takes && load.takeDebt()) {
            channel.loop().atEndOfTurn(channel.owner()::owesWritable);
        }
    }

    /** The same, because a refused sender found room already. */
    void owedWritable() {
        load.tellsDebt();
        writable();
    }

    /** Tokens may have an outcome: their pong came, or they are above their bound. */
    void tokens() {
        if (!tellWanted && (ledger.hasConfirmedTokens() || ledger.hasTokensOverBound())) {
            tellWanted = true;
            channel.loop().atEndOfTurn(this);
        }
    }

    @Override
    public void run() {
        tellWanted = false;
        ledger.tellTokens();
        out.wantFlush(); // tokens have room again, and the account has changed
    }

    /** Waiting messages should find another channel. */
    void move() {
        if (!moveWanted) {
            moveWanted = true;
            channel.loop().atEndOfTurn(this::moveWaiting);
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
        channel.loop().atEndOfTurn(() -> {
            ChannelSnapshot now = channel.snapshot();
            user.event(listener -> listener.onHeartbeatMiss(now, miss, allowed));
        });
    }

    void pingDeaf() {
        out.wantFlush();
        channel.loop().atEndOfTurn(() -> {
            ChannelSnapshot now = channel.snapshot();
            user.event(listener -> listener.onPingDeaf(now));
        });
    }
}
