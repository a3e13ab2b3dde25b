package io.wspool.api;

/**
 * Hears what became of messages that were sent with a token.
 * <p><b>Threads:</b> the loop of the channel; two loops may call at the same time. <b>Order:</b> of one channel's
 * confirmations, the order in which the messages were written. <b>Cost:</b> no allocation; return within microseconds.
 * An outcome may arrive before {@code send} has returned. What a listener throws is counted, logged, and changes nothing.
 */
@FunctionalInterface
public interface OutcomeListener {
    /**
     * Tells one outcome that is common to a slice of tokens.
     *
     * @param channel where the messages were, or were to be, written
     * @param outcome what became of them
     * @param reason why
     * @param tokens borrowed: valid during the call only; do not change it
     * @param from index of the first token
     * @param to index after the last token
     */
    void onOutcome(PooledChannel channel, Outcome outcome, Outcome.Reason reason, long[] tokens, int from, int to);
}
