package io.wspool.api;

/** What a place does after its channel closed or its dial failed. */
public enum CloseAction {
    /** Dial at once: after a stable life within the first spread, else by the back-off. */
    AT_ONCE,
    /** Dial after the back-off's next delay. */
    BACK_OFF,
    /** Dial after the back-off, but not before 30 s. */
    BACK_OFF_SLOWLY,
    /** Dial after half of the back-off's cap to the whole of it: trying soon again cannot mend it. */
    BACK_OFF_AT_CAP,
    /** Leave the place vacant. */
    LEAVE,
    /** Give up until {@code resume()}. */
    HALT
}
