package io.wspool.bench.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeterTest {
    private final Meter meter = new Meter();

    private RoundResult round(Runnable work) {
        RoundResult result = new RoundResult();
        meter.begin();
        work.run();
        meter.end(result);
        return result;
    }

    @Test
    void aCollectionIsCountedInTheRoundInWhichItRan() {
        round(() -> {});
        RoundResult collecting = round(System::gc);
        assertThat(collecting.collections).isPositive();
        assertThat(collecting.toJson()).contains("\"collections\":" + collecting.collections + ",");
    }
}
