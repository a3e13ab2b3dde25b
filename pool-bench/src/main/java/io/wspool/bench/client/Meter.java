package io.wspool.bench.client;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a round costs: processor time of the process, bytes allocated on the heap by all threads, and how often its garbage
 * was collected. What it allocates itself it leaves out. */
final class Meter {
    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    private final Map<Long, Long> before = new HashMap<>();
    private @Nullable ProcessCpu cpu;
    private long ownBefore;
    private long collectionsBefore;

    void begin() {
        before.clear();
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            before.put(ids[i], bytes[i]);
        }
        collectionsBefore = collections();
        cpu = new ProcessCpu();
        ownBefore = threads.getCurrentThreadAllocatedBytes();
    }

    void end(RoundResult result) {
        long own = threads.getCurrentThreadAllocatedBytes() - ownBefore;
        result.cpuNanos = Objects.requireNonNull(cpu, "begun").nanos();
        result.collections = collections() - collectionsBefore;
        long self = Thread.currentThread().getId();
        long sum = own;
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != self && bytes[i] >= 0) {
                sum += bytes[i] - Math.max(0, before.getOrDefault(ids[i], 0L));
            }
        }
        result.allocBytes = sum;
    }

    private long collections() {
        long sum = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            sum += Math.max(0, collector.getCollectionCount());
        }
        return sum;
    }
}
