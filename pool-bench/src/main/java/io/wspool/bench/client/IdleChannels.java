package io.wspool.bench.client;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/**
 * Heap per connection of many that are idle. What is made once per process was made before, by one connection that is gone again.
 */
final class IdleChannels extends ContenderWork {
    private static final int COLLECTIONS = 3;

    private final ClientOptions options;
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final Meter meter = new Meter();
    private long before;
    private volatile long ended;

    IdleChannels(ClientOptions options, Contender contender) {
        super(contender);
        this.options = options;
    }

    @Override
    public void open() throws Exception {
        int channels = options.channels;
        options.channels = 1;
        try (Contender first = Works.contender(options)) {
            first.connect(new Nobody());
        }
        options.channels = channels;
        before = heap();
        super.open();
    }

    private long heap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public RoundResult round(long millis) throws InterruptedException {
        RoundResult result = new RoundResult();
        meter.begin();
        long begin = System.nanoTime();
        Thread.sleep(millis); // heartbeats, if there are any
        result.nanos = System.nanoTime() - begin;
        meter.end(result);
        result.messages = options.channels;
        result.wrong = ended;
        result.put("heapBytesPerChannel", (double) (heap() - before) / options.channels);
        return result;
    }

    @Override
    public void onMessage(int connection, long sequence, int bytes) {}

    @Override
    public synchronized void onEnd(int connection, String why) {
        ended = ended + 1;
    }

    /** Hears the first connection end. */
    private static final class Nobody implements Receiver {
        @Override
        public void onMessage(int connection, long sequence, int bytes) {}

        @Override
        public void onText(int connection) {}

        @Override
        public void onEnd(int connection, String why) {}
    }
}
