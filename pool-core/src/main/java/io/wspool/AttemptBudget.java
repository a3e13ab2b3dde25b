package io.wspool;

import io.netty.util.concurrent.Ticker;
import io.wspool.api.BudgetSettings;
import io.wspool.api.Check;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often, and how many at a time, an endpoint (host and port) may be dialled. One for each pool, unless the user gives
 * the same one to several pools that together must not storm a server.
 * <p>Each endpoint has a bucket of tokens, {@code burst} deep and refilled at {@code perSecond}; a dial takes one when it
 * begins. At most {@code inFlight} dials are under way at a time (RFC 6455 §4.1 wants one). Who must wait stands in one
 * line, first come, first served, whatever the pool. Nobody polls: a place whose turn comes is called; only the first in
 * line is ever told to come back after a time, when tokens are missing or the endpoint is on hold.
 * <p><b>Threads:</b> any; one short lock, under which nobody is called back. <b>Bound:</b> one small object for each place
 * that waits or dials and for each endpoint that was dialled of late. <b>Time:</b> that of the ticker it is made with. A
 * pool whose caller stops polling it in the middle of a dial keeps the others of that endpoint waiting: share a budget
 * only among pools that are all driven.
 */
public final class AttemptBudget {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptBudget.class);
    private static final double NANOS_PER_SECOND = 1e9;

    /** What {@link Turn#begin} answers when it is not the place's turn: its {@code whenFree} will be run. */
    static final long WAIT = -1;

    private final Ticker ticker;
    private final int inFlightLimit;
    private final long tokenNanos;
    private final long fullNanos;
    /** The lock, too: guards all endpoints and all turns. */
    private final Map<String, Bucket> endpoints = new HashMap<>();

    /** With these limits, in this time. */
    public AttemptBudget(BudgetSettings settings, Ticker ticker) {
        this.ticker = Check.notNull("budget.ticker", ticker);
        this.inFlightLimit = settings.inFlight();
        this.tokenNanos = (long) Math.ceil(NANOS_PER_SECOND / settings.perSecond()); // rounded towards fewer
        this.fullNanos = tokenNanos * settings.burst();
    }

    /**
     * Gets in line. Call {@link Turn#begin} next.
     *
     * @param hostAndPort the endpoint; compared as it is
     * @param whenFree run once each time the turn comes after a {@link #WAIT}, on the thread that made room; must only
     *     hand over to the place's own loop, which calls {@code begin} again
     */
    Turn lineUp(String hostAndPort, Runnable whenFree) {
        synchronized (endpoints) {
            Bucket bucket = endpoints.get(hostAndPort);
            if (bucket == null) {
                long now = ticker.nanoTime();
                endpoints.values().removeIf(other -> other.isForgettable(now));
                bucket = new Bucket(now);
                endpoints.put(hostAndPort, bucket);
            }
            Turn turn = new Turn(bucket, whenFree);
            bucket.line.add(turn);
            return turn;
        }
    }

    /** Nobody begins a dial of this endpoint for so long from now: a {@code Retry-After}. A longer hold is not shortened. */
    void hold(String hostAndPort, long nanos) {
        synchronized (endpoints) {
            long now = ticker.nanoTime();
            endpoints.computeIfAbsent(hostAndPort, key -> new Bucket(now)).hold(nanos, now);
        }
    }

    /** How many endpoints are remembered; for tests. */
    int remembered() {
        synchronized (endpoints) {
            return endpoints.size();
        }
    }

    /** Calls the place whose turn it is. One that cannot be called (its loop has ended) is dropped, and the next called. */
    private void call(@Nullable Turn turn) {
        Turn next = turn;
        while (next != null) {
            try {
                next.whenFree.run();
                return;
            } catch (RuntimeException e) {
                LOG.warn("a place in line for a dial cannot be called and loses its turn", e);
                next = next.leave();
            }
        }
    }

    private enum State {
        /** In line, and will be called. */
        WAITING,
        /** In line, and comes by itself: new, called, or told to come back after a time. */
        COMING,
        /** Dials. */
        DIALLING,
        /** Out of it. */
        DONE
    }

    /** One place's wish to dial once: in line, then dialling, then done. Any thread; the lock of the budget guards it. */
    final class Turn {
        private final Bucket bucket;
        private final Runnable whenFree;
        private State state = State.COMING;

        private Turn(Bucket bucket, Runnable whenFree) {
            this.bucket = bucket;
            this.whenFree = whenFree;
        }

        /**
         * Begins the dial if it may.
         *
         * @return 0: dial now, and {@link #release} at its 101 or its end; more: tokens are missing, ask again after so
         *     many nanoseconds; {@link #WAIT}: others come first, {@code whenFree} will be run
         */
        long begin() {
            Turn next;
            synchronized (endpoints) {
                if (state == State.DIALLING || state == State.DONE) {
                    return state == State.DIALLING ? 0 : WAIT; // a call that crossed with its own end
                }
                if (bucket.first() != this || bucket.inFlight >= inFlightLimit) {
                    state = State.WAITING;
                    return WAIT;
                }
                long delay = bucket.delayNanos(ticker.nanoTime());
                if (delay > 0) {
                    return delay;
                }
                bucket.creditNanos -= tokenNanos;
                bucket.inFlight++;
                bucket.line.remove(this);
                state = State.DIALLING;
                next = bucket.nextToCall();
            }
            call(next);
            return 0;
        }

        /** The dial is over, or no longer wanted while in line. Says it once, however often it is called. */
        void release() {
            call(leave());
        }

        private @Nullable Turn leave() {
            synchronized (endpoints) {
                if (state == State.DIALLING) {
                    bucket.inFlight--;
                } else {
                    bucket.line.remove(this);
                }
                state = State.DONE;
                return bucket.nextToCall();
            }
        }
    }

    /** One host and port: its tokens and its line. Under the lock. */
    private final class Bucket {
        /** In order of arrival; any of them can leave at constant cost. */
        final Set<Turn> line = new LinkedHashSet<>();

        int inFlight;
        /** The bucket, in time: a token is worth {@link #tokenNanos}. So no fraction of one is ever lost. */
        long creditNanos = fullNanos;

        private long creditedAt;
        private long heldSince;
        private long heldFor;

        Bucket(long now) {
            creditedAt = now;
            heldSince = now;
        }

        @Nullable
        Turn first() {
            Iterator<Turn> turns = line.iterator();
            return turns.hasNext() ? turns.next() : null;
        }

        /** Whom to call, if anybody has come to be the first and could begin. Afterwards it comes by itself. */
        @Nullable
        Turn nextToCall() {
            Turn first = first();
            if (first == null || first.state != State.WAITING || inFlight >= inFlightLimit) {
                return null;
            }
            first.state = State.COMING;
            return first;
        }

        void hold(long nanos, long now) {
            if (nanos > heldFor - (now - heldSince)) {
                heldSince = now;
                heldFor = nanos;
            }
        }

        long delayNanos(long now) {
            refill(now);
            return Math.max(tokenNanos - creditNanos, heldFor - (now - heldSince));
        }

        boolean isForgettable(long now) {
            refill(now);
            return line.isEmpty() && inFlight == 0 && creditNanos == fullNanos && now - heldSince >= heldFor;
        }

        private void refill(long now) {
            creditNanos += Math.min(fullNanos - creditNanos, now - creditedAt);
            creditedAt = now;
        }
    }
}
