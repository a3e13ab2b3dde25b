package io.wspool.api;

/** What dispatch thinks of an open channel. */
public enum Standing {
    /** Slow start: its cost is raised until it has been open for max(200 ms, 50 x srtt). By time alone. */
    WARM,
    /** Chosen by its cost. */
    GOOD,
    /** Its oldest probe is overdue: no new messages while another channel is eligible. */
    SUSPECT,
    /** Leaving: takes nothing new, finishes what it has, then closes. */
    DRAINING
}
