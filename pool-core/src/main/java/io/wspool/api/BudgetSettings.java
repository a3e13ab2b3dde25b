package io.wspool.api;

/**
 * How often an endpoint may be dialled.
 *
 * @param burst attempts that may go at once after a quiet time
 * @param perSecond attempts gained a second
 * @param inFlight handshakes to one host and port at the same time (RFC 6455 §4.1 wants one)
 */
public record BudgetSettings(int burst, double perSecond, int inFlight) {
    /** 30, 1 a second, 1. A pool of 10,000 channels needs more: it would take 2.8 h to fill. */
    public static final BudgetSettings DEFAULTS = new BudgetSettings(30, 1.0, 1);

    /** Refuses what cannot work. */
    public BudgetSettings {
        Check.within("budget.burst", burst, 1, 1_000_000);
        Check.within("budget.perSecond", perSecond, 0.001, 1_000_000.0);
        Check.within("budget.inFlight", inFlight, 1, 10_000);
    }
}
