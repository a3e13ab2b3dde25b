package io.wspool.bench.client;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Processor time of this process from one moment on. On Linux from the scheduler's own account of each thread, in nanoseconds: what the
 * JVM reads for the process comes in steps of 10 ms. A thread that ends meanwhile takes with it what it used, and nothing that others did.
 */
final class ProcessCpu {
    private static final File TASKS = new File("/proc/self/task");

    private final Map<String, Long> before = byThread();
    private final long wholeBefore = wholeProcess();

    /** Since this was made. */
    long nanos() {
        long whole = wholeProcess() - wholeBefore;
        long sum = 0;
        for (Map.Entry<String, Long> thread : byThread().entrySet()) {
            sum += Math.max(0, thread.getValue() - before.getOrDefault(thread.getKey(), 0L));
        }
        return sum > 0 ? sum : whole; // kernels without schedstat have zeros
    }

    private static Map<String, Long> byThread() {
        Map<String, Long> nanos = new HashMap<>();
        String[] tasks = TASKS.list();
        for (String task : tasks == null ? new String[0] : tasks) {
            nanos.put(task, threadNanos(Path.of(TASKS.getPath(), task, "schedstat")));
        }
        return nanos;
    }

    private static long threadNanos(Path schedstat) {
        try {
            String line = Files.readString(schedstat, StandardCharsets.ISO_8859_1);
            return Long.parseLong(line, 0, line.indexOf(' '), 10);
        } catch (IOException e) {
            return 0; // it has ended meanwhile
        }
    }

    private static long wholeProcess() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
