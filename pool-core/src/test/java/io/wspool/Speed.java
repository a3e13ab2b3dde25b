package io.wspool;

import io.wspool.testkit.World;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/** How fast a world runs; to be shown, never asserted. */
final class Speed {
    private Speed() {}

    /** Lets {@code virtual} pass; returns virtual seconds per second of processor time, which other processes do not change much. */
    static double of(World world, Duration virtual) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        world.run(virtual);
        return virtual.toNanos() / (double) Math.max(1, threads.getCurrentThreadCpuTime() - start);
    }
}
