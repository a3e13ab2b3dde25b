package io.wspool.examples;

import io.wspool.WebSocketPool;
import io.wspool.api.LoopMode;
import io.wspool.api.Outcome;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Order entry on one thread: it drives the pool itself, so that no order is handed from thread to thread. */
public final class PolledOrderEntry {
    private static final int ORDERS = 10;
    private static int open = ORDERS;

    private PolledOrderEntry() {}

    public static void main(String[] args) throws Exception {
        try (WebSocketPool pool = WebSocketPool.to(args[0])
                .mode(LoopMode.CALLER_POLLED)
                .onOutcomes(PolledOrderEntry::onOutcome)
                .start()) {
            pool.poll(); // this thread is the owner from now on
            pool.awaitReady(Duration.ofSeconds(5));
            ByteBuffer order = ByteBuffer.allocateDirect(Long.BYTES);
            for (long clientOrderId = 1; clientOrderId <= ORDERS; clientOrderId++) {
                order.putLong(0, clientOrderId);
                SendResult result = pool.send(order, clientOrderId);
                while (result == SendResult.BACK_PRESSURED || result == SendResult.NO_LIVE_CHANNEL) {
                    pool.poll(); // the buffer is as it was
                    result = pool.send(order, clientOrderId);
                }
                if (result != SendResult.ACCEPTED) {
                    throw new IllegalStateException("order " + clientOrderId + ": " + result); // it can never be sent
                }
            }
            while (open > 0) {
                pool.poll(Duration.ofMillis(1));
            }
        }
    }

    /** Each order ends here once: confirmed, or surely not sent (send it again), or unknown (ask the venue). */
    private static void onOutcome(
            PooledChannel channel, Outcome outcome, Outcome.Reason reason, long[] orders, int from, int to) {
        for (int i = from; i < to; i++) {
            System.out.println("order " + orders[i] + " " + outcome + " by " + channel.name() + ", " + reason);
            open--;
        }
    }
}
