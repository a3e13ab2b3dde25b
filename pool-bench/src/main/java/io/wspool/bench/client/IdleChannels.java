package io.wspool.bench.client;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Heap per connection of many that are idle: what a client with many adds, less what the same client with one adds. So nothing counts that
 * a process or a client makes once. They are weighed at the end of the round.
 */
final class IdleChannels extends ContenderWork {
    /** More take minutes to start, where they can be had at all. */
    private static final int MOST_THREADS = 4_000;

    private final ClientOptions options;
    private final Contender first;
    private final Contender single;
    private final Meter meter = new Meter();
    private final RoundResult result = new RoundResult();
    private long before;
    private volatile long ended;

    IdleChannels(ClientOptions options, Contender contender) {
        super(contender);
        int threads = contender.threadsEach() * options.channels;
        if (threads > MOST_THREADS) {
            throw new IllegalArgumentException("it has threads for each connection, and would have " + threads);
        }
        this.options = options;
        this.first = Works.contender(options);
        this.single = Works.contender(options);
    }

    @Override
    public void open() throws Exception {
        int channels = options.channels;
        options.channels = 1;
        first.connect(this);
        version(); // the first of each of these makes objects that stay
        note();
        meter.begin();
        meter.end(result);
        heap();
        long empty = heap();
        single.connect(this);
        before = heap();
        before += before - empty;
        options.channels = Math.max(2, channels);
        super.open();
    }

    @Override
    public void close() {
        first.close();
        single.close();
        super.close();
    }

    /** Bytes that are reachable, by a class histogram: the used heap would have the whole allocation buffer of each thread in it. */
    private static long heap() throws JMException {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        String total = String.valueOf(histogram).strip(); // its last line: Total, instances, bytes
        return Long.parseLong(total.substring(total.lastIndexOf(' ') + 1));
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public RoundResult round(long millis) throws InterruptedException, JMException {
        meter.begin();
        long begin = System.nanoTime();
        Thread.sleep(millis); // heartbeats, if there are any
        result.nanos = System.nanoTime() - begin;
        meter.end(result);
        result.messages = options.channels;
        result.wrong = ended;
        result.put("heapBytesPerChannel", (double) (heap() - before) / (options.channels - 1));
        return result;
    }

    @Override
    public void onMessage(int connection, long sequence, int bytes) {}

    @Override
    public synchronized void onEnd(int connection, String why) {
        ended = ended + 1;
    }
}
