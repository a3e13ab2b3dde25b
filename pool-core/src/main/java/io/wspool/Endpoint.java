package io.wspool;

import io.wspool.api.BreakerState;
import io.wspool.api.CloseAction;
import io.wspool.api.PoolSettings;
import io.wspool.health.Backoff;
import io.wspool.health.Breaker;
import io.wspool.health.FallDetector;
import io.wspool.loop.Chance;

/**
 * The one host and port that a pool dials: what its places have met there, and so whether and when it may be dialled. Breaker, back-off
 * and falls are asked here together, and the pool hears of each step of the breaker. Home loop only; {@link #breaker} from any thread.
 */
final class Endpoint {
    private final Supervisor supervisor;
    private final String hostAndPort;
    private final AttemptBudget budget;
    private final Breaker breaker;
    private final Backoff backoff;
    private final FallDetector falls;
    private final Chance chance;
    private final long trialNanos;
    private volatile BreakerState told = BreakerState.CLOSED;

    Endpoint(Supervisor supervisor, String hostAndPort, PoolSettings settings, AttemptBudget budget, Chance chance) {
        this.supervisor = supervisor;
        this.hostAndPort = hostAndPort;
        this.budget = budget;
        this.breaker = new Breaker(settings.reconnect(), settings.channels());
        this.backoff = new Backoff(settings.reconnect());
        this.falls = new FallDetector(settings.channels());
        this.chance = chance;
        this.trialNanos = settings.reconnect().breakerOpen().toNanos();
    }

    // What places tell.

    /** A dial of this place begins; {@link #mayDial} has allowed it. */
    void dialStarted(int place) {
        breaker.dialStarted(place, supervisor.now());
        tell();
    }

    /** It has got its 101. */
    void opened(int place) {
        breaker.opened101(place);
        if (breaker.state() == BreakerState.HALF_OPEN) {
            supervisor.wakeDiallers();
        }
    }

    /** A dial failed, or a life ended before it was stable and not by our own wish. */
    void failed(int place) {
        breaker.failed(place, supervisor.now());
        tell();
    }

    /** A life has proved itself. */
    void stable(int place) {
        breaker.stable(place);
        tell();
    }

    /** This side has ended the dial or the life: no verdict. */
    void withdrawn(int place) {
        breaker.withdrawn(place);
        tell();
    }

    /** The user wants this place tried again. */
    void forgive(int place) {
        breaker.forgive(place);
    }

    /** A live channel has ended that this side did not want to end. */
    void fell() {
        falls.fell(supervisor.now());
    }

    /** Nobody dials for so long: the server has asked for it. */
    void hold(long nanos) {
        budget.hold(hostAndPort, nanos);
    }

    // What they ask.

    /** Whether the breaker lets a dial begin now. */
    boolean mayDial() {
        return breaker.mayDial(supervisor.now());
    }

    /** How long to wait for a dial that the breaker does not let begin. */
    long untilTrial() {
        return breaker.state() == BreakerState.OPEN
                ? Math.max(1, breaker.nextTrialNanos() - supervisor.now())
                : trialNanos;
    }

    /** Gets in line for a dial. */
    AttemptBudget.Turn lineUp(Runnable whenFree) {
        return budget.lineUp(hostAndPort, whenFree);
    }

    /** How long to wait before the next dial of a place that has failed so often in a row. */
    long delayNanos(CloseAction action, int failures) {
        return backoff.delayNanos(action, failures, storm(), chance.nextDouble());
    }

    /** Whether so many have fallen together just now that their first retries are spread. */
    boolean storm() {
        return falls.storm(supervisor.now());
    }

    /** Failures of a place in a row. */
    int failures(int place) {
        return breaker.failures(place);
    }

    /** Where the breaker stands, as it was told last. */
    BreakerState breaker() {
        return told;
    }

    private void tell() {
        BreakerState from = told;
        BreakerState to = breaker.state();
        if (from != to) {
            told = to;
            supervisor.breakerMoved(from, to);
        }
    }
}
