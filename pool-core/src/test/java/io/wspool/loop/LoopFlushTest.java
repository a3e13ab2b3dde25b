package io.wspool.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Ticker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** However many channels have something to say in one turn, few of them hold a send buffer at a time. */
class LoopFlushTest {
    private static final int MEMBERS = 1_000;

    private final Loop loop = new Loop("flush", new NioTransport(), Ticker.systemTicker(), 1_000_000, 16);
    private int mostLent;
    private int written;

    private final class Speaker implements LoopMember {
        private @Nullable SendBuffer buffer;

        void speak() {
            if (buffer == null) {
                buffer = Objects.requireNonNull(loop.buffers().take());
                mostLent = Math.max(mostLent, loop.buffers().lent());
                loop.flushAtEndOfTurn(this);
            }
        }

        @Override
        public void flush() {
            SendBuffer full = buffer;
            if (full != null) {
                buffer = null;
                written++;
                loop.buffers().giveBack(full);
            }
        }

        @Override
        public long tick(long servedNanos) {
            return NO_TICK;
        }
    }

    private void speak(int members) {
        Speaker[] speakers = new Speaker[members];
        loop.claim();
        loop.enter();
        for (int i = 0; i < members; i++) {
            speakers[i] = new Speaker();
            speakers[i].speak();
        }
        if (members <= SendBuffers.KEPT) {
            assertThat(written).as("before the end of the turn").isZero();
        }
        speakers[0].speak(); // again, perhaps after it was written
        loop.leave();
        assertThat(loop.buffers().lent()).isZero();
        loop.shutdown();
        while (!loop.isTerminated()) {
            loop.turn(0);
        }
    }

    @Test
    void asManyAsBuffersAreKeptWaitForTheEndOfTheTurn() {
        speak(SendBuffers.KEPT);
        assertThat(written).isEqualTo(SendBuffers.KEPT);
    }

    @Test
    void ofMoreTheFirstAreWrittenEarlier() {
        speak(MEMBERS);
        assertThat(written).isEqualTo(MEMBERS + 1);
        assertThat(mostLent).isEqualTo(SendBuffers.KEPT + 1);
    }
}
