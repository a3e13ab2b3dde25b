package io.wspool.health;

/**
 * Notices that the channels of a pool fell together: at least three and at least half of them within one second. That is
 * a server restarting, and it will not bear everybody back at once.
 * <p>Those that fell before the count was full have drawn a short delay. Ask {@link #storm} again when it ends, and draw
 * anew if it has become one.
 * <p><b>Thread:</b> one, the home loop. <b>Bound:</b> one {@code long} for every second channel.
 */
public final class FallDetector {
    /** Within this they fell together. */
    public static final long WINDOW_NANOS = 1_000_000_000L;

    private static final int LEAST = 3;

    /** The latest falls; the next one overwrites the oldest. */
    private final long[] falls;

    private int next;
    private boolean full;

    /** For a pool of so many channels. */
    public FallDetector(int channels) {
        this.falls = new long[Math.max(LEAST, (channels + 1) / 2)];
    }

    /** A channel ended that this side did not want to end. */
    public void fell(long nowNanos) {
        falls[next] = nowNanos;
        next = (next + 1) % falls.length;
        full |= next == 0;
    }

    /** Whether enough have fallen within the second before now. */
    public boolean storm(long nowNanos) {
        return full && nowNanos - falls[next] < WINDOW_NANOS;
    }
}
