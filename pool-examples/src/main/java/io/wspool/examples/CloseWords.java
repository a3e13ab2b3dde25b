package io.wspool.examples;

import io.wspool.api.CloseCause;
import io.wspool.api.CloseHints;
import io.wspool.api.UpgradeRefusal;
import java.util.Locale;

/** How a close is put on the screen. */
final class CloseWords {
    private CloseWords() {}

    /** The code that the server sent, or its HTTP status, or what else happened. */
    static String brief(CloseCause cause) {
        UpgradeRefusal refusal = cause.refusal();
        if (refusal != null) {
            String retryAfter = refusal.header("retry-after");
            return "HTTP " + refusal.status() + (retryAfter == null ? "" : ", Retry-After " + retryAfter + " s");
        }
        return switch (cause.kind()) {
            case PEER_CLOSE -> Integer.toString(cause.code());
            default -> cause.kind() + " " + cause.code();
        };
    }

    /** What it means and what comes next, in the pool's own words. */
    static String hint(CloseCause cause) {
        return CloseHints.of(cause, Locale.ENGLISH);
    }
}
