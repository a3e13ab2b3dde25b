package io.wspool.channel;

import io.wspool.api.ApplicationHeartbeat;
import io.wspool.api.ChannelListener;
import io.wspool.api.Check;
import io.wspool.api.CloseAction;
import io.wspool.api.CloseCause;
import io.wspool.api.ClosePolicies;
import io.wspool.api.ClosePolicy;
import io.wspool.api.Message;
import io.wspool.api.MessageListener;
import io.wspool.api.Outcome;
import io.wspool.api.OutcomeListener;
import io.wspool.api.PoolListener;
import io.wspool.api.PooledChannel;
import io.wspool.api.WritableListener;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user's code, called so that it cannot hurt the pool: what it throws is counted and logged and breaks only its own call. A
 * flood of failures is logged at powers of two.
 */
public final class UserCalls {
    private static final Logger LOG = LoggerFactory.getLogger(UserCalls.class);

    private final MessageListener messages;
    private final ChannelListener opens;
    private final PoolListener events;
    private final OutcomeListener outcomes;
    private final WritableListener writables;
    private final LongAdder errors = new LongAdder();
    private PoolListener log = new PoolListener() {};

    /** Gathers the listeners. */
    public UserCalls(
            MessageListener messages,
            ChannelListener opens,
            PoolListener events,
            OutcomeListener outcomes,
            WritableListener writables) {
        this.messages = messages;
        this.opens = opens;
        this.events = events;
        this.outcomes = outcomes;
        this.writables = writables;
    }

    /** Rare events go there too, and first. Before loops are driven. */
    public void log(PoolListener listener) {
        log = listener;
    }

    void message(PooledChannel channel, Message message) {
        try {
            messages.onMessage(channel, message);
        } catch (Throwable t) {
            failed("onMessage", t);
        }
    }

    boolean isReply(ApplicationHeartbeat heartbeat, Message message) {
        try {
            return heartbeat.isReply(message);
        } catch (Throwable t) {
            failed("heartbeat.reply", t);
            return false;
        }
    }

    /** Asks the user's policy; what it throws, or null, is the standard's answer. */
    public CloseAction decide(ClosePolicy policy, CloseCause cause) {
        try {
            return Check.notNull("closePolicy's answer", policy.onClose(cause));
        } catch (Throwable t) {
            failed("closePolicy", t);
            return ClosePolicies.standard().onClose(cause);
        }
    }

    void opened(PooledChannel channel) {
        try {
            opens.onOpen(channel);
        } catch (Throwable t) {
            failed("onChannelOpen", t);
        }
    }

    void outcome(PooledChannel channel, Outcome outcome, Outcome.Reason reason, long[] tokens, int from, int to) {
        try {
            outcomes.onOutcome(channel, outcome, reason, tokens, from, to);
        } catch (Throwable t) {
            failed("onOutcomes", t);
        }
    }

    /** Tells room. */
    public void writable(PooledChannel channel) {
        try {
            writables.onWritable(channel);
        } catch (Throwable t) {
            failed("onWritable", t);
        }
    }

    /** Tells a rare event. */
    public void event(Consumer<PoolListener> event) {
        tell("log", log, event);
        tell("listener", events, event);
    }

    private void tell(String where, PoolListener listener, Consumer<PoolListener> event) {
        try {
            event.accept(listener);
        } catch (Throwable t) {
            failed(where, t);
        }
    }

    /** How often the user's code has thrown. */
    public long errors() {
        return errors.sum();
    }

    private void failed(String where, Throwable thrown) {
        errors.increment();
        long count = errors.sum();
        if (Long.bitCount(count) <= 1) {
            LOG.warn("a listener threw in {}, {} time(s) so far; the pool goes on", where, count, thrown);
        }
    }
}
