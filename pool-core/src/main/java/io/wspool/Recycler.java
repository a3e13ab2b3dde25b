package io.wspool;

import io.netty.util.concurrent.ScheduledFuture;
import io.wspool.api.CloseAction;
import io.wspool.api.PoolSettings;
import io.wspool.channel.WebSocketChannel;
import io.wspool.health.Staleness;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the stalest channel (LRU): by age, after 3 s of suspicion, or when asked. One at a time; the new channel is open and ready
 * before the old one drains, unless {@code maxConnections} has no room for both. Home loop only.
 */
final class Recycler {
    private final Supervisor supervisor;
    private final PoolSettings settings;
    private final long spacingNanos;
    private @Nullable ScheduledFuture<?> timer;
    private long timerDue;
    private boolean asked;
    private boolean everByAge;
    private long lastByAge;
    private boolean waits;
    private long waitsUntil;

    Recycler(Supervisor supervisor, PoolSettings settings) {
        this.supervisor = supervisor;
        this.settings = settings;
        this.spacingNanos = Staleness.spacingNanos(settings.recycle(), settings.channels());
    }

    /** A channel has become live: looks again when its life is over. */
    void watch(long lifetimeNanos) {
        if (lifetimeNanos > 0) {
            lookAfter(lifetimeNanos);
        }
        look();
    }

    /** A channel has become suspect: looks again when that has lasted. */
    void suspected() {
        lookAfter(Staleness.SUSPECT_NANOS);
    }

    /** The user wants the stalest replaced. */
    void ask() {
        asked = true;
        look();
    }

    /** A successor could not be opened: the old channel stays, and it is tried again after the back-off, at its cap if refused. */
    void failed(CloseAction action, int failures) {
        boolean refused = action == CloseAction.HALT || action == CloseAction.LEAVE;
        CloseAction then = refused ? CloseAction.BACK_OFF_AT_CAP : action;
        long delay = supervisor.endpoint().delayNanos(then, Math.max(1, failures));
        waits = true;
        waitsUntil = supervisor.now() + delay;
        lookAfter(delay);
    }

    /** Something has ended that may have been in the way. */
    void again() {
        look();
    }

    /** One timer, for the nearest thing to look at. */
    private void lookAfter(long nanos) {
        long due = supervisor.now() + nanos;
        ScheduledFuture<?> running = timer;
        if (running != null && due - timerDue >= 0) {
            return; // it looks before that, and then sees what is next
        }
        if (running != null) {
            running.cancel(false);
        }
        timerDue = due;
        timer = supervisor.home().schedule(this::timeUp, nanos);
    }

    private void timeUp() {
        timer = null;
        look();
    }

    private void look() {
        if (supervisor.closing()
                || supervisor.replacing()
                || !(asked || settings.recycle().byAge() || supervisor.anySuspect())) {
            return;
        }
        long now = supervisor.now();
        if (waits && now - waitsUntil < 0) {
            lookAfter(waitsUntil - now);
            return;
        }
        waits = false;
        List<Staleness.Candidate> candidates = new ArrayList<>();
        for (Slot slot : supervisor.slots()) {
            Staleness.Candidate candidate = slot.candidate();
            if (candidate != null) {
                candidates.add(candidate);
                if (candidate.pinned() && candidate.reason(asked) != null) {
                    slot.tellSkipped();
                }
            }
        }
        if (candidates.isEmpty()) {
            asked = false; // there is nothing that could be replaced
            return;
        }
        boolean byAge = !everByAge || now - lastByAge >= spacingNanos;
        Staleness.Candidate victim = Staleness.stalest(candidates, asked, byAge);
        if (victim != null) {
            replace(victim, victim.reason(asked), now);
        } else {
            asked = false; // all are pinned
            if (!byAge && Staleness.stalest(candidates, false, true) != null) {
                lookAfter(spacingNanos - (now - lastByAge));
            }
        }
        for (Staleness.Candidate candidate : candidates) {
            lookAtNext(candidate);
        }
    }

    /** The timer is for the nearest: so each look asks for the ones after it. */
    private void lookAtNext(Staleness.Candidate candidate) {
        if (candidate.lifetimeNanos() > candidate.openForNanos()) {
            lookAfter(candidate.lifetimeNanos() - candidate.openForNanos());
        }
        if (candidate.suspect() && candidate.suspectForNanos() < Staleness.SUSPECT_NANOS) {
            lookAfter(Staleness.SUSPECT_NANOS - candidate.suspectForNanos());
        }
    }

    private void replace(Staleness.Candidate victim, Staleness.@Nullable Reason reason, long now) {
        Slot slot = supervisor.slots()[victim.slot()];
        if (supervisor.hasFreeConnection()) {
            note(reason, now);
            slot.replace(reason == Staleness.Reason.SUSPECT);
            return;
        }
        if (reason == Staleness.Reason.SUSPECT || settings.maxConnections() > settings.channels()) {
            return; // a free connection will come; until then the suspect one keeps its place
        }
        WebSocketChannel old = slot.live();
        boolean othersLive = supervisor.dispatcher().live().length > 1;
        if (old != null && (othersLive || settings.channels() == 1)) {
            note(reason, now);
            slot.retire(old);
        }
    }

    private void note(Staleness.@Nullable Reason reason, long now) {
        asked = false;
        if (reason == Staleness.Reason.AGE) {
            everByAge = true;
            lastByAge = now;
        }
    }
}
