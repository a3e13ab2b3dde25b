package io.wspool.health;

/** A clock's zero is anywhere, so tests of times begin shortly before the numbers end. */
final class Clock {
    private Clock() {}

    /** A time from which the clock overflows after so many nanoseconds. */
    static long overflowingIn(long nanos) {
        return Long.MAX_VALUE - nanos;
    }
}
