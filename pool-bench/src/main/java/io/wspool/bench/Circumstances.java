package io.wspool.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a run says of itself beside its figures.
 *
 * @param facts where and how it was made, in the order in which they are shown
 * @param begun when
 * @param quick whether there was no time for narrow intervals
 * @param busy whether something else ran when it began
 */
record Circumstances(Map<String, Object> facts, Instant begun, boolean quick, boolean busy) {
    /** Whether it is told which goals hold: a median whose interval reaches far beyond its goal would say so by chance. */
    boolean judges() {
        return !quick;
    }

    /** Why its figures are not to be relied on, in sentences for its readers; mostly none. */
    List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        if (quick) {
            doubts.add("--quick asks whether all is in place; its intervals are too wide to judge a goal");
        }
        if (busy) {
            doubts.add("the machine was busy at the start: these figures may mean nothing");
        }
        return doubts;
    }
}
