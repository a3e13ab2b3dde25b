package io.wspool.examples;

import io.wspool.WebSocketPool;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.CloseHints;
import io.wspool.api.CloseResult;
import io.wspool.api.PoolListener;
import io.wspool.api.PoolState;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says what happens to a pool for ten seconds, and at the end what became of its messages. */
public final class WatchedPool implements PoolListener {
    @Override
    public void onPoolState(PoolState from, PoolState to) {
        System.out.println("pool " + from + " -> " + to);
    }

    @Override
    public void onState(ChannelSnapshot channel, ChannelState from, ChannelState to, @Nullable CloseCause cause) {
        if (to == ChannelState.CLOSED && cause != null) {
            System.out.println(channel.name() + "#" + channel.id() + " " + cause);
            System.out.println(CloseHints.of(cause, Locale.ENGLISH));
        }
    }

    @Override
    public void onHalted(int slot, CloseCause cause) {
        System.out.println("place " + slot + " is given up until resume(): " + cause);
    }

    public static void main(String[] args) throws Exception {
        WebSocketPool pool =
                WebSocketPool.to(args[0]).listener(new WatchedPool()).start();
        pool.awaitReady(Duration.ofSeconds(5));
        for (int second = 0; second < 10; second++) {
            System.out.println(pool.sendText("hello") + ", exposed now: "
                    + pool.snapshot().account().inflight());
            Thread.sleep(1_000);
        }
        CloseResult end = pool.close(Duration.ofSeconds(5));
        System.out.println(end.account());
    }
}
