package io.wspool.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One place at one moment.
 *
 * @param slot 0 to N - 1
 * @param state what it is doing
 * @param channel the live channel, or null
 * @param reconnects lives after the first
 * @param failures dials and short lives that failed in a row
 * @param lastCause why the last life ended or the last dial failed, or null
 * @param nextDialIn until the next attempt, or null when none is planned
 */
public record SlotSnapshot(
        int slot,
        SlotState state,
        @Nullable ChannelSnapshot channel,
        long reconnects,
        int failures,
        @Nullable CloseCause lastCause,
        @Nullable Duration nextDialIn) {}
