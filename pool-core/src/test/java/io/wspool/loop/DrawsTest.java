package io.wspool.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DrawsTest {
    private static final int BOUND = 17;
    private static final int DRAWS = 170_000;

    @Test
    void bothHalvesReachEveryNumberBelowTheBoundAboutEquallyOften() {
        Draws draws = new Draws(Chance.seeded(1));
        int[] upper = new int[BOUND];
        int[] lower = new int[BOUND];
        for (int i = 0; i < DRAWS; i++) {
            long draw = draws.next();
            upper[Draws.upper(draw, BOUND)]++;
            lower[Draws.lower(draw, BOUND)]++;
        }
        int expected = DRAWS / BOUND;
        assertThat(Arrays.stream(upper)).allMatch(count -> Math.abs(count - expected) < expected / 10);
        assertThat(Arrays.stream(lower)).allMatch(count -> Math.abs(count - expected) < expected / 10);
    }

    @Test
    void theEndsOfADrawStayInside() {
        assertThat(Draws.upper(0, BOUND)).isZero();
        assertThat(Draws.upper(-1, BOUND)).isEqualTo(BOUND - 1);
        assertThat(Draws.lower(0, BOUND)).isZero();
        assertThat(Draws.lower(-1, BOUND)).isEqualTo(BOUND - 1);
        assertThat(Draws.upper(-1, 1)).isZero();
    }

    @Test
    void theSameSeedDrawsTheSame() {
        Draws one = new Draws(Chance.seeded(7));
        Draws other = new Draws(Chance.seeded(7));
        assertThat(one.next()).isEqualTo(other.next()).isNotEqualTo(one.next());
    }
}
