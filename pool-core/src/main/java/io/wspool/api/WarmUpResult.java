package io.wspool.api;

import java.time.Duration;

/**
 * What {@code warmUp} has done.
 *
 * @param messages echoes of the rehearsal that came back; none of them counts in the pool's account
 * @param asked live channels that were asked to answer a ping, unless probes are off
 * @param elapsed from the call to its end
 * @param whole whether the whole rehearsal was done
 * @param reason why not; empty if it was
 */
public record WarmUpResult(int messages, int asked, Duration elapsed, boolean whole, String reason) {}
