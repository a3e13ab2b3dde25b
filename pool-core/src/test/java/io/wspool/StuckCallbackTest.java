package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.CloseResult;
import io.wspool.api.CloseSettings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A callback that does not return has the loop's thread. */
class StuckCallbackTest {
    @Test
    void closeWaitsForItsTimesAndNoLonger() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch wayOut = new CountDownLatch(1);
        try (EchoServer server = new EchoServer()) {
            WebSocketPool pool = WebSocketPool.to(server.uri())
                    .name("stuck")
                    .closeTimeouts(new CloseSettings(Duration.ofMillis(10), Duration.ofMillis(10)))
                    .onMessage((channel, message) -> {
                        inside.countDown();
                        Patience.until("the way out", () -> wayOut.getCount() == 0);
                    })
                    .start();
            pool.awaitReady(Duration.ofSeconds(60));
            pool.sendText("x");
            Patience.await("the callback", inside);

            CloseResult result = pool.close(Duration.ofMillis(10));

            assertThat(result.end()).isEqualTo(CloseResult.End.STARTED);
            assertThat(result.owner()).isEqualTo("wspool-stuck-0");
            assertThat(pool.closed().toCompletableFuture()).isNotDone();
            wayOut.countDown();
            CloseResult end = Patience.end("the end", pool.closed());
            assertThat(end.end()).isEqualTo(CloseResult.End.COMPLETE);
            assertThat(end.account().open()).isZero();
            assertThat(pool.close(Duration.ZERO)).isEqualTo(end);
        } finally {
            wayOut.countDown();
        }
    }
}
