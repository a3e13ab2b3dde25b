package io.wspool.examples;

import io.wspool.api.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Three books held against each other after the end: the pool's account, the demo's ledger and, where the server is ours, the
 * server's log.
 *
 * @param totals the ledger's counts
 * @param open what the pool says is still open
 * @param unaccounted accepted orders of which nobody can say anything
 * @param findings each check with its numbers
 */
record Audit(Ledger.Totals totals, long open, long unaccounted, List<Finding> findings) {
    /** One check, in words. */
    record Finding(boolean holds, String says) {}

    /** Compares; without a log only the first two books. */
    static Audit of(Ledger ledger, Account pool, @Nullable ServerLog log) {
        Ledger.Totals totals = ledger.totals();
        List<Finding> findings = new ArrayList<>();
        ledgerAlone(totals, findings);
        againstThePool(totals, pool, findings);
        if (log != null) {
            againstTheServer(ledger, log, findings);
        }
        return new Audit(totals, pool.open(), totals.open() - pool.open(), List.copyOf(findings));
    }

    boolean passed() {
        return open == 0 && unaccounted == 0 && findings.stream().allMatch(Finding::holds);
    }

    /** The demo's last line. */
    String lastLine() {
        return "account: accepted=" + totals.accepted() + " confirmed=" + totals.confirmed() + " notSent="
                + totals.notSent() + " unknown=" + totals.unknown() + " open=" + open + " unaccounted=" + unaccounted;
    }

    private static void ledgerAlone(Ledger.Totals totals, List<Finding> findings) {
        none(findings, "accepted orders without an outcome", totals.open());
        none(findings, "orders told a second outcome", totals.repeated());
        none(findings, "outcomes or echoes of orders never accepted", totals.strangers());
    }

    private static void againstThePool(Ledger.Totals totals, Account pool, List<Finding> findings) {
        boolean same = totals.accepted() == pool.accepted()
                && totals.confirmed() == pool.confirmed()
                && totals.notSent() == pool.notSent()
                && totals.unknown() == pool.unknown();
        findings.add(new Finding(
                same,
                same
                        ? "the pool's account and the demo's ledger say the same"
                        : text(
                                "the pool's account differs from the demo's ledger: accepted %,d / %,d, confirmed %,d / %,d,"
                                        + " not sent %,d / %,d, unknown %,d / %,d",
                                pool.accepted(),
                                totals.accepted(),
                                pool.confirmed(),
                                totals.confirmed(),
                                pool.notSent(),
                                totals.notSent(),
                                pool.unknown(),
                                totals.unknown())));
    }

    private static void againstTheServer(Ledger ledger, ServerLog log, List<Finding> findings) {
        byte[] timesRead = new byte[ledger.capacity()];
        long[] strangers = new long[1];
        log.forEach((order, connection) -> {
            if (order < 0 || order >= timesRead.length || (ledger.marks(order) & Ledger.ACCEPTED) == 0) {
                strangers[0]++;
            } else if (timesRead[(int) order] < 2) {
                timesRead[(int) order]++;
            }
        });
        long confirmedMissing = 0;
        long notSentRead = 0;
        long unknownRead = 0;
        long readTwice = 0;
        for (int order = 0; order < timesRead.length; order++) {
            int marks = ledger.marks(order);
            boolean read = timesRead[order] > 0;
            confirmedMissing += (marks & Ledger.CONFIRMED) != 0 && !read ? 1 : 0;
            notSentRead += (marks & Ledger.NOT_SENT) != 0 && read ? 1 : 0;
            unknownRead += (marks & Ledger.UNKNOWN) != 0 && read ? 1 : 0;
            readTwice += timesRead[order] > 1 ? 1 : 0;
        }
        Ledger.Totals totals = ledger.totals();
        none(
                findings,
                text("of %,d confirmed orders missing in the server's log", totals.confirmed()),
                confirmedMissing);
        none(findings, text("of %,d orders told as not sent found in the server's log", totals.notSent()), notSentRead);
        none(findings, "orders read twice by the server", readTwice);
        none(findings, "orders read by the server and never accepted", strangers[0]);
        findings.add(new Finding(
                true,
                text(
                        "of %,d unknown orders the server had read %,d: only its log can tell, so the pool said neither",
                        totals.unknown(), unknownRead)));
    }

    private static void none(List<Finding> findings, String what, long count) {
        findings.add(new Finding(count == 0, text("%,d ", count) + what));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
