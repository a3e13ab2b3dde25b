package io.wspool.bench;

/** How much time there is. */
enum Level {
    /** Under 60 s: the main goals only, wide intervals. */
    QUICK(55, 100, 500, 0),
    /** About seven minutes: no open loops, sender threads, idle channels; feeds, four channels and wss only where nobody sleeps. */
    MIDDLE(9 * 60, 250, 1_500, 1_500),
    /** 30 to 40 minutes: everything. */
    FULL(40 * 60, 250, 2_500, 7_500);

    /** Of a whole run. */
    final int limitSeconds;

    final int roundMillis;
    final int warmupMillis;
    /** For at most so long a warm-up goes on until the JIT has come to rest. */
    final int settleMillis;

    Level(int limitSeconds, int roundMillis, int warmupMillis, int settleMillis) {
        this.limitSeconds = limitSeconds;
        this.roundMillis = roundMillis;
        this.warmupMillis = warmupMillis;
        this.settleMillis = settleMillis;
    }
}
