package io.wspool;

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
    private final long suspectNanos = Staleness.SUSPECT_NANOS;
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
    void watch(Slot slot) {
        if (slot.lifetimeNanos() > 0) {
            lookAfter(slot.lifetimeNanos());
        }
        look();
    }

    /** A channel has become suspect: looks again when that has lasted. */
    void suspected() {
        lookAfter(suspectNanos);
    }

    /** The user wants the stalest replaced. */
    void ask() {
        asked = true;
        look();
    }

    /** A successor could not be opened: the old channel stays, and it is tried again after the back-off. */
    void failed(int slot, int failures) {
        long delay = supervisor.delayNanos(io.wspool.api.CloseAction.BACK_OFF, Math.max(1, failures));
        waits = true;
        waitsUntil = supervisor.now() + delay;
        lookAfter(delay);
    }

    /** Something has ended that may have been in the way. */
    void again() {
        look();
    }

    private void lookAfter(long nanos) {
        supervisor.home().schedule(this::look, nanos);
    }

    private void look() {
        if (supervisor.closing() || supervisor.replacing()) {
            return;
        }
        long now = supervisor.now();
        if (waits && now - waitsUntil < 0) {
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
        boolean byAge = !everByAge || now - lastByAge >= spacingNanos;
        Staleness.Candidate victim = Staleness.stalest(candidates, asked, byAge);
        if (victim != null) {
            replace(victim, victim.reason(asked), now);
        } else if (!byAge && Staleness.stalest(candidates, asked, true) != null) {
            lookAfter(spacingNanos - (now - lastByAge));
        }
    }

    private void replace(Staleness.Candidate victim, Staleness.@Nullable Reason reason, long now) {
        Slot slot = supervisor.slots()[victim.slot()];
        if (supervisor.hasFreeConnection()) {
            note(reason, now);
            slot.replace();
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
