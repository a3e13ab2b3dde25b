package io.wspool.health;

import io.wspool.api.BreakerState;
import io.wspool.api.ReconnectSettings;
import java.util.Arrays;

/**
 * Stops the dialling of an endpoint that does not recover.
 * <p>Opens when one place has failed more than {@code breakerFailures} times in a row and no life at the endpoint became
 * stable meanwhile: counting all places together would open it within seconds of any restart. After {@code breakerOpen}
 * one dial is on trial. Its 101 lets the others dial too, but only a stable life, anywhere, closes the breaker; a failure
 * of the trial, its life ending too soon included, opens it again, and so does any place that is over the limit still.
 * <p><b>Thread:</b> one, the home loop. <b>Cost:</b> constant, except that a stable life clears all counts.
 * <b>Bound:</b> two {@code int} for each place.
 */
public final class Breaker {
    private static final int NOBODY = -1;

    private final int limit;
    private final long openForNanos;
    /** For each place: failures in a row of its own. */
    private final int[] failures;
    /** For each place: the same, but only those since the last stable life anywhere. */
    private final int[] sinceStable;

    private BreakerState state = BreakerState.CLOSED;
    private long openedAtNanos;
    /** The place on trial while half open. */
    private int trial = NOBODY;
    /** The trial has got its 101. */
    private boolean admitted;

    /** For an endpoint that is dialled from so many places. */
    public Breaker(ReconnectSettings settings, int places) {
        this.limit = settings.breakerFailures();
        this.openForNanos = settings.breakerOpen().toNanos();
        this.failures = new int[places];
        this.sinceStable = new int[places];
    }

    /** A dial of this place failed, or its life ended before it was stable and not by our own wish. */
    public void failed(int slot, long nowNanos) {
        failures[slot]++;
        sinceStable[slot]++;
        boolean over = sinceStable[slot] > limit;
        boolean opens = switch (state) {
            case CLOSED -> over;
            case OPEN -> false; // a dial from before; the time runs from the one that opened it
            case HALF_OPEN -> slot == trial || (admitted && over);
        };
        if (opens) {
            openedAtNanos = nowNanos;
            enter(BreakerState.OPEN, NOBODY);
        }
    }

    /** A life of this place became stable. Whatever the state: the endpoint works. */
    public void stable(int slot) {
        failures[slot] = 0;
        Arrays.fill(sinceStable, 0);
        enter(BreakerState.CLOSED, NOBODY);
    }

    /** The user wants this place tried again: its own count begins anew; the state stays. */
    public void forgive(int slot) {
        failures[slot] = 0;
        sinceStable[slot] = 0;
    }

    /** Whether a place may begin a dial now; if so and it does, {@link #dialStarted} must follow. */
    public boolean mayDial(long nowNanos) {
        return switch (state) {
            case CLOSED -> true;
            case OPEN -> nowNanos - openedAtNanos >= openForNanos;
            case HALF_OPEN -> admitted;
        };
    }

    /** A dial began. The first after the open time is the one on trial. */
    public void dialStarted(int slot, long nowNanos) {
        if (state == BreakerState.OPEN && mayDial(nowNanos)) {
            enter(BreakerState.HALF_OPEN, slot);
        }
    }

    /** The dial of this place got its 101. */
    public void opened101(int slot) {
        admitted |= slot == trial;
    }

    /** This side ended the dial or the life of this place: no verdict. Before its 101 the trial is free for another. */
    public void withdrawn(int slot) {
        if (slot != trial) {
            return;
        }
        if (admitted) {
            trial = NOBODY;
        } else {
            enter(BreakerState.OPEN, NOBODY); // its time is over already: the next dial is the trial
        }
    }

    /** When a trial is allowed; means nothing unless {@link BreakerState#OPEN}. Compare by difference. */
    public long nextTrialNanos() {
        return openedAtNanos + openForNanos;
    }

    /** Where it stands. */
    public BreakerState state() {
        return state;
    }

    /** Failures of this place in a row, since its own last stable life: what its back-off counts. */
    public int failures(int slot) {
        return failures[slot];
    }

    private void enter(BreakerState next, int onTrial) {
        state = next;
        trial = onTrial;
        admitted = false;
    }
}
