package io.wspool.channel;

import io.wspool.api.Account;
import io.wspool.api.ChannelSnapshot;
import io.wspool.measure.PublishedLongs;
import io.wspool.measure.Totals;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A channel's numbers, published by its loop at the end of a turn as one consistent set. A channel that has nothing to tell yet owns none:
 * there may be thousands.
 */
final class Figures {
    private static final int ACCEPTED = 0;
    private static final int WRITTEN = 1;
    private static final int CONFIRMED = 2;
    private static final int UNKNOWN = 3;
    private static final int NOT_SENT = 4;
    private static final int MOVED_IN = 5;
    private static final int MOVED_OUT = 6;
    private static final int MISSES = 7;
    private static final int DEAF = 8;
    private static final int MESSAGES = 9;
    private static final int BYTES = 10;
    private static final int UNMATCHED = 11;
    private static final int FIELDS = 12;

    private final PublishedLongs published = new PublishedLongs(FIELDS);

    /** Whether there is nothing to tell. Loop only. */
    static boolean none(Liveness liveness, Ledger ledger, Inbound in) {
        return ledger.isBlank() && in.messages() == 0 && liveness.isBlank();
    }

    /** Adds to the loop's totals what has changed since the last call, then publishes all. Loop only. */
    void publish(Totals.Part totals, Liveness liveness, Ledger ledger, Inbound in) {
        ledger.addTo(totals, published, ACCEPTED);
        published.begin();
        ledger.publish(published, ACCEPTED);
        published.set(MISSES, liveness.misses());
        published.set(DEAF, liveness.deaf() ? 1 : 0);
        published.set(MESSAGES, in.messages());
        published.set(BYTES, in.bytes());
        published.set(UNMATCHED, liveness.unmatchedPongs());
        published.end();
    }

    /** With {@code figures}, if it has any. Any thread. */
    static ChannelSnapshot snapshot(@Nullable Figures figures, WebSocketChannel channel, UserCalls user) {
        long[] now = new long[FIELDS];
        if (figures != null) {
            figures.published.read(now);
        }
        Load load = channel.load();
        return new ChannelSnapshot(
                channel.id(),
                channel.name(),
                channel.slot(),
                channel.state(),
                channel.standing(),
                channel.closeCause(),
                Duration.ofNanos(load.openForNanos()),
                Duration.ofNanos(load.idleForNanos()),
                load.costNanos(0),
                load.rtt().srttNanos(),
                load.rtt().rttvarNanos(),
                channel.rtt(),
                load.messages(),
                load.bytes(),
                load.inflightBytes(),
                (int) now[MISSES],
                now[DEAF] != 0,
                load.evidence(),
                channel.pinned(),
                now[MESSAGES],
                now[BYTES],
                now[UNMATCHED],
                user.errors(),
                new Account(
                        now[ACCEPTED],
                        now[WRITTEN],
                        now[CONFIRMED],
                        now[UNKNOWN],
                        now[NOT_SENT],
                        now[MOVED_IN],
                        now[MOVED_OUT]));
    }
}
