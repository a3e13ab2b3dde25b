package io.wspool.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenRingTest {
    /** What the ring holds before it grows for the first time. */
    private static final int FIRST = 64;

    private final TokenRing ring = new TokenRing();
    private final List<Long> taken = new ArrayList<>();
    private int pieces;
    private long next = 1;

    /** Token 1000 + k belongs to the message at position 10·k. */
    private void add(int count) {
        for (int i = 0; i < count; i++, next++) {
            ring.add(10 * next, 1000 + next);
        }
    }

    private void take(int count) {
        take(count, () -> {});
    }

    /** As the ledger does; {@code listener} runs while a piece is read. */
    private void take(int count, Runnable listener) {
        for (int left = count; left > 0; pieces++) {
            long[] tokens = ring.tokens();
            int from = ring.oldest();
            int piece = ring.inOnePiece(left);
            listener.run();
            for (int i = from; i < from + piece; i++) {
                taken.add(tokens[i]);
            }
            ring.forget(piece);
            left -= piece;
        }
    }

    private void assertTakenInOrderUpTo(int last) {
        assertThat(taken).hasSize(last);
        for (int i = 0; i < last; i++) {
            assertThat(taken.get(i)).isEqualTo(1001 + i);
        }
    }

    @Test
    void anEmptyRingHasNothingAtAnyPosition() {
        assertThat(ring.size()).isZero();
        assertThat(ring.countUpTo(Long.MAX_VALUE)).isZero();
        take(0);
        assertThat(pieces).as("slices of nothing").isZero();
    }

    @Test
    void aPositionCountsItsOwnMessageAndNotTheNext() {
        add(3); // at 10, 20, 30
        assertThat(ring.countUpTo(9)).isZero();
        assertThat(ring.countUpTo(10)).isEqualTo(1);
        assertThat(ring.countUpTo(29)).isEqualTo(2);
        assertThat(ring.countUpTo(30)).isEqualTo(3);
        assertThat(ring.countUpTo(Long.MAX_VALUE)).isEqualTo(3);
    }

    @Test
    void theOldestAreTakenFirstAndForgotten() {
        add(5);
        take(2);
        assertTakenInOrderUpTo(2);
        assertThat(ring.size()).isEqualTo(3);
        assertThat(ring.countUpTo(20)).as("gone").isZero();
        assertThat(ring.countUpTo(30)).isEqualTo(1);
        take(3);
        assertTakenInOrderUpTo(5);
        assertThat(ring.size()).isZero();
    }

    @Test
    void whatLiesAcrossTheSeamComesInTwoPieces() {
        add(FIRST);
        take(FIRST - 4);
        add(8); // behind the seam; four are left before it
        pieces = 0;
        take(3);
        assertThat(pieces).as("before the seam").isEqualTo(1);
        pieces = 0;
        take(9);
        assertThat(pieces).as("across the seam").isEqualTo(2);
        assertTakenInOrderUpTo((int) next - 1);
    }

    @Test
    void aFullRingThatIsWoundGrowsAndKeepsItsOrder() {
        add(FIRST);
        take(10);
        add(10); // full again, its oldest in the middle
        assertThat(ring.size()).isEqualTo(FIRST);
        add(1);
        assertThat(ring.size()).isEqualTo(FIRST + 1);
        for (int k = 11; k <= FIRST + 11; k++) {
            assertThat(ring.countUpTo(10L * k)).isEqualTo(k - 10);
            assertThat(ring.countUpTo(10L * k - 1)).isEqualTo(k - 11);
            assertThat(ring.position(k - 11)).isEqualTo(10L * k);
        }
        pieces = 0;
        take(FIRST + 1);
        assertThat(pieces).as("unrolled").isEqualTo(1);
        assertTakenInOrderUpTo(FIRST + 11);
    }

    @Test
    void growthInTheMiddleOfASliceLeavesTheSliceAndTheRestAlone() {
        add(FIRST);
        take(10);
        add(10);
        // a listener that sends: the first slice ends at the seam, the second must come from the grown ring
        take(FIRST, () -> {
            if (next == FIRST + 11) {
                add(3 * FIRST);
            }
        });
        assertTakenInOrderUpTo(FIRST + 10);
        assertThat(ring.size()).isEqualTo(3 * FIRST);
        take(3 * FIRST);
        assertTakenInOrderUpTo(4 * FIRST + 10);
        assertThat(ring.size()).isZero();
    }

    @Test
    void whatIsAddedInASliceDoesNotOverwriteIt() {
        add(FIRST);
        take(FIRST);
        add(FIRST / 2);
        int before = (int) next - 1;
        take(FIRST / 2, () -> add(FIRST / 2)); // the free half exactly: no growth
        assertTakenInOrderUpTo(before);
        assertThat(ring.size()).isEqualTo(FIRST / 2);
    }

    @Test
    void theBoundOfAChannelFitsAndIsFoundByItsPosition() {
        add(Admission.MOST_TOKENS);
        assertThat(ring.size()).isEqualTo(Admission.MOST_TOKENS);
        assertThat(ring.countUpTo(10L * 40_000)).isEqualTo(40_000);
        take(40_000);
        add(40_000);
        assertThat(ring.size()).isEqualTo(Admission.MOST_TOKENS);
        take(Admission.MOST_TOKENS);
        assertTakenInOrderUpTo(Admission.MOST_TOKENS + 40_000);
    }
}
