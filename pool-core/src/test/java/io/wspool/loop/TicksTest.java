package io.wspool.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TicksTest {
    private static final long USUAL = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MOST = TimeUnit.MILLISECONDS.toNanos(100);

    private final MockTicker ticker = Ticker.newMockTicker();
    private final Ticks ticks = new Ticks("test", ticker, USUAL, Runnable::run);

    private static class Member implements LoopMember {
        long calm;
        int ticks;
        boolean fails;

        Member(long calm) {
            this.calm = calm;
        }

        @Override
        public void flush() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long tick(long servedNanos) {
            ticks++;
            if (fails) {
                throw new IllegalStateException("as the test wants it");
            }
            return calm;
        }
    }

    private Member added(long calm) {
        Member member = new Member(calm);
        ticks.add(member, calm);
        return member;
    }

    private void passNanos(long nanos) {
        ticker.advance(nanos, TimeUnit.NANOSECONDS);
        ticks.tickIfDue(ticker.nanoTime());
    }

    @Test
    void whoMustNotBeLeftAloneIsLookedAfterAtTheUsualInterval() {
        Member member = added(0);
        passNanos(USUAL - 1);
        assertThat(member.ticks).isZero();
        passNanos(1);
        assertThat(member.ticks).isOne();
        passNanos(USUAL - 1);
        assertThat(member.ticks).isOne();
        passNanos(1);
        assertThat(member.ticks).isEqualTo(2);
    }

    @Test
    void whoMayBeLeftAloneIsUntilItsTimeAndNotLongerThanTheMost() {
        Member member = added(7 * USUAL);
        assertThat(ticks.nanosToNext()).isEqualTo(7 * USUAL);
        passNanos(7 * USUAL - 1);
        assertThat(member.ticks).isZero();
        member.calm = 2 * MOST;
        passNanos(1);
        assertThat(member.ticks).isOne();
        assertThat(ticks.nanosToNext()).isEqualTo(MOST);
        member.calm = LoopMember.NO_TICK;
        passNanos(MOST);
        assertThat(ticks.isEmpty()).isTrue();
    }

    @Test
    void theOneThatIsLeastToBeLeftAloneDecides() {
        Member calm = added(9 * USUAL);
        Member busy = added(3 * USUAL);
        assertThat(ticks.nanosToNext())
                .as("who comes later may need it earlier")
                .isEqualTo(3 * USUAL);
        added(5 * USUAL);
        assertThat(ticks.nanosToNext()).isEqualTo(3 * USUAL);
        busy.calm = 2 * USUAL;
        passNanos(3 * USUAL);
        assertThat(calm.ticks).isOne();
        assertThat(ticks.nanosToNext()).isEqualTo(2 * USUAL);
    }

    @Test
    void aChangeBringsTheTickForwardAndNeverPutsItOff() {
        added(9 * USUAL);
        ticks.within(ticker.nanoTime(), 10 * USUAL);
        assertThat(ticks.nanosToNext()).isEqualTo(9 * USUAL);
        ticks.within(ticker.nanoTime(), 2 * USUAL);
        assertThat(ticks.nanosToNext()).isEqualTo(2 * USUAL);
        ticks.within(ticker.nanoTime(), 0);
        assertThat(ticks.nanosToNext()).isEqualTo(USUAL);
    }

    @Test
    void aChangeDuringATickIsNotForgotten() {
        Member member = new Member(9 * USUAL) {
            @Override
            public long tick(long servedNanos) {
                TicksTest.this.ticks.within(ticker.nanoTime(), 0); // as by a write for another member
                return super.tick(servedNanos);
            }
        };
        ticks.add(member, 0);
        passNanos(USUAL);
        assertThat(member.ticks).isOne();
        assertThat(ticks.nanosToNext()).isEqualTo(USUAL);
    }

    @Test
    void aChangeWithTheTimeBeforeAPauseDoesNotMakeThatCountTwice() {
        List<Long> told = new ArrayList<>();
        ticks.tellPauses(TimeUnit.SECONDS.toNanos(1), told::add);
        added(0);
        long turn = ticker.nanoTime();
        ticker.advance(3, TimeUnit.SECONDS);
        long served = ticks.served(ticker.nanoTime());
        ticks.within(turn, 0);
        assertThat(ticks.served(ticker.nanoTime())).isEqualTo(served);
        assertThat(told).hasSize(1);
        ticks.within(ticker.nanoTime(), 0);
        assertThat(ticks.nanosToNext()).as("still due").isEqualTo(0);
    }

    @Test
    void whoFailsIsLookedAfterAtTheUsualInterval() {
        Member failing = added(5 * USUAL);
        failing.fails = true;
        passNanos(5 * USUAL);
        assertThat(failing.ticks).isOne();
        assertThat(ticks.nanosToNext()).isEqualTo(USUAL);
    }

    @Test
    void whatAnExpectedTickIsLateIsAPauseHoweverFarAwayItWas() {
        added(9 * USUAL);
        long began = ticker.nanoTime();
        passNanos(9 * USUAL + TimeUnit.SECONDS.toNanos(3));
        assertThat(ticks.served(ticker.nanoTime()) - began).isEqualTo(9 * USUAL);
    }
}
