package io.wspool.examples;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Ticks of about 200 bytes, as JSON text. A few are made beforehand and then sent in turn. One thread. */
final class PriceFeed {
    private static final String[] SYMBOLS = {"BTC-USD", "ETH-USD", "SOL-USD", "EUR-USD"};
    private static final int TICKS = 64;
    private static final ByteBuffer[] PREPARED = new ByteBuffer[TICKS];

    static {
        for (int i = 0; i < TICKS; i++) {
            PREPARED[i] = prepare(i);
        }
    }

    private int next;

    /** The caller's own view of the next tick. */
    ByteBuffer next() {
        next = (next + 1) % TICKS;
        return PREPARED[next].duplicate();
    }

    private static ByteBuffer prepare(int i) {
        double mid = 3_100 + 25 * Math.sin(i * 2 * Math.PI / TICKS);
        String tick = String.format(
                Locale.ROOT,
                "{\"type\":\"tick\",\"symbol\":\"%s\",\"bid\":%.2f,\"bidSize\":%d,\"ask\":%.2f,\"askSize\":%d,"
                        + "\"last\":%.2f,\"volume\":%d,\"open\":3098.15,\"high\":3129.90,\"low\":3071.05,"
                        + "\"venue\":\"DEMO\",\"status\":\"trading\"}",
                SYMBOLS[i % SYMBOLS.length],
                mid - 0.05,
                10 + i % 7,
                mid + 0.05,
                10 + i % 5,
                mid,
                1_000_000 + i * 100);
        byte[] bytes = tick.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer();
    }
}
