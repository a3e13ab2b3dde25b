package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger(3);

    @Test
    void anOutcomeMayComeBeforeTheAcceptance() {
        ledger.outcome(0, Ledger.CONFIRMED);
        ledger.accepted(0);
        assertThat(ledger.totals()).isEqualTo(new Ledger.Totals(1, 1, 0, 0, 0, 0, 0));
        assertThat(ledger.totals().open()).isZero();
    }

    @Test
    void onlyTheFirstEchoCounts() {
        ledger.accepted(2);
        assertThat(ledger.echoed(2)).isTrue();
        assertThat(ledger.echoed(2)).isFalse();
        assertThat(ledger.totals().echoed()).isEqualTo(1);
    }

    @Test
    void whatIsNoOrderOfOursIsAStranger() {
        ledger.outcome(-1, Ledger.UNKNOWN);
        ledger.outcome(3, Ledger.UNKNOWN);
        assertThat(ledger.totals()).isEqualTo(new Ledger.Totals(0, 0, 0, 0, 0, 0, 2));
    }

    @Test
    void acceptedWithoutAnOutcomeIsOpen() {
        ledger.accepted(0);
        ledger.accepted(1);
        ledger.outcome(1, Ledger.NOT_SENT);
        assertThat(ledger.totals().open()).isEqualTo(1);
    }
}
