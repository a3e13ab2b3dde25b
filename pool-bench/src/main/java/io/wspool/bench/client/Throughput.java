package io.wspool.bench.client;

/** A window of messages outstanding on each connection, all sent by one thread. */
final class Throughput extends MeasuredWork {
    private final WindowKeeper keeper;
    private final Lane[] lanes;

    Throughput(ClientOptions options, Contender contender) {
        super(options, contender);
        keeper = new WindowKeeper(polled, this::over);
        lanes = new Lane[options.channels];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new Lane(keeper, i, i, options.bytes, options.window);
        }
        keeper.lanes(lanes);
    }

    @Override
    void prepare() {
        for (Lane lane : lanes) {
            lane.prepare();
        }
    }

    @Override
    long run(long begin, long end) {
        return keeper.run(contender, begin, end);
    }

    @Override
    public void onMessage(int connection, long sequence, int bytes) {
        lanes[connection].answer(connection, sequence, bytes);
    }

    @Override
    void collect(RoundResult result) {
        for (Lane lane : lanes) {
            lane.collect(result);
        }
    }
}
