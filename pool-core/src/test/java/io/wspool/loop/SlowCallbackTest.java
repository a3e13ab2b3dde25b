package io.wspool.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a loop with a hot socket makes of the time that a callback took. */
class SlowCallbackTest {
    private static final long SLOW_MILLIS = 60;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final Loop loop = new Loop("slow", new NioTransport(), ticker, TimeUnit.MILLISECONDS.toNanos(1), 16);
    private Runnable onRead = () -> {};
    private int bytes;

    @BeforeEach
    void heatASocket() {
        loop.claim();
        loop.enter();
        loop.hot().heat(new HotReader() {
            @Override
            public int readHot() {
                onRead.run();
                return bytes;
            }

            @Override
            public void selectable(boolean whether) {}
        });
        loop.leave();
        loop.turn(0);
    }

    @AfterEach
    void end() {
        bytes = -1; // it goes
        loop.shutdown();
        while (!loop.isTerminated()) {
            ticker.advance(1, TimeUnit.MILLISECONDS);
            loop.turn(0);
        }
    }

    @Test
    void whatWasHandedOverMeanwhileArrivesBehindIt() {
        List<Long> arrivals = new ArrayList<>();
        bytes = 1;
        onRead = () -> {
            onRead = () -> {};
            loop.received();
            QueuedMessage message = loop.queue().take();
            message.target = taken -> {
                arrivals.add(loop.freshNanos());
                loop.queue().release(taken);
            };
            loop.queue().offer(message);
            ticker.advance(SLOW_MILLIS, TimeUnit.MILLISECONDS);
        };
        loop.turn(0);
        assertThat(arrivals).containsExactly(ticker.nanoTime());
    }

    @Test
    void allThatIsThereIsServedBeforeALateTickJudges() {
        List<String> order = new ArrayList<>();
        loop.tick(
                new LoopMember() {
                    @Override
                    public void flush() {}

                    @Override
                    public long tick(long servedNanos) {
                        order.add("judged");
                        return NO_TICK;
                    }
                },
                0);
        loop.execute(() -> {
            loop.schedule(() -> order.add("served"), TimeUnit.MILLISECONDS.toNanos(SLOW_MILLIS));
            ticker.advance(SLOW_MILLIS, TimeUnit.MILLISECONDS);
        });
        while (order.isEmpty()) {
            ticker.advance(1, TimeUnit.MICROSECONDS);
            loop.turn(0);
        }
        assertThat(order).startsWith("served");
    }
}
