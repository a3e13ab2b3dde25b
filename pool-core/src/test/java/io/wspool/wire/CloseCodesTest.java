package io.wspool.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CloseCodesTest {
    @Test
    void onlyRegisteredAndApplicationCodesMayBeReceived() {
        Set<Integer> expected = IntStream.concat(
                        IntStream.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014),
                        IntStream.rangeClosed(3000, 4999))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        Set<Integer> received = IntStream.rangeClosed(-1, 70_000)
                .filter(CloseCodes::mayBeReceived)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(received).isEqualTo(expected);
    }

    @Test
    void whatMayBeReceivedMayBeEchoed() {
        assertThat(IntStream.rangeClosed(0, 65_535).filter(c -> CloseCodes.mayBeReceived(c) != CloseCodes.mayBeSent(c)))
                .isEmpty();
    }

    @Test
    void eachCodeHasAName() {
        assertThat(CloseCodes.name(1000)).isEqualTo("normal closure");
        assertThat(CloseCodes.name(1006)).isEqualTo("abnormal closure");
        assertThat(CloseCodes.name(2999)).isEqualTo("unregistered code");
        assertThat(CloseCodes.name(4999)).isEqualTo("application code");
        assertThat(CloseCodes.name(5000)).isEqualTo("unregistered code");
        assertThat(IntStream.rangeClosed(1000, 1014)
                        .filter(CloseCodes::mayBeReceived)
                        .mapToObj(CloseCodes::name))
                .doesNotContain("unregistered code")
                .doesNotHaveDuplicates();
    }
}
