package io.wspool.examples;

import io.netty.util.concurrent.Ticker;
import io.wspool.AttemptBudget;
import io.wspool.WebSocketPool;
import io.wspool.WebSocketPoolBuilder;
import io.wspool.api.BudgetSettings;
import io.wspool.api.CloseAction;
import io.wspool.api.ClosePolicies;
import io.wspool.api.ClosePolicy;
import io.wspool.api.PooledChannel;
import io.wspool.api.ProbeSettings;
import io.wspool.api.SendResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** Settings for places that differ. */
public final class Recipes {
    private Recipes() {}

    /** A venue that cuts connections after 24 h. */
    static WebSocketPoolBuilder venueThatCutsAfterADay(String url) {
        return WebSocketPool.to(url).channels(4).maxLifetime(Duration.ofHours(23));
    }

    /** A venue that allows one connection. */
    static WebSocketPoolBuilder venueThatAllowsOne(String url) {
        return WebSocketPool.to(url).polite();
    }

    /** A server that one runs oneself: it does not count pings. */
    static WebSocketPoolBuilder ownServer(String url) {
        return WebSocketPool.to(url).channels(4).lan();
    }

    /** Something between: a stall is noticed in a quarter of a second, for four pings a second. */
    static WebSocketPoolBuilder inBetween(String url) {
        return WebSocketPool.to(url).probe(new ProbeSettings(Duration.ofMillis(250), Duration.ofMillis(50)));
    }

    /** Two pools that together do not storm one server, and many places that are filled in minutes instead of hours. */
    static List<WebSocketPoolBuilder> sharedBudget(String url) {
        AttemptBudget budget =
                new AttemptBudget(new BudgetSettings(100, 50, 10), Ticker.systemTicker()); // Netty's ticker
        var prices = WebSocketPool.to(url).name("prices").channels(5_000).budget(budget);
        var orders = WebSocketPool.to(url).name("orders").channels(5_000).budget(budget);
        return List.of(prices, orders);
    }

    /** A cancel must not overtake its order: what belongs together goes over one channel. */
    static SendResult inOrder(WebSocketPool pool, long account, ByteBuffer order, long clientOrderId) {
        PooledChannel home = pool.channel(account); // null while nothing is live
        return home == null ? SendResult.NO_LIVE_CHANNEL : home.send(order, clientOrderId);
    }

    /** A close code of the venue's own that means: do not come back. */
    static WebSocketPoolBuilder codeOfTheVenue(String url) {
        ClosePolicy standard = ClosePolicies.standard();
        return WebSocketPool.to(url)
                .closePolicy(cause -> cause.code() == 4321 ? CloseAction.HALT : standard.onClose(cause));
    }
}
