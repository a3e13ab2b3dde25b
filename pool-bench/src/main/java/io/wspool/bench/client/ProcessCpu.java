package io.wspool.bench.client;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processor time of this process. On Linux from the scheduler's own account of each thread, in nanoseconds: what the JVM reads for
 * the process comes in steps of 10 ms.
 */
final class ProcessCpu {
    private static final File TASKS = new File("/proc/self/task");

    private ProcessCpu() {}

    static long nanos() {
        String[] tasks = TASKS.list();
        if (tasks == null) {
            return wholeProcess();
        }
        long sum = 0;
        for (String task : tasks) {
            sum += threadNanos(Path.of(TASKS.getPath(), task, "schedstat"));
        }
        return sum > 0 ? sum : wholeProcess(); // kernels without schedstat have zeros
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
