package io.wspool.examples;

import io.wspool.api.Account;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.CloseCause;
import io.wspool.api.PoolSnapshot;
import io.wspool.api.PoolState;
import io.wspool.api.SlotSnapshot;
import io.wspool.api.SlotState;
import io.wspool.api.Standing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Draws the live table as lines, none longer than the screen is wide. Whatever a colour says, a word beside it says too. */
final class BoardTable {
    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle FAINT = PLAIN.faint();
    private static final AttributedStyle BOLD = PLAIN.bold();
    private static final AttributedStyle GREEN = PLAIN.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle CYAN = PLAIN.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle YELLOW = PLAIN.foreground(AttributedStyle.YELLOW);
    private static final AttributedStyle RED =
            PLAIN.foreground(AttributedStyle.RED).bold();

    private static final String HEAD = "   state       standing   cost  rtt p50   p99  wait  infl miss  rec";
    private static final String LAST_CLOSE = "  last close";
    static final int ROOM_FOR_CLOSE = 120;
    private static final String LEGEND =
            "cost: expected wait until the server has read an order; rtt: of pings; all times in"
                    + " us if unmarked; wait: orders not yet written; infl: written, not confirmed; miss: heartbeats missed; rec: reconnects";
    private static final int LEAST_EVENTS = 4;
    private static final int MOST_EVENTS = 15;

    private BoardTable() {}

    /** All lines for a screen of this size; what does not fit is left out at the end of the table and of the events. */
    static List<AttributedString> draw(String header, Figures figures, EventLog events, int columns, int rows) {
        List<AttributedString> lines = new ArrayList<>();
        boolean wide = columns >= ROOM_FOR_CLOSE;
        wrap(lines, new AttributedString(header, BOLD), columns);
        wrap(lines, summary(figures), columns);
        wrap(lines, account(figures), columns);
        lines.add(new AttributedString(wide ? HEAD + LAST_CLOSE : HEAD, BOLD));
        places(lines, figures.pool().slots(), wide, rows);
        if (!wide) {
            wrap(lines, lastCloses(figures.pool().slots()), columns);
        }
        wrap(lines, new AttributedString(LEGEND, FAINT), columns);
        int room = Math.min(MOST_EVENTS, Math.max(0, rows - 1 - lines.size()));
        events.last(room).forEach(event -> lines.add(new AttributedString(event)));
        lines.replaceAll(line -> line.length() <= columns ? line : line.subSequence(0, columns));
        return lines.subList(0, Math.min(lines.size(), Math.max(1, rows - 1)));
    }

    private static void places(List<AttributedString> lines, List<SlotSnapshot> slots, boolean wide, int rows) {
        int room = Math.max(1, rows - lines.size() - LEAST_EVENTS - LEGEND.length() / HEAD.length() - 2);
        int shown = slots.size() <= room ? slots.size() : room - 1;
        slots.subList(0, shown).forEach(slot -> lines.add(row(slot, wide)));
        if (shown < slots.size()) {
            lines.add(new AttributedString("   and " + (slots.size() - shown) + " more", FAINT));
        }
    }

    private static AttributedString row(SlotSnapshot slot, boolean wide) {
        AttributedStringBuilder line = new AttributedStringBuilder();
        line.append(String.format(Locale.ROOT, "%2d ", slot.slot()));
        line.styled(style(slot.state()), String.format(Locale.ROOT, "%-11s ", slot.state()));
        ChannelSnapshot channel = slot.channel();
        if (channel == null) {
            line.styled(
                    FAINT,
                    String.format(Locale.ROOT, "%-8s %6s %8s %5s %5s %5s %4s", "-", "-", "-", "-", "-", "-", "-"));
        } else {
            line.styled(style(channel.standing()), String.format(Locale.ROOT, "%-8s ", channel.standing()));
            line.append(String.format(
                    Locale.ROOT,
                    "%6s %8s %5s %5s %5s %4d",
                    micros(channel.costNanos()),
                    micros(channel.rtt().p50()),
                    micros(channel.rtt().p99()),
                    count(channel.account().queued()),
                    count(channel.account().inflight()),
                    channel.misses()));
        }
        line.append(String.format(Locale.ROOT, " %4s", count(slot.reconnects())));
        CloseCause cause = slot.lastCause();
        if (wide && cause != null) {
            line.append("  " + CloseWords.brief(cause) + ": " + CloseWords.hint(cause));
        }
        return line.toAttributedString();
    }

    private static AttributedString lastCloses(List<SlotSnapshot> slots) {
        Map<String, String> places = new LinkedHashMap<>();
        for (SlotSnapshot slot : slots) {
            CloseCause cause = slot.lastCause();
            if (cause != null) {
                places.merge(
                        CloseWords.brief(cause) + ": " + CloseWords.hint(cause),
                        Integer.toString(slot.slot()),
                        (before, one) -> before + " " + one);
            }
        }
        StringBuilder closes = new StringBuilder("last close");
        places.forEach((close, of) -> closes.append(" | " + of + ": " + close));
        return new AttributedString(closes);
    }

    private static AttributedString summary(Figures figures) {
        PoolSnapshot pool = figures.pool();
        return new AttributedStringBuilder()
                .append(figures.clock().trim() + "  pool ")
                .styled(style(pool.state()), pool.state().toString())
                .append(pool.panic() ? " PANIC" : "")
                .append(String.format(
                        Locale.ROOT,
                        ", order to echo p50 %s p99 %s max %s, prices %,d",
                        micros(figures.roundTrip().getValueAtPercentile(50)),
                        micros(figures.roundTrip().getValueAtPercentile(99)),
                        micros(figures.roundTrip().getMaxValue()),
                        figures.ticks()))
                .toAttributedString();
    }

    private static AttributedString account(Figures figures) {
        Account account = figures.pool().account();
        return new AttributedString(String.format(
                Locale.ROOT,
                "orders %,d = confirmed %,d + open %,d + not sent %,d + unknown %,d; refused %,d",
                account.accepted(),
                account.confirmed(),
                account.open(),
                account.notSent(),
                account.unknown(),
                figures.refused()));
    }

    /** At most six characters. */
    static String micros(long nanos) {
        double micros = nanos / 1e3;
        if (micros < 99_999.5) {
            return String.format(Locale.ROOT, "%.0f", micros);
        }
        double seconds = nanos / 1e9;
        return String.format(Locale.ROOT, seconds < 100 ? "%.1f s" : "%.0f s", seconds);
    }

    /** At most four characters. */
    private static String count(long n) {
        if (n < 10_000) {
            return Long.toString(n);
        }
        return n < 1_000_000 ? n / 1_000 + "k" : n / 1_000_000 + "M";
    }

    private static void wrap(List<AttributedString> lines, AttributedString text, int columns) {
        int from = 0;
        while (text.length() - from > columns) {
            int space = text.toString().lastIndexOf(' ', from + columns);
            int end = space > from ? space : from + columns;
            lines.add(text.subSequence(from, end));
            from = space > from ? end + 1 : end;
        }
        lines.add(text.subSequence(from, text.length()));
    }

    private static AttributedStyle style(SlotState state) {
        return switch (state) {
            case LIVE -> GREEN;
            case REPLACING, DIALLING -> CYAN;
            case BACKING_OFF, VACANT -> YELLOW;
            case HALTED -> RED;
        };
    }

    private static AttributedStyle style(Standing standing) {
        return switch (standing) {
            case GOOD -> GREEN;
            case WARM, DRAINING -> CYAN;
            case SUSPECT -> RED;
        };
    }

    private static AttributedStyle style(PoolState state) {
        return switch (state) {
            case FULL -> GREEN;
            case PARTIAL, STARTING, CLOSING -> YELLOW;
            case DEGRADED, CLOSED -> RED;
        };
    }
}
