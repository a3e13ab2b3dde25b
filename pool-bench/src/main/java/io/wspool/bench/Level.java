package io.wspool.bench;

/** How much time there is. */
enum Level {
    /** Under 60 s: the main goals only, wide intervals. */
    QUICK(42, 100, 500),
    /** About five minutes: no open loops, sender threads, idle channels. */
    MIDDLE(9 * 60, 250, 1_500),
    /** About fourteen minutes: everything. */
    FULL(40 * 60, 250, 2_500);

    /** Of a whole run. */
    final int limitSeconds;

    final int roundMillis;
    final int warmupMillis;

    Level(int limitSeconds, int roundMillis, int warmupMillis) {
        this.limitSeconds = limitSeconds;
        this.roundMillis = roundMillis;
        this.warmupMillis = warmupMillis;
    }
}
