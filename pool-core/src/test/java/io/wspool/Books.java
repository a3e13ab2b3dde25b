package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.Account;
import io.wspool.api.Outcome;
import io.wspool.api.OutcomeListener;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/** The caller's own books: which tokens were accepted, and what was told of each. Tokens count from 0. */
final class Books implements OutcomeListener {
    private final AtomicIntegerArray accepted;
    private final AtomicIntegerArray told;
    private final Map<Outcome, LongAdder> ends = new ConcurrentHashMap<>();

    Books(int tokens) {
        accepted = new AtomicIntegerArray(tokens);
        told = new AtomicIntegerArray(tokens);
    }

    /** Notes what a send answered; returns it. */
    SendResult sent(int token, SendResult result) {
        if (result == SendResult.ACCEPTED) {
            accepted.incrementAndGet(token);
        }
        return result;
    }

    @Override
    public void onOutcome(
            PooledChannel channel, Outcome outcome, Outcome.Reason reason, long[] tokens, int from, int to) {
        for (int i = from; i < to; i++) {
            told.incrementAndGet((int) tokens[i]);
            ends.computeIfAbsent(outcome, first -> new LongAdder()).increment();
        }
    }

    long count(Outcome outcome) {
        return ends.getOrDefault(outcome, new LongAdder()).sum();
    }

    int told(int token) {
        return told.get(token);
    }

    long accepted() {
        long sum = 0;
        for (int i = 0; i < accepted.length(); i++) {
            sum += accepted.get(i);
        }
        return sum;
    }

    /** The pool is closed: one outcome for each accepted token, none for others, and the pool's account says the same. */
    void assertExact(Account account) {
        for (int token = 0; token < told.length(); token++) {
            if (told.get(token) != accepted.get(token)) {
                throw new AssertionError("token " + token + " was accepted " + accepted.get(token) + " times and told "
                        + told.get(token) + " times; " + account);
            }
        }
        assertThat(account)
                .isEqualTo(new Account(
                        accepted(),
                        count(Outcome.CONFIRMED) + count(Outcome.UNKNOWN),
                        count(Outcome.CONFIRMED),
                        count(Outcome.UNKNOWN),
                        count(Outcome.NOT_SENT),
                        0,
                        0));
        assertThat(account.open()).isZero();
    }
}
