package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wspool.api.CloseCause;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final int PLACES = 500;

    private final Readiness readiness = new Readiness("pool", PLACES, System::nanoTime);

    @Test
    void aWaiterThatIsWokenOftenWaitsNoLessLong() throws Exception {
        FutureTask<Boolean> waiting = new FutureTask<>(() -> {
            readiness.await(true, Duration.ofSeconds(20), "");
            return true;
        });
        Thread waiter = new Thread(waiting, "waits for everyone");
        waiter.start();
        for (int live = 1; live <= PLACES; live++) {
            Patience.until(
                    "the waiter waits", () -> waiting.isDone() || waiter.getState() == Thread.State.TIMED_WAITING);
            readiness.changed(live, false, false);
        }
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void nobodyWaitsLongerThanTheLimit() {
        assertThatThrownBy(() -> readiness.await(false, Duration.ofNanos(1), "; the reason"))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("pool: 0 of 500 channels live after 0 ms, wanted 1; the reason");
        readiness.changed(1, false, false);
        assertThatThrownBy(() -> readiness.await(true, Duration.ZERO, ""))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("1 of 500");
    }

    @Test
    void whoWaitsInVainIsToldWhatEndedLast() {
        readiness.ended(new CloseCause(CloseCause.Kind.CONNECT_FAILED, 1006, "", false, "refused", null));
        readiness.ended(new CloseCause(CloseCause.Kind.UPGRADE_REFUSED, 1006, "", false, "status 403", null));
        assertThatThrownBy(() -> readiness.await(false, Duration.ZERO, "; the reason"))
                .hasMessageEndingWith(
                        "wanted 1; the reason; the last to end: UPGRADE_REFUSED 1006 unclean: status 403");
        readiness.changed(0, true, false);
        assertThatThrownBy(() -> readiness.holds(false))
                .hasMessage("pool: every place is HALTED, until resume()"
                        + "; the last to end: UPGRADE_REFUSED 1006 unclean: status 403");
    }
}
