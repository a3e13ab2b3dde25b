package io.wspool;

import io.netty.util.concurrent.ScheduledFuture;
import io.wspool.api.CloseAction;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a place and its next dial, in this order: the back-off, a connection under {@code maxConnections}, the breaker,
 * a turn and a token of the {@link AttemptBudget}. Made for each dial. Home loop only; what is planned may be read from any thread.
 */
final class NextDial {
    private final Supervisor supervisor;
    private final Slot slot;
    private volatile long dueNanos;
    private volatile boolean planned;
    private boolean joinsStorm;
    private boolean holdsConnection;
    private AttemptBudget.@Nullable Turn turn;
    private @Nullable ScheduledFuture<?> timer;

    NextDial(Supervisor supervisor, Slot slot) {
        this.supervisor = supervisor;
        this.slot = slot;
    }

    /** Plans it: the place is called in so many nanoseconds. */
    void in(long nanos) {
        stopTimer();
        dueNanos = supervisor.now() + nanos;
        planned = true;
        timer = supervisor.home().schedule(this::timeUp, nanos);
    }

    /** As {@link #in}, for a first retry that was drawn before anybody could see whether others fell too. */
    void inUnlessStorm(long nanos) {
        joinsStorm = true;
        in(nanos);
    }

    private void timeUp() {
        timer = null;
        if (joinsStorm && supervisor.endpoint().storm()) {
            joinsStorm = false; // this one fell before the storm could be seen: it joins the others' spread
            in(supervisor.endpoint().delayNanos(CloseAction.AT_ONCE, 0));
        } else {
            slot.goOn();
        }
    }

    /** Whether the dial may begin now; if not, the place is called again when what is missing may have come. */
    boolean mayBegin() {
        stopTimer();
        joinsStorm = false;
        if (!holdsConnection && !supervisor.takeConnection(slot)) {
            return false;
        }
        holdsConnection = true;
        if (!supervisor.endpoint().mayDial()) {
            leaveLine(); // or it would keep other pools of a shared budget waiting
            in(supervisor.endpoint().untilTrial());
            return false;
        }
        AttemptBudget.Turn inLine = turn;
        if (inLine == null) {
            inLine = supervisor.endpoint().lineUp(this::comeBack);
            turn = inLine;
        }
        long wait = inLine.begin();
        if (wait > 0) {
            in(wait);
        }
        return wait == 0;
    }

    private void comeBack() {
        if (!supervisor.home().execute(slot::goOn)) {
            throw new RejectedExecutionException("the loop has ended"); // so that the turn goes to the next in line
        }
    }

    /** It has begun: the connection is the channel's now, until its descriptor is closed. The turn lasts until {@link #leaveLine}. */
    void begun() {
        holdsConnection = false;
        planned = false;
    }

    /** The handshake is over, or not wanted any more: the next in line may dial. */
    void leaveLine() {
        AttemptBudget.Turn inLine = turn;
        if (inLine != null) {
            turn = null;
            inLine.release();
        }
    }

    /** It is not wanted any more. */
    void cancel() {
        stopTimer();
        leaveLine();
        planned = false;
        supervisor.noLongerWants(slot);
        if (holdsConnection) {
            holdsConnection = false;
            supervisor.releaseConnection();
        }
    }

    boolean waitsForTime() {
        return timer != null;
    }

    /** Until the next attempt; null when none is planned. Any thread. */
    @Nullable
    Duration plannedIn() {
        return planned ? Duration.ofNanos(Math.max(0, dueNanos - supervisor.now())) : null;
    }

    private void stopTimer() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            timer = null;
            running.cancel(false);
        }
    }
}
