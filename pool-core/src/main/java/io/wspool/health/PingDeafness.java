package io.wspool.health;

import java.time.Duration;

/**
 * Finds endpoints that never answer pings, because a proxy drops them or nobody wrote the code: the first three pings of
 * a life each stayed unanswered for the heartbeat's timeout while data came. Data within a ping's own time is asked for,
 * so that a peer that was frozen and thaws is not taken for deaf.
 * <p>Said once. The first matched pong of a life answers the question for good: then this object is thrown away.
 * <p><b>Thread:</b> one, the channel's loop. <b>Cost:</b> at most three comparisons; nothing is allocated.
 */
public final class PingDeafness {
    private static final int PINGS = 3;
    private static final int ALL_HEARD = (1 << PINGS) - 1;

    private final long timeoutNanos;
    private final long[] sentAt = new long[PINGS];
    private int sent;
    /** Bit k: data came while ping k was waiting. */
    private int heardDuring;

    private boolean deaf;

    /** For one life. */
    public PingDeafness(Duration heartbeatTimeout) {
        this.timeoutNanos = heartbeatTimeout.toNanos();
    }

    /** A ping was written; only the first three matter. */
    public void pinged(long nowNanos) {
        if (sent < PINGS) {
            sentAt[sent++] = nowNanos;
        }
    }

    /** A complete data frame came. */
    public void data(long nowNanos) {
        if (heardDuring == ALL_HEARD) {
            return;
        }
        for (int i = 0; i < sent; i++) {
            if (nowNanos - sentAt[i] < timeoutNanos) {
                heardDuring |= 1 << i;
            }
        }
    }

    /** Whether the peer is found deaf now; true once a life, for the event. Ask on a tick or a heartbeat's turn. */
    public boolean becameDeaf(long nowNanos) {
        if (deaf || heardDuring != ALL_HEARD || nowNanos - sentAt[PINGS - 1] < timeoutNanos) {
            return false; // the last of three waits longest: when its time is over, the others' is too
        }
        deaf = true;
        return true;
    }

    /** Whether pings are pointless here. */
    public boolean deaf() {
        return deaf;
    }
}
