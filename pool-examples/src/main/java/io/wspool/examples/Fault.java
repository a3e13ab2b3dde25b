package io.wspool.examples;

import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** One blow of the chaos, and what was seen of it. Times are of {@link System#nanoTime}; 0 means not yet. */
final class Fault {
    private final String what;
    private final String struckName;
    private final Set<Integer> struck;
    private final long atNanos;
    private final AtomicLong noticedNanos = new AtomicLong();
    private final AtomicLong divertedNanos = new AtomicLong();
    private volatile String noticedAs = "";

    /** Now, on these connections. */
    Fault(String what, String struckName, Set<Integer> struck) {
        this.what = what;
        this.struckName = struckName;
        this.struck = Set.copyOf(struck);
        atNanos = System.nanoTime();
    }

    String what() {
        return what;
    }

    /** Whom it struck, for a person. */
    String struckName() {
        return struckName;
    }

    boolean struck(int connection) {
        return struck.contains(connection);
    }

    long atNanos() {
        return atNanos;
    }

    /** The pool has seen it: the channel's standing is no longer good. The first call counts. */
    void noticed(String as) {
        if (noticedNanos.compareAndSet(0, System.nanoTime())) {
            noticedAs = as;
        }
    }

    /** An order sent after it was read on another connection. The first call counts. */
    boolean diverted() {
        return divertedNanos.compareAndSet(0, System.nanoTime());
    }

    String noticedAs() {
        return noticedAs;
    }

    /** From the fault to the pool's noticing, or -1. */
    long noticeNanos() {
        long at = noticedNanos.get();
        return at == 0 ? -1 : at - atNanos;
    }

    /** From the fault to the first order read elsewhere that was sent after it, or -1. */
    long divertNanos() {
        long at = divertedNanos.get();
        return at == 0 ? -1 : at - atNanos;
    }
}
