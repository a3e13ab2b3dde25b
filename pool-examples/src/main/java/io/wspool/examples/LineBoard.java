package io.wspool.examples;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.PoolSnapshot;
import io.wspool.api.SlotSnapshot;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** For logs and pipes: one line a second, and a line for each event. */
final class LineBoard implements Board {
    private final EventLog events;
    private final PrintStream out;

    LineBoard(String header, EventLog events, PrintStream out) {
        this.events = events;
        this.out = out;
        out.println(header);
        out.println(
                "echo p50/p99: order due to echo received; place:standing and the expected wait of its channel; all us");
        events.printTo(out::println);
    }

    @Override
    public Duration period() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void show(Figures figures) {
        PoolSnapshot pool = figures.pool();
        StringBuilder line = new StringBuilder(160);
        line.append(String.format(
                Locale.ROOT,
                "%s  %-8s orders %,d (refused %,d) confirmed %,d open %,d not sent %,d unknown %,d | echo p50 %,.0f p99 %,.0f |"
                        + " prices %,d |",
                figures.clock(),
                pool.state(),
                pool.account().accepted(),
                figures.refused(),
                pool.account().confirmed(),
                pool.account().open(),
                pool.account().notSent(),
                pool.account().unknown(),
                figures.roundTrip().getValueAtPercentile(50) / 1e3,
                figures.roundTrip().getValueAtPercentile(99) / 1e3,
                figures.ticks()));
        for (SlotSnapshot slot : pool.slots()) {
            ChannelSnapshot channel = slot.channel();
            line.append(' ').append(slot.slot()).append(':');
            if (channel == null) {
                line.append(slot.state());
            } else {
                line.append(channel.standing()).append(String.format(Locale.ROOT, " %.0f", channel.costNanos() / 1e3));
            }
        }
        out.println(line);
    }

    @Override
    public void close() {
        events.printTo(line -> {});
    }
}
