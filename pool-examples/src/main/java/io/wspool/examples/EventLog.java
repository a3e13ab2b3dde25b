package io.wspool.examples;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The rare events of a run, each a line with its second. Of the same event within a second only the first is a line; the
 * rest is a count on the next one. Any thread; short lock.
 */
final class EventLog {
    private static final int KEPT = 100;
    private static final long SAME_WITHIN_NANOS = 1_000_000_000L;

    private final long startNanos = System.nanoTime();
    private final Deque<String> lines = new ArrayDeque<>();
    private final Map<String, Flood> floods = new HashMap<>();
    private Consumer<String> printer = line -> {};

    /** Prints each line from now on; called under the log's lock, so lines never mix. */
    synchronized void printTo(Consumer<String> printer) {
        this.printer = printer;
    }

    /** An event that is never folded. */
    void add(String text) {
        append(text);
    }

    /** An event that may come often: {@code key} says which are the same. */
    synchronized void addOften(String key, String text) {
        long now = System.nanoTime();
        Flood flood = floods.get(key);
        if (flood != null && now - flood.sinceNanos < SAME_WITHIN_NANOS) {
            flood.hidden++;
            return;
        }
        append(flood == null || flood.hidden == 0 ? text : text + " (and " + flood.hidden + " like it before)");
        floods.put(key, new Flood(now));
    }

    /** The last lines, oldest first. */
    synchronized List<String> last(int count) {
        List<String> all = new ArrayList<>(lines);
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    /** Seconds since the start, as text. */
    String clock() {
        return at(System.nanoTime());
    }

    /** The second of a moment of {@link System#nanoTime}, as text. */
    String at(long nanos) {
        return String.format(Locale.ROOT, "%6.1f s", (nanos - startNanos) / 1e9);
    }

    private synchronized void append(String text) {
        String line = clock() + "  " + text;
        lines.addLast(line);
        if (lines.size() > KEPT) {
            lines.removeFirst();
        }
        printer.accept(line);
    }

    private static final class Flood {
        private final long sinceNanos;
        private int hidden;

        Flood(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }
}
