package io.wspool.health;

import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Retry-After} (RFC 9110 §10.2.3): whole seconds only. A date is ignored, because it would need the wall
 * clock and trust in the peer's; so is whatever is no number. A server cannot ask for more than
 * {@value #MOST_SECONDS} s: it would switch the client off for good.
 */
public final class RetryAfter {
    /** No usable value. */
    public static final long NONE = -1;

    static final int MOST_SECONDS = 300;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private RetryAfter() {}

    /** The wait in nanoseconds, 0 to 300 s, or {@link #NONE}. */
    public static long nanos(@Nullable String value) {
        String digits = value == null ? "" : value.strip();
        if (digits.isEmpty()) {
            return NONE;
        }
        int seconds = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') { // not Character.isDigit, which knows the digits of other scripts
                return NONE;
            }
            seconds = Math.min(MOST_SECONDS, seconds * 10 + (c - '0'));
        }
        return seconds * NANOS_PER_SECOND;
    }
}
