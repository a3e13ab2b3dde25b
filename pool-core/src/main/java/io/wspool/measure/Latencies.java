package io.wspool.measure;

import io.wspool.api.Latency;
import io.wspool.api.LatencyFigures;
import io.wspool.api.LatencyLog;
import io.wspool.api.LatencyReader;
import io.wspool.api.LatencyStage;
import io.wspool.api.RttFigures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** What was recorded, as its readers see it. Any thread; it holds nothing itself. */
public final class Latencies implements Latency {
    private static final double MICROSECOND = 1_000.0;

    private final LatencyRecorders[] from;
    private final long expectedNanos;
    private final LongSupplier nanoTime;
    private final LongSupplier epochMillis;

    /**
     * A view of recorders of the same precision.
     *
     * @param expectedNanos corrects the stage {@code APPLICATION} for coordinated omission; 0 does not
     * @param nanoTime the loops' clock
     * @param epochMillis the wall's clock, for the head of a log
     */
    public Latencies(LatencyRecorders[] from, long expectedNanos, LongSupplier nanoTime, LongSupplier epochMillis) {
        this.from = from.clone();
        this.expectedNanos = expectedNanos;
        this.nanoTime = nanoTime;
        this.epochMillis = epochMillis;
    }

    @Override
    public LatencyFigures figures(LatencyStage stage) {
        return hasValues(stage) ? tally(stage).read().figures() : LatencyFigures.NONE;
    }

    /** Round trips of pongs, as snapshots show them. */
    public RttFigures rtt() {
        LatencyFigures all = figures(LatencyStage.PONG);
        return new RttFigures(
                all.count(), all.min(), all.mean(), all.p50(), all.p90(), all.p99(), all.p999(), all.max());
    }

    @Override
    public String hgrm(LatencyStage stage) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        tally(stage)
                .read()
                .histogram()
                .outputPercentileDistribution(new PrintStream(text, true, StandardCharsets.UTF_8), MICROSECOND);
        return text.toString(StandardCharsets.UTF_8);
    }

    @Override
    public LatencyReader newReader() {
        Map<LatencyStage, LatencyTally> tallies = tallies();
        return stage -> Objects.requireNonNull(tallies.get(stage), "stage=null must be set")
                .read();
    }

    @Override
    public LatencyLog hlog(OutputStream to) {
        return new Hlog(
                Objects.requireNonNull(to, "to=null must be set"), tallies(), nanoTime, epochMillis.getAsLong());
    }

    @Override
    public LatencyLog hlog(Path file) throws IOException {
        return hlog(Files.newOutputStream(Objects.requireNonNull(file, "file=null must be set")));
    }

    @Override
    public long openRequests() {
        return sum(LatencyRecorders::openRequests);
    }

    @Override
    public long forgottenRequests() {
        return sum(LatencyRecorders::forgottenRequests);
    }

    @Override
    public long unknownReplies() {
        return sum(LatencyRecorders::unknownReplies);
    }

    /** Asked by each snapshot of a channel: most have seen no pong. */
    private boolean hasValues(LatencyStage stage) {
        for (LatencyRecorders each : from) {
            if (each.counts(stage) != null) {
                return true;
            }
        }
        return false;
    }

    private long sum(ToLongFunction<LatencyRecorders> of) {
        long sum = 0;
        for (LatencyRecorders each : from) {
            sum += of.applyAsLong(each);
        }
        return sum;
    }

    /** One of each stage; intervals begin now. */
    private Map<LatencyStage, LatencyTally> tallies() {
        Map<LatencyStage, LatencyTally> tallies = new EnumMap<>(LatencyStage.class);
        for (LatencyStage stage : LatencyStage.values()) {
            tallies.put(stage, tally(stage).read());
        }
        return tallies;
    }

    private LatencyTally tally(LatencyStage stage) {
        return new LatencyTally(from, stage, stage == LatencyStage.APPLICATION ? expectedNanos : 0, nanoTime);
    }
}
