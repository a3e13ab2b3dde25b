package io.wspool.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import io.wspool.bench.Ratio.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one choice of a channel costs, by the JMH benchmark of it, in a JVM of its own. */
final class DispatchCost {
    private static final int[] CHANNELS = {4, 16, 1024};

    private DispatchCost() {}

    /** Without a run: each goal with {@code reason}. */
    static List<Ratio> unknown(String reason) {
        List<Ratio> ratios = new ArrayList<>();
        for (int channels : CHANNELS) {
            ratios.add(Ratio.unknown(name(channels), goal(channels), what(channels), reason));
        }
        return ratios;
    }

    /** Runs the benchmark, about half a minute, and leaves its JSON and its output in {@code directory}. */
    static List<Ratio> measure(Path directory) {
        Path json = directory.resolve("dispatch.json");
        List<String> command = List.of(
                JavaProcess.executable(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jmh.Main",
                "io.wspool.DispatcherPickBench",
                "-p",
                "channels=4,16,1024",
                "-p",
                "policy=HEALTHIEST",
                "-f",
                "1",
                "-prof",
                "gc",
                "-rf",
                "json",
                "-rff",
                json.toString());
        try {
            Files.deleteIfExists(json);
            Path output = directory.resolve("dispatch.txt");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (process.waitFor() != 0) {
                return unknown("JMH ended with exit code " + process.exitValue() + ", see dispatch.txt");
            }
            return read(Files.readString(json));
        } catch (IOException e) {
            return unknown("JMH left no result: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown("interrupted");
        }
    }

    /** From JMH's JSON. */
    static List<Ratio> read(String json) throws IOException {
        List<Object> runs = JSON.std.listFrom(json);
        List<Ratio> ratios = new ArrayList<>();
        for (int channels : CHANNELS) {
            Ratio ratio =
                    Ratio.unknown(name(channels), goal(channels), what(channels), "the benchmark has no such run");
            for (Object run : runs) {
                if (text(run, "params", "channels").equals(Integer.toString(channels))
                        && text(run, "threads").equals("1")) {
                    ratio = ratio(channels, run);
                }
            }
            ratios.add(ratio);
        }
        return ratios;
    }

    private static Ratio ratio(int channels, Object run) {
        List<?> ends = at(run, "primaryMetric", "scoreConfidence") instanceof List<?> list ? list : List.of();
        double score = number(at(run, "primaryMetric", "score"));
        Interval interval = ends.size() == 2
                ? new Interval(score, number(ends.get(0)), number(ends.get(1)))
                : new Interval(score, score, score);
        double bytes = number(at(run, "secondaryMetrics", "gc.alloc.rate.norm", "score"));
        boolean garbage = bytes >= 0.5;
        String remark =
                String.format(Locale.ROOT, "%.1f B a choice; the interval is JMH's, 99.9 %%", Math.max(0, bytes));
        return new Ratio(name(channels), interval, goal(channels), what(channels), remark, garbage);
    }

    private static @Nullable Object at(@Nullable Object from, String... path) {
        Object value = from;
        for (String key : path) {
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return value;
    }

    private static String text(@Nullable Object from, String... path) {
        return String.valueOf(at(from, path));
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static String name(int channels) {
        return "dispatch." + channels;
    }

    private static Goal goal(int channels) {
        return new Goal(true, channels == 4 ? 8 : channels == 16 ? 20 : 15, " ns, 0 B");
    }

    private static String what(int channels) {
        return "one choice among " + channels + " channels with the full cost, one thread";
    }
}
