package io.wspool.api;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The life of one connection; the ordinals are the numbers of the WebSocket {@code readyState}. */
public enum ChannelState {
    /** 0: from the dial to the verified 101. */
    CONNECTING,
    /** 1: frames may go both ways. */
    OPEN,
    /** 2: a Close frame was sent or received; no data is taken any more. */
    CLOSING,
    /** 3: given up, and never used again; its descriptor is closed when {@link PoolListener#onState} tells of it. */
    CLOSED;

    private static final Map<ChannelState, Set<ChannelState>> NEXT = Map.of(
            CONNECTING, EnumSet.of(OPEN, CLOSED),
            OPEN, EnumSet.of(CLOSING, CLOSED),
            CLOSING, EnumSet.of(CLOSED),
            CLOSED, EnumSet.noneOf(ChannelState.class));

    /** Whether the step from this state to {@code next} is legal. */
    public boolean canBecome(ChannelState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }
}
