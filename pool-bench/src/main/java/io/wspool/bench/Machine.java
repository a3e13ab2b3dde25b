package io.wspool.bench;

import io.netty.util.Version;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Where the report was made. What a system does not tell is left out, never guessed. */
final class Machine {
    private Machine() {}

    static Map<String, Object> describe() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cpu", cpu());
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("memory", memory());
        facts.put(
                "kernel",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        put(facts, "governor", first(Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")));
        put(facts, "clocksource", first(Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource")));
        put(facts, "container", Files.exists(Path.of("/.dockerenv")) ? "yes" : "");
        facts.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        Version netty = Version.identify().get("netty-common");
        put(facts, "netty", netty == null ? "" : netty.artifactVersion());
        put(facts, "commit", commit());
        return facts;
    }

    private static void put(Map<String, Object> facts, String key, String value) {
        if (!value.isEmpty()) {
            facts.put(key, value);
        }
    }

    /** How many tasks wanted to run in the last minute, on average; -1 where that is not known. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** How busy all processors are within half a second in which this process does nothing; 0 where that is not known. */
    static double busyPercent() {
        long[] before = processorTicks();
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long[] after = processorTicks();
        long all = after[0] - before[0];
        return all <= 0 ? 0 : 100.0 * (all - (after[1] - before[1])) / all;
    }

    /** All ticks since the start, and the idle ones of them. */
    private static long[] processorTicks() {
        String[] words = first(Path.of("/proc/stat")).split(" +", -1);
        long all = 0;
        for (int i = 1; i < words.length; i++) {
            all += Long.parseLong(words[i]);
        }
        return new long[] {all, words.length > 5 ? Long.parseLong(words[4]) + Long.parseLong(words[5]) : all};
    }

    /** The processors that this process may use and give to others. */
    static Pinning pinning() {
        if (run("taskset", "--version").isEmpty()) {
            return Pinning.none();
        }
        List<Integer> processors = new ArrayList<>();
        for (String line : lines(Path.of("/proc/self/status"))) {
            if (line.startsWith("Cpus_allowed_list:")) {
                for (String range : line.substring(line.indexOf(':') + 1).trim().split(",", -1)) {
                    String[] ends = range.split("-", -1);
                    for (int p = Integer.parseInt(ends[0]); p <= Integer.parseInt(ends[ends.length - 1]); p++) {
                        processors.add(p);
                    }
                }
            }
        }
        return new Pinning(processors);
    }

    private static String cpu() {
        for (String line : lines(Path.of("/proc/cpuinfo"))) {
            if (line.startsWith("model name")) {
                return line.substring(line.indexOf(':') + 1).trim();
            }
        }
        return System.getProperty("os.arch");
    }

    private static String memory() {
        for (String line : lines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                long kilobytes = Long.parseLong(line.replaceAll("[^0-9]", ""));
                return Math.round(kilobytes / 1048576.0) + " GiB";
            }
        }
        return "unknown";
    }

    /** Of the sources in the current directory; {@code +} behind it when they were changed. */
    private static String commit() {
        String commit = run("git", "rev-parse", "--short=12", "HEAD");
        boolean changed = !commit.isEmpty()
                && !run("git", "status", "--porcelain", "--untracked-files=no").isEmpty();
        return commit + (changed ? " with changes" : "");
    }

    private static String first(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? "" : lines.get(0).trim();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** What a command prints; empty when it is not there or fails. */
    static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            if (process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return output;
            }
            process.destroyForcibly();
            return "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
