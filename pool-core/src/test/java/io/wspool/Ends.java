package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.Account;
import io.wspool.api.Outcome;
import io.wspool.api.OutcomeListener;
import io.wspool.api.PooledChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What became of each token: its own account, to hold the pool's against. */
final class Ends implements OutcomeListener {
    private final Map<Long, Outcome> byToken = new ConcurrentHashMap<>();
    private final AtomicInteger twice = new AtomicInteger();

    @Override
    public void onOutcome(
            PooledChannel channel, Outcome outcome, Outcome.Reason reason, long[] tokens, int from, int to) {
        for (int i = from; i < to; i++) {
            if (byToken.put(tokens[i], outcome) != null) {
                twice.incrementAndGet();
            }
        }
    }

    long count(Outcome outcome) {
        return byToken.values().stream().filter(outcome::equals).count();
    }

    /** The outcome of a token, or null while it has none. */
    Outcome of(long token) {
        return byToken.get(token);
    }

    /** All of {@code accepted} sends had a token, and nothing is open: the pool's account and this one must be the same. */
    void assertExact(Account account, long accepted) {
        assertThat(twice).as("tokens told twice").hasValue(0);
        assertThat(account.accepted()).isEqualTo(accepted);
        assertThat(account.open()).as("open, of %s", account).isZero();
        assertThat(byToken).hasSize(Math.toIntExact(accepted));
        assertThat(count(Outcome.CONFIRMED)).as("confirmed").isEqualTo(account.confirmed());
        assertThat(count(Outcome.UNKNOWN)).as("unknown").isEqualTo(account.unknown());
        assertThat(count(Outcome.NOT_SENT)).as("not sent").isEqualTo(account.notSent());
        assertThat(account.confirmed() + account.unknown() + account.notSent()).isEqualTo(accepted);
    }
}
