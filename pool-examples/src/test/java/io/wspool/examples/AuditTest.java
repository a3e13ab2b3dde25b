package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.Account;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Ten orders: 0 to 6 confirmed, 7 not sent, 8 unknown and read, 9 unknown and not read. Each test spoils one thing. */
class AuditTest {
    private static final Account POOL = new Account(10, 9, 7, 2, 1, 0, 0);

    private final Ledger ledger = new Ledger(20);
    private final ServerLog log = new ServerLog();

    AuditTest() {
        for (int order = 0; order < 10; order++) {
            ledger.accepted(order);
            ledger.outcome(order, order < 7 ? Ledger.CONFIRMED : order == 7 ? Ledger.NOT_SENT : Ledger.UNKNOWN);
        }
        for (int order = 0; order <= 8; order++) {
            if (order != 7) {
                log.read(order, 1);
            }
        }
    }

    @Test
    void booksThatAgreePass() {
        Audit audit = Audit.of(ledger, POOL, log);
        assertThat(audit.passed()).isTrue();
        assertThat(audit.lastLine())
                .isEqualTo("account: accepted=10 confirmed=7 notSent=1 unknown=2 open=0 unaccounted=0");
        assertThat(audit.findings()).allMatch(Audit.Finding::holds);
        assertThat(audit.findings())
                .extracting(Audit.Finding::says)
                .anyMatch(says -> says.contains("of 2 unknown orders"));
        assertThat(audit.findings()).extracting(Audit.Finding::says).anyMatch(says -> says.contains("had read 1"));
    }

    @Test
    void anOrderThatThePoolForgotIsUnaccounted() {
        ledger.accepted(10);
        Audit audit = Audit.of(ledger, new Account(11, 10, 8, 2, 1, 0, 0), log);
        assertThat(audit.unaccounted()).isEqualTo(1);
        assertThat(audit.lastLine()).endsWith("accepted=11 confirmed=7 notSent=1 unknown=2 open=0 unaccounted=1");
        assertFails(audit, "1 accepted orders without an outcome");
    }

    @Test
    void anOrderThatThePoolStillHasIsOpenAndFails() {
        ledger.accepted(10);
        Audit audit = Audit.of(ledger, new Account(11, 10, 7, 2, 1, 0, 0), log);
        assertThat(audit.lastLine()).endsWith("open=1 unaccounted=0");
        assertFails(audit, "1 accepted orders without an outcome");
    }

    @Test
    void anotherCountOfThePoolFails() {
        assertFails(
                Audit.of(ledger, new Account(10, 9, 8, 1, 1, 0, 0), log),
                "the pool's account differs from the demo's ledger: accepted 10 / 10, confirmed 8 / 7, not sent 1 / 1,"
                        + " unknown 1 / 2");
    }

    @Test
    void aConfirmedOrderThatTheServerNeverReadFails() {
        ledger.accepted(10);
        ledger.outcome(10, Ledger.CONFIRMED);
        assertFails(
                Audit.of(ledger, new Account(11, 10, 8, 2, 1, 0, 0), log),
                "1 of 8 confirmed orders missing in the server's log");
    }

    @Test
    void anOrderToldAsNotSentThatTheServerReadFails() {
        log.read(7, 2);
        assertFails(Audit.of(ledger, POOL, log), "1 of 1 orders told as not sent found in the server's log");
    }

    @Test
    void anOrderReadTwiceFails() {
        log.read(3, 2);
        assertFails(Audit.of(ledger, POOL, log), "1 orders read twice by the server");
    }

    @Test
    void anOrderThatNobodySentFails() {
        log.read(15, 1);
        log.read(-1, 1);
        log.read(20, 1);
        assertFails(Audit.of(ledger, POOL, log), "3 orders read by the server and never accepted");
    }

    @Test
    void aSecondOutcomeFails() {
        ledger.outcome(8, Ledger.CONFIRMED);
        assertThat(failures(Audit.of(ledger, POOL, log))).contains("1 orders told a second outcome");
    }

    @Test
    void anOutcomeOfAnOrderNeverAcceptedFails() {
        ledger.outcome(19, Ledger.NOT_SENT);
        ledger.outcome(20, Ledger.UNKNOWN);
        assertThat(failures(Audit.of(ledger, POOL, log))).contains("2 outcomes or echoes of orders never accepted");
    }

    @Test
    void aForeignServersLogIsLeftOutAndSaidSo() {
        Audit audit = Audit.of(ledger, POOL, null);
        assertThat(audit.passed()).isTrue();
        assertThat(audit.findings()).extracting(Audit.Finding::says).noneMatch(says -> says.contains("server's log"));
        assertThat(printed(audit, false)).contains("left out: the server is not ours");
    }

    @Test
    void theAccountIsTheLastLineOfTheReport() {
        Audit audit = Audit.of(ledger, POOL, log);
        assertThat(printed(audit, true).lines().toList()).last().asString().isEqualTo(audit.lastLine());
    }

    private static void assertFails(Audit audit, String says) {
        assertThat(audit.passed()).isFalse();
        assertThat(failures(audit)).contains(says);
        assertThat(printed(audit, true)).contains("FAILED  " + says);
    }

    private static List<String> failures(Audit audit) {
        return audit.findings().stream()
                .filter(finding -> !finding.holds())
                .map(Audit.Finding::says)
                .toList();
    }

    private static String printed(Audit audit, boolean ownServer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Report report = new Report(new Histogram(3), List.of(), List.of(), audit, ownServer);
        assertThat(report.print(out, new EventLog())).isEqualTo(audit.passed());
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
