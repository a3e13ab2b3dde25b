package io.wspool.examples;

import io.netty.util.concurrent.Ticker;
import io.wspool.AttemptBudget;
import io.wspool.WebSocketPool;
import io.wspool.WebSocketPoolBuilder;
import io.wspool.api.BudgetSettings;
import io.wspool.api.CloseAction;
import io.wspool.api.ClosePolicies;
import io.wspool.api.ClosePolicy;
import io.wspool.api.ProbeSettings;
import java.time.Duration;

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
    static WebSocketPoolBuilder[] sharedBudget(String url) {
        AttemptBudget budget = new AttemptBudget(new BudgetSettings(100, 50, 10), Ticker.systemTicker());
        return new WebSocketPoolBuilder[] {
            WebSocketPool.to(url).name("prices").channels(5_000).budget(budget),
            WebSocketPool.to(url).name("orders").channels(5_000).budget(budget),
        };
    }

    /** A close code of the venue's own that means: do not come back. */
    static WebSocketPoolBuilder codeOfTheVenue(String url) {
        ClosePolicy standard = ClosePolicies.standard();
        return WebSocketPool.to(url)
                .closePolicy(cause -> cause.code() == 4321 ? CloseAction.HALT : standard.onClose(cause));
    }
}
