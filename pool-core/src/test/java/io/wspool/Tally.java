package io.wspool;

import io.wspool.testkit.World;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.function.Consumer;

/** Runs one story in many worlds and says in one line what that was: seeds, virtual time, speed. Shown, never asserted. */
final class Tally {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final String what;
    private final long started = System.nanoTime();
    private long seeds;
    private long virtualNanos;
    private long processorNanos;

    Tally(String what) {
        this.what = what;
    }

    /** Tells the story once for each seed from 1 to {@code seeds}, then prints the line. */
    static void run(String what, int seeds, Consumer<World> story) {
        Tally tally = new Tally(what);
        for (long seed = 1; seed <= seeds; seed++) {
            tally.tell(seed, story);
        }
        tally.print("");
    }

    /** Tells the story in a fresh world. */
    World tell(long seed, Consumer<World> story) {
        long[] processor = new long[1];
        World world = World.run(seed, fresh -> {
            long before = THREADS.getCurrentThreadCpuTime();
            try {
                story.accept(fresh);
            } finally {
                processor[0] = THREADS.getCurrentThreadCpuTime() - before;
            }
        });
        seeds++;
        virtualNanos += world.nowNanos();
        processorNanos += processor[0];
        return world;
    }

    void print(String more) {
        double virtual = virtualNanos / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s: %d seeds, %.0f virtual s, %.0f of them per real s, %.0f per processor s%s%n",
                what,
                seeds,
                virtual,
                virtual * 1e9 / Math.max(1, System.nanoTime() - started),
                virtual * 1e9 / Math.max(1, processorNanos),
                more);
    }
}
