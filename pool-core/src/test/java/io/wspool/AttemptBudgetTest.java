package io.wspool;

import static io.wspool.AttemptBudget.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.wspool.AttemptBudget.Turn;
import io.wspool.api.BudgetSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptBudgetTest {
    private static final String HERE = "gateway.example:443";
    private static final String THERE = "gateway.example:8443";
    private static final long S = 1_000_000_000L;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final List<String> called = new ArrayList<>();

    private AttemptBudget budget(int burst, double perSecond, int inFlight) {
        return new AttemptBudget(new BudgetSettings(burst, perSecond, inFlight), ticker);
    }

    private Turn lineUp(AttemptBudget budget, String name) {
        return budget.lineUp(HERE, () -> called.add(name));
    }

    private void advance(long nanos) {
        ticker.advance(nanos, TimeUnit.NANOSECONDS);
    }

    @Test
    void theBurstGoesAtOnceAndThenOneASecond() {
        AttemptBudget budget = budget(30, 1, 100);
        for (int i = 0; i < 30; i++) {
            assertThat(lineUp(budget, "burst").begin()).isZero();
        }
        Turn next = lineUp(budget, "next");
        assertThat(next.begin()).isEqualTo(S);
        advance(S - 1);
        assertThat(next.begin()).isEqualTo(1);
        advance(1);
        assertThat(next.begin()).isZero();
        assertThat(lineUp(budget, "after").begin()).isEqualTo(S);
        assertThat(called).isEmpty();
    }

    @Test
    void quietTimeFillsTheBucketUpToTheBurstAndNoFurther() {
        AttemptBudget budget = budget(2, 1, 100);
        assertThat(lineUp(budget, "a").begin()).isZero();
        advance(1_000 * S);
        assertThat(lineUp(budget, "b").begin()).isZero();
        assertThat(lineUp(budget, "c").begin()).isZero();
        assertThat(lineUp(budget, "d").begin()).isEqualTo(S);
    }

    @Test
    void aRateThatIsNoWholeNumberOfNanosecondsIsRoundedTowardsFewer() {
        AttemptBudget budget = budget(1, 3, 100);
        assertThat(lineUp(budget, "a").begin()).isZero();
        assertThat(lineUp(budget, "b").begin()).isEqualTo(333_333_334);
    }

    @Test
    void oneDialAtATimeAndTheNextIsCalledWhenItEnds() {
        AttemptBudget budget = budget(30, 1, 1);
        Turn first = lineUp(budget, "first");
        Turn second = lineUp(budget, "second");
        assertThat(first.begin()).isZero();
        assertThat(second.begin()).isEqualTo(WAIT);
        assertThat(called).isEmpty();
        first.release();
        assertThat(called).containsExactly("second");
        assertThat(second.begin()).isZero();
    }

    @Test
    void asManyDialsAsAllowedAreUnderWayAndNotOneMore() {
        AttemptBudget budget = budget(30, 1, 2);
        Turn first = lineUp(budget, "first");
        assertThat(first.begin()).isZero();
        assertThat(lineUp(budget, "second").begin()).isZero();
        assertThat(lineUp(budget, "third").begin()).isEqualTo(WAIT);
        first.release();
        assertThat(called).containsExactly("third");
    }

    @Test
    void turnsComeInTheOrderOfArrivalWhoeverAsksFirst() {
        AttemptBudget budget = budget(30, 1, 1);
        Turn a = lineUp(budget, "a");
        Turn b = lineUp(budget, "b");
        Turn c = lineUp(budget, "c");
        assertThat(c.begin()).isEqualTo(WAIT);
        assertThat(b.begin()).isEqualTo(WAIT);
        assertThat(a.begin()).isZero();
        a.release();
        assertThat(called).containsExactly("b");
        assertThat(c.begin()).as("b was called and has not come yet").isEqualTo(WAIT);
        assertThat(b.begin()).isZero();
        b.release();
        assertThat(called).containsExactly("b", "c");
    }

    @Test
    void whoComesToBeFirstIsCalledEvenWithoutATokenAndTellsItselfWhen() {
        AttemptBudget budget = budget(1, 1, 1);
        Turn a = lineUp(budget, "a");
        Turn b = lineUp(budget, "b");
        assertThat(a.begin()).isZero();
        assertThat(b.begin()).isEqualTo(WAIT);
        a.release();
        assertThat(called).containsExactly("b");
        assertThat(b.begin()).isEqualTo(S);
    }

    @Test
    void theOneThatWaitsForATokenHoldsItsPlaceInTheLine() {
        AttemptBudget budget = budget(1, 1, 10);
        assertThat(lineUp(budget, "taker").begin()).isZero();
        Turn a = lineUp(budget, "a");
        Turn b = lineUp(budget, "b");
        assertThat(a.begin()).isEqualTo(S);
        assertThat(b.begin()).isEqualTo(WAIT);
        advance(S);
        assertThat(b.begin()).as("the token is a's").isEqualTo(WAIT);
        assertThat(a.begin()).isZero();
        assertThat(called).containsExactly("b");
        assertThat(b.begin()).isEqualTo(S);
    }

    @Test
    void aCancelledFirstMakesRoomForTheNext() {
        AttemptBudget budget = budget(1, 1, 10);
        assertThat(lineUp(budget, "taker").begin()).isZero();
        Turn a = lineUp(budget, "a");
        Turn b = lineUp(budget, "b");
        assertThat(a.begin()).isEqualTo(S);
        assertThat(b.begin()).isEqualTo(WAIT);
        a.release();
        assertThat(called).containsExactly("b");
        advance(S);
        assertThat(b.begin()).isZero();
    }

    @Test
    void aCancelledWaiterLeavesNoTrace() {
        AttemptBudget budget = budget(2, 1, 1);
        Turn a = lineUp(budget, "a");
        Turn b = lineUp(budget, "b");
        Turn c = lineUp(budget, "c");
        assertThat(a.begin()).isZero();
        assertThat(b.begin()).isEqualTo(WAIT);
        assertThat(c.begin()).isEqualTo(WAIT);
        b.release();
        a.release();
        assertThat(called).as("b is never called").containsExactly("c");
        assertThat(b.begin()).as("a call that crossed with the cancel").isEqualTo(WAIT);
        assertThat(c.begin()).as("b took no token").isZero();
    }

    @Test
    void aTurnThatWasCalledAndIsThenCancelledPassesTheCallOn() {
        AttemptBudget budget = budget(30, 1, 1);
        Turn a = lineUp(budget, "a");
        Turn b = lineUp(budget, "b");
        Turn c = lineUp(budget, "c");
        assertThat(a.begin()).isZero();
        assertThat(b.begin()).isEqualTo(WAIT);
        assertThat(c.begin()).isEqualTo(WAIT);
        a.release();
        b.release();
        assertThat(called).containsExactly("b", "c");
        assertThat(c.begin()).isZero();
    }

    @Test
    void nobodyIsCalledWithoutRoomOrTwiceForOneTurn() {
        AttemptBudget budget = budget(30, 1, 1);
        Turn a = lineUp(budget, "a");
        Turn b = lineUp(budget, "b");
        Turn c = lineUp(budget, "c");
        Turn d = lineUp(budget, "d");
        assertThat(a.begin()).isZero();
        assertThat(b.begin()).isEqualTo(WAIT);
        c.release();
        assertThat(called).as("a still dials").isEmpty();
        a.release();
        d.release();
        assertThat(called).containsExactly("b");
        assertThat(b.begin()).isZero();
    }

    @Test
    void releasingTwiceReleasesOnce() {
        AttemptBudget budget = budget(30, 1, 1);
        Turn a = lineUp(budget, "a");
        assertThat(a.begin()).isZero();
        assertThat(a.begin()).as("it dials already").isZero();
        a.release();
        a.release();
        assertThat(lineUp(budget, "b").begin()).isZero();
        a.release();
        assertThat(lineUp(budget, "c").begin()).as("b still dials").isEqualTo(WAIT);
    }

    @Test
    void aHoldHoldsTheEndpointForAllAndNoOther() {
        AttemptBudget budget = budget(30, 1, 10);
        budget.hold(HERE, 5 * S);
        Turn a = lineUp(budget, "a");
        assertThat(a.begin()).isEqualTo(5 * S);
        assertThat(budget.lineUp(THERE, () -> {}).begin()).isZero();
        advance(5 * S - 1);
        assertThat(a.begin()).isEqualTo(1);
        advance(1);
        assertThat(a.begin()).isZero();
    }

    @Test
    void aLaterHoldProlongsButNeverShortens() {
        AttemptBudget budget = budget(30, 1, 10);
        Turn a = lineUp(budget, "a");
        budget.hold(HERE, 5 * S);
        advance(S);
        budget.hold(HERE, 3 * S);
        assertThat(a.begin()).isEqualTo(4 * S);
        budget.hold(HERE, 6 * S);
        assertThat(a.begin()).isEqualTo(6 * S);
    }

    @Test
    void theLongerOfHoldAndMissingTokenIsTold() {
        AttemptBudget budget = budget(1, 1, 10);
        assertThat(lineUp(budget, "taker").begin()).isZero();
        Turn a = lineUp(budget, "a");
        budget.hold(HERE, S / 2);
        assertThat(a.begin()).isEqualTo(S);
        budget.hold(HERE, 2 * S);
        assertThat(a.begin()).isEqualTo(2 * S);
    }

    @Test
    void aPlaceThatCannotBeCalledLosesItsTurnToTheNext() {
        AttemptBudget budget = budget(30, 1, 1);
        Turn a = lineUp(budget, "a");
        assertThat(a.begin()).isZero();
        for (int i = 0; i < 10_000; i++) { // more than any stack would bear
            Turn dead = budget.lineUp(HERE, () -> {
                throw new RejectedExecutionException("the loop has ended");
            });
            assertThat(dead.begin()).isEqualTo(WAIT);
        }
        Turn b = lineUp(budget, "b");
        assertThat(b.begin()).isEqualTo(WAIT);
        a.release();
        assertThat(called).containsExactly("b");
        assertThat(b.begin()).isZero();
    }

    @Test
    void quietEndpointsAreForgottenWhenANewOneComesAndOthersAreNot() {
        AttemptBudget budget = budget(1, 1, 1);
        Turn waiting = budget.lineUp("waiting:1", () -> {});
        Turn dialling = budget.lineUp("dialling:1", () -> {});
        assertThat(dialling.begin()).isZero();
        Turn quiet = budget.lineUp("quiet:1", () -> {});
        assertThat(quiet.begin()).isZero();
        quiet.release();
        budget.hold("held:1", 3 * S);
        budget.lineUp("new:1", () -> {}).release();
        assertThat(budget.remembered())
                .as("the quiet one's token is not back yet")
                .isEqualTo(5);
        advance(S);
        budget.lineUp("new:2", () -> {});
        assertThat(budget.remembered()).as("without quiet:1 and new:1").isEqualTo(4);
        waiting.release();
        dialling.release();
        advance(2 * S);
        budget.lineUp("new:3", () -> {});
        assertThat(budget.remembered()).as("new:2 is in line, new:3 is new").isEqualTo(2);
    }

    @Test
    void aMissingTickerIsRefusedByName() {
        assertThatThrownBy(() -> new AttemptBudget(BudgetSettings.DEFAULTS, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("budget.ticker");
    }

    /** A place as the pool drives it: gets in line, comes when called or told, dials for a while, starts over. */
    private final class Place {
        private final AttemptBudget budget;
        private Turn turn;
        private boolean inLine;
        private boolean dialling;
        private long comesAt = Long.MAX_VALUE;

        Place(AttemptBudget budget) {
            this.budget = budget;
        }

        void getInLine() {
            inLine = true;
            turn = budget.lineUp(HERE, () -> comesAt = ticker.nanoTime());
            comesAt = ticker.nanoTime();
        }

        void leave() {
            turn.release();
            inLine = false;
            dialling = false;
            comesAt = Long.MAX_VALUE;
        }

        /** Whether it began to dial. */
        boolean comeIfDue() {
            if (!inLine || dialling || ticker.nanoTime() < comesAt) {
                return false;
            }
            comesAt = Long.MAX_VALUE;
            long answer = turn.begin();
            if (answer > 0) {
                comesAt = ticker.nanoTime() + answer;
            }
            dialling = answer == 0;
            return dialling;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noInterleavingEverExceedsBucketRateAndDialsUnderWay(long seed) {
        Random random = new Random(seed);
        int burst = 1 + random.nextInt(5);
        int inFlight = 1 + random.nextInt(3);
        AttemptBudget budget = budget(burst, 10, inFlight);
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            places.add(new Place(budget));
        }
        List<Long> begun = new ArrayList<>();
        long lastProgress = ticker.nanoTime();
        for (int step = 0; step < 5_000; step++) {
            Place place = places.get(random.nextInt(places.size()));
            int action = random.nextInt(10);
            if (!place.inLine && action < 6) {
                place.getInLine();
            } else if (place.dialling ? action < 7 : place.inLine && action == 9) {
                place.leave(); // ends its dial, or cancels
            } else {
                advance(random.nextInt((int) (S / 50)));
            }
            for (Place each : places) {
                if (each.comeIfDue()) {
                    begun.add(ticker.nanoTime());
                    lastProgress = ticker.nanoTime();
                }
            }
            long dialling = places.stream().filter(p -> p.dialling).count();
            boolean somebodyWaits = places.stream().anyMatch(p -> p.inLine && !p.dialling);
            assertThat(dialling).isLessThanOrEqualTo(inFlight);
            if (!somebodyWaits || dialling == inFlight) {
                lastProgress = ticker.nanoTime();
            }
            assertThat(ticker.nanoTime() - lastProgress)
                    .as("nobody is forgotten")
                    .isLessThan(S / 5);
        }
        assertThat(begun).hasSizeGreaterThan(100);
        for (int from = 0; from < begun.size(); from++) {
            for (int to = from; to < begun.size(); to++) {
                long allowed = burst + (begun.get(to) - begun.get(from)) / (S / 10);
                assertThat(to - from + 1L).isLessThanOrEqualTo(allowed);
            }
        }
    }

    @Test
    void twoPoolsThatRaceNeverDialMoreThanAllowedAndBothAreServed() throws Exception {
        int dialsEach = 5_000;
        AttemptBudget budget = budget(1_000_000, 1, 1);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger tooMany = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(2);
        List<Thread> pools = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread pool = new Thread(() -> {
                LinkedBlockingQueue<Boolean> calls = new LinkedBlockingQueue<>();
                try {
                    for (int dial = 0; dial < dialsEach; dial++) {
                        Turn turn = budget.lineUp(HERE, () -> calls.add(true));
                        while (turn.begin() != 0) {
                            calls.take();
                        }
                        if (underWay.incrementAndGet() > 1) {
                            tooMany.incrementAndGet();
                        }
                        underWay.decrementAndGet();
                        turn.release();
                    }
                    done.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // the other side lost a call: done is never reached
                }
            });
            pools.add(pool);
            pool.start();
        }
        try {
            assertThat(done.await(60, TimeUnit.SECONDS)).as("no call was lost").isTrue();
            assertThat(tooMany).hasValue(0);
        } finally {
            pools.forEach(Thread::interrupt);
        }
    }
}
