package io.wspool.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The print-out at the end.
 *
 * @param roundTrip of orders, in nanoseconds
 * @param faults what the chaos did; empty where there was none
 * @param overlaps of the recyclings
 * @param audit the books
 * @param ownServer whether the server was ours, so that its log was compared
 */
record Report(Histogram roundTrip, List<Fault> faults, List<Duration> overlaps, Audit audit, boolean ownServer) {
    private static final double NANOS_PER_MICRO = 1_000.0;
    private static final int LINES_PER_HALVING = 1;

    /** Prints; the account is the last line. Answers whether all holds. */
    boolean print(PrintStream out, EventLog clock) {
        out.println();
        printRoundTrip(out);
        printFaults(out, clock);
        printRecycling(out);
        out.println("checks");
        for (Audit.Finding finding : audit.findings()) {
            out.println((finding.holds() ? "  ok      " : "  FAILED  ") + finding.says());
        }
        if (audit.open() != 0) {
            out.println("  FAILED  the pool says that orders are still open");
        }
        if (audit.unaccounted() != 0) {
            out.println("  FAILED  orders are unaccounted for");
        }
        if (!ownServer) {
            out.println("  left out: the server is not ours, so no log of its own could be compared");
        }
        out.println();
        out.println(audit.lastLine());
        return audit.passed();
    }

    private void printRoundTrip(PrintStream out) {
        Ledger.Totals totals = audit.totals();
        out.printf(
                Locale.ROOT,
                "order round trip in us, from when an order was due to its echo: %,d echoes of %,d accepted orders%n",
                totals.echoed(),
                totals.accepted());
        if (totals.echoed() == 0) {
            out.println("  no echoes" + (ownServer ? "" : " (this server need not send any)"));
        } else {
            roundTrip.outputPercentileDistribution(out, LINES_PER_HALVING, NANOS_PER_MICRO);
        }
        out.println();
    }

    private void printFaults(PrintStream out, EventLog clock) {
        if (faults.isEmpty()) {
            return;
        }
        out.println(
                "faults, in ms from the blow: until the pool no longer trusted the channel, and until the server had");
        out.println("read, on another connection, the first order that was sent after the blow");
        for (Fault fault : faults) {
            out.printf(
                    Locale.ROOT,
                    "  %s  noticed %s%s, diverted %s  %s: %s%n",
                    clock.at(fault.atNanos()),
                    millis(fault.noticeNanos()),
                    fault.noticedAs().isEmpty() ? "" : " (" + fault.noticedAs() + ")",
                    millis(fault.divertNanos()),
                    fault.struckName(),
                    fault.what());
        }
        out.println();
    }

    private void printRecycling(PrintStream out) {
        if (overlaps.isEmpty()) {
            return;
        }
        List<Duration> sorted = overlaps.stream().sorted().toList();
        out.printf(
                Locale.ROOT,
                "replaced %d channels by younger ones, for age or suspicion; old and new were open together for %s to %s ms%n%n",
                sorted.size(),
                millis(sorted.get(0).toNanos()).trim(),
                millis(sorted.get(sorted.size() - 1).toNanos()).trim());
    }

    private static String millis(long nanos) {
        return nanos == -1 ? "never" : String.format(Locale.ROOT, "%.2f", nanos / 1e6);
    }
}
