package io.wspool.bench.client;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several threads share the connections; each has its part of the window outstanding on one of them. Order is checked per thread. */
final class Senders extends MeasuredWork {
    private final ExecutorService threads;
    private final WindowKeeper[] keepers;
    private final Lane[] lanes;
    /** Answers that name no lane. */
    private volatile boolean strange;

    Senders(ClientOptions options, Contender contender) {
        super(options, contender);
        if (polled != null) {
            throw new IllegalArgumentException("work senders is for modes in which any thread may send");
        }
        threads = Executors.newFixedThreadPool(options.threads, new DefaultThreadFactory("sender", true));
        keepers = new WindowKeeper[options.threads];
        lanes = new Lane[options.threads];
        int window = Math.max(1, options.window / options.threads);
        for (int i = 0; i < lanes.length; i++) {
            keepers[i] = new WindowKeeper(null, this::over);
            lanes[i] = new Lane(keepers[i], i, i % options.channels, options.bytes, window);
            keepers[i].lanes(lanes[i]);
        }
    }

    @Override
    void prepare() {
        strange = false;
        for (Lane lane : lanes) {
            lane.prepare();
        }
    }

    @Override
    long run(long begin, long end) throws ExecutionException, InterruptedException {
        List<Future<Long>> counts = new ArrayList<>();
        for (WindowKeeper keeper : keepers) {
            counts.add(threads.submit(() -> keeper.run(contender, begin, end)));
        }
        long sum = 0;
        for (Future<Long> count : counts) {
            sum += count.get();
        }
        return sum;
    }

    @Override
    public void onMessage(int connection, long sequence, int bytes) {
        int number = Lane.number(sequence);
        if (number < lanes.length) {
            lanes[number].answer(connection, sequence, bytes);
        } else {
            strange = true;
        }
    }

    @Override
    void wakeAll() {
        super.wakeAll();
        for (WindowKeeper keeper : keepers) {
            keeper.wake();
        }
    }

    @Override
    void collect(RoundResult result) {
        for (Lane lane : lanes) {
            lane.collect(result);
        }
        if (strange) {
            result.wrong++;
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        super.close();
    }
}
