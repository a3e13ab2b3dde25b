package io.wspool.health;

import io.wspool.api.RecycleSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which channel to replace: of those that have a reason, the one whose last useful activity (application data in
 * either direction, no heartbeats) is oldest.
 * <p><b>Thread:</b> any; pure functions. Rare: asked on the supervisor's tick.
 */
public final class Staleness {
    /** A channel that stays suspect for this long is replaced. */
    public static final long SUSPECT_NANOS = 3_000_000_000L;

    private Staleness() {}

    /** Why a channel is to be replaced. */
    public enum Reason {
        /** Suspect for 3 s. */
        SUSPECT,
        /** The user asked for the stalest. */
        ASKED,
        /** Its lifetime is over. */
        AGE;

        /** Whether it waits until the spacing since the last recycling by age is over. */
        public boolean spaced() {
            return this == AGE;
        }
    }

    /**
     * An open channel that could be replaced.
     *
     * @param slot its place
     * @param idleNanos since the last useful activity, or since it opened
     * @param openForNanos its age
     * @param lifetimeNanos its own limit, see {@link #lifetimeNanos}; 0 is none
     * @param suspect whether it is suspect
     * @param suspectForNanos for how long; means nothing otherwise
     * @param pinned whether the user wants it left alone
     */
    public record Candidate(
            int slot,
            long idleNanos,
            long openForNanos,
            long lifetimeNanos,
            boolean suspect,
            long suspectForNanos,
            boolean pinned) {
        /**
         * Why it is due, or null. Asked of a pinned channel too: the pool tells the user that it was due and left alone.
         *
         * @param asked whether the user asked for a recycling
         */
        public @Nullable Reason reason(boolean asked) {
            if (suspect && suspectForNanos >= SUSPECT_NANOS) {
                return Reason.SUSPECT;
            }
            if (asked) {
                return Reason.ASKED;
            }
            return lifetimeNanos > 0 && openForNanos >= lifetimeNanos ? Reason.AGE : null;
        }
    }

    /**
     * The victim, or null: the stalest of those that are due and not pinned. Equally stale ones go by age, then by place.
     *
     * @param asked whether the user asked for a recycling
     * @param byAge whether one by age is allowed now: settings, and the spacing since the last
     */
    public static @Nullable Candidate stalest(List<Candidate> candidates, boolean asked, boolean byAge) {
        Candidate stalest = null;
        for (Candidate candidate : candidates) {
            Reason reason = candidate.pinned() ? null : candidate.reason(asked);
            boolean eligible = reason != null && (byAge || !reason.spaced());
            if (eligible && (stalest == null || staler(candidate, stalest))) {
                stalest = candidate;
            }
        }
        return stalest;
    }

    /**
     * The least time between two recyclings by age: the setting, or less where the lifetimes of so many channels would
     * not fit.
     */
    public static long spacingNanos(RecycleSettings settings, int channels) {
        long spacing = settings.spacing().toNanos();
        return settings.byAge() ? Math.min(spacing, settings.maxLifetime().toNanos() / (4L * channels)) : spacing;
    }

    /**
     * The limit of one life, drawn when it opens: {@code maxLifetime} less a random part of the variance; 0 is none.
     *
     * @param chance uniform in 0 to 1
     */
    public static long lifetimeNanos(RecycleSettings settings, double chance) {
        long most = settings.maxLifetime().toNanos();
        return most - (long) ((double) most * settings.variance() * chance);
    }

    private static boolean staler(Candidate one, Candidate other) {
        if (one.idleNanos() != other.idleNanos()) {
            return one.idleNanos() > other.idleNanos();
        }
        if (one.openForNanos() != other.openForNanos()) {
            return one.openForNanos() > other.openForNanos();
        }
        return one.slot() < other.slot();
    }
}
