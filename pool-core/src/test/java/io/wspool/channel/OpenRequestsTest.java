package io.wspool.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenRequestsTest {
    private static long closed(OpenRequests requests, long token) {
        long sentAt = requests.close(token);
        assertThat(sentAt).as("token " + token).isNotEqualTo(OpenRequests.NOT_OPEN);
        return sentAt;
    }

    @Test
    void theOldestIsForgottenForOneTooMany() {
        OpenRequests requests = new OpenRequests(3);
        assertThat(requests.open(10, 1)).isFalse();
        assertThat(requests.open(20, 2)).isFalse();
        assertThat(requests.open(30, 3)).as("the bound itself fits").isFalse();
        assertThat(requests.open(40, 4)).as("one more does not").isTrue();
        assertThat(requests.close(10)).isEqualTo(OpenRequests.NOT_OPEN);
        assertThat(closed(requests, 20)).isEqualTo(2);
        assertThat(requests.open(50, 5)).as("room again").isFalse();
        assertThat(closed(requests, 30)).isEqualTo(3);
        assertThat(closed(requests, 40)).isEqualTo(4);
        assertThat(closed(requests, 50)).isEqualTo(5);
        assertThat(requests.size()).isZero();
    }

    @Test
    void theSameTokenAgainReplacesItsRequestAndIsTheYoungest() {
        OpenRequests requests = new OpenRequests(2);
        requests.open(1, 1);
        requests.open(2, 2);
        assertThat(requests.open(1, 3)).isTrue();
        assertThat(requests.size()).isEqualTo(2);
        assertThat(requests.open(4, 4)).isTrue();
        assertThat(requests.close(2)).as("the oldest now").isEqualTo(OpenRequests.NOT_OPEN);
        assertThat(closed(requests, 1)).isEqualTo(3);
    }

    @Test
    void whatIsNotOpenIsNotFound() {
        OpenRequests requests = new OpenRequests(4);
        assertThat(requests.close(0)).isEqualTo(OpenRequests.NOT_OPEN);
        requests.open(7, 1);
        closed(requests, 7);
        assertThat(requests.close(7)).isEqualTo(OpenRequests.NOT_OPEN);
    }

    /** Against the JDK's map in order of insertion, with tokens that meet again and again, in and out of order. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 1000})
    void doesWhatAnOrderedMapDoes(int most) {
        SplittableRandom random = new SplittableRandom(most);
        OpenRequests requests = new OpenRequests(most);
        Map<Long, Long> model = new LinkedHashMap<>();
        for (long step = 0; step < 100_000; step++) {
            long token = random.nextLong(3L * most) << (32 * random.nextInt(2));
            if (random.nextInt(100) < 55) {
                boolean forgets = model.remove(token) != null;
                if (!forgets && model.size() == most) {
                    model.remove(model.keySet().iterator().next());
                    forgets = true;
                }
                model.put(token, step);
                assertThat(requests.open(token, step)).isEqualTo(forgets);
            } else {
                Long sentAt = model.remove(token);
                assertThat(requests.close(token)).isEqualTo(sentAt == null ? OpenRequests.NOT_OPEN : sentAt);
            }
            assertThat(requests.size()).isEqualTo(model.size());
        }
    }
}
