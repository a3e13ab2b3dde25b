package io.wspool.channel;

import io.wspool.api.Outcome;
import io.wspool.api.PooledChannel;

/** Tells outcomes of one channel to the user. Loop only, at the end of a turn. */
final class Outcomes {
    private final PooledChannel channel;
    private final UserCalls user;
    private final long[] one = new long[1];

    Outcomes(PooledChannel channel, UserCalls user) {
        this.channel = channel;
        this.user = user;
    }

    void tell(Outcome outcome, Outcome.Reason reason, long[] tokens, int from, int to) {
        user.outcome(channel, outcome, reason, tokens, from, to);
    }

    void tellOne(Outcome outcome, Outcome.Reason reason, long token) {
        one[0] = token;
        user.outcome(channel, outcome, reason, one, 0, 1);
    }
}
