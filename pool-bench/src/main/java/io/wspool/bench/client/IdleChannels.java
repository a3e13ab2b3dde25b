package io.wspool.bench.client;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/**
 * Heap per connection of many that are idle: what the second half of them adds to the first. So nothing counts that a process makes once,
 * or keeps for a while.
 */
final class IdleChannels extends ContenderWork {
    private static final int COLLECTIONS = 3;

    private final ClientOptions options;
    private final Contender firstHalf;
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final Meter meter = new Meter();
    private long before;
    private volatile long ended;

    IdleChannels(ClientOptions options, Contender contender) {
        super(contender);
        this.options = options;
        this.firstHalf = Works.contender(options);
    }

    @Override
    public void open() throws Exception {
        options.channels = Math.max(1, options.channels / 2);
        firstHalf.connect(this);
        before = heap();
        super.open();
    }

    @Override
    public void close() {
        firstHalf.close();
        super.close();
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
        result.messages = 2L * options.channels;
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
}
