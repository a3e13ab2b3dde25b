package io.wspool.bench.client;

import io.wspool.api.WarmUpResult;
import io.wspool.bench.client.Contender.Outbox;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The first messages of a pool, in a JVM that has done nothing but {@code warmUp()}, beside those when all is compiled. */
final class WarmUp extends MeasuredWork {
    private static final int FIRST = 100;
    private static final int ALL = 50_000;
    private static final int STEADY = 10_000;
    private static final long PATIENCE_MILLIS = 60_000;

    private final PolledPool ours;
    private final Histogram first = RoundResult.newHistogram();
    private final Histogram steady = RoundResult.newHistogram();
    private @Nullable WarmUpResult result;
    private long seen;
    private long wrong;

    WarmUp(ClientOptions options, PolledPool ours) {
        super(options, ours);
        this.ours = ours;
    }

    static String about() {
        return "warmUp() before the first send";
    }

    @Override
    public void open() throws Exception {
        super.open();
        result = ours.pool().warmUp();
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public String note() {
        String trouble = result == null || result.whole() ? "" : ", not whole: " + result.reason();
        return super.note() + "; " + about() + trouble;
    }

    @Override
    long patienceMillis() {
        return PATIENCE_MILLIS;
    }

    @Override
    void prepare() {
        seen = 0;
        wrong = 0;
    }

    @Override
    long run(long begin, long end) {
        Outbox out = ours.newOutbox();
        for (int i = 0; i < ALL && !over(); i++) {
            // behind the recording, which is interpreted at first and none of the pool's
            long begun = System.nanoTime();
            out.send(0, i, false);
            while (seen == i && !over()) {
                ours.poll();
            }
            long answered = System.nanoTime();
            if (i < FIRST) {
                RoundResult.record(first, answered - begun);
            } else if (i >= ALL - STEADY) {
                RoundResult.record(steady, answered - begun);
            }
        }
        return seen;
    }

    @Override
    public void onMessage(int connection, long sequence, int bytes) {
        if (sequence != seen || bytes != options.bytes) {
            wrong++;
        }
        seen++;
    }

    @Override
    void collect(RoundResult result) {
        long firstP50 = first.getValueAtPercentile(50);
        long steadyP50 = steady.getValueAtPercentile(50);
        result.latencies.add(first);
        result.wrong = wrong + ALL - seen;
        result.put("firstP50nanos", firstP50);
        result.put("steadyP50nanos", steadyP50);
        result.put("ratio", (double) firstP50 / steadyP50);
    }
}
