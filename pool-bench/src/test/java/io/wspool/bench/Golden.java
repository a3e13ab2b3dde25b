package io.wspool.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;

/** Series with known numbers. */
final class Golden {
    static final Instant BEGUN = Instant.parse("2026-01-02T03:04:05Z");

    private Golden() {}

    static Group group(String name, String... contenders) {
        List<Contender> all = new ArrayList<>();
        for (String contender : contenders) {
            all.add(new Contender(
                    contender.substring(0, contender.indexOf('/')),
                    contender.substring(contender.indexOf('/') + 1),
                    ""));
        }
        return new Group(name, "A golden group", Group.Load.of("pp", 64), true, new Group.Effort(3, 10, 10, 0), all);
    }

    /** A run whose figures are not in doubt. */
    static Circumstances circumstances(Map<String, Object> facts) {
        return new Circumstances(facts, BEGUN, false, false);
    }

    static Series series(Group group, String contender, Sample... samples) {
        Series series = new Series(group.name(), group, Contender.of(contender));
        series.server = "c/spin";
        series.version = "1.0";
        series.samples.addAll(List.of(samples));
        return series;
    }

    /** A round in which each of {@code nanos} was seen once. */
    static Sample sample(long... nanos) {
        Histogram histogram = new Histogram(3);
        for (long value : nanos) {
            histogram.recordValue(value);
        }
        return new Sample(nanos.length, 1_000_000, 5_000L * nanos.length, 0, 0, 0, histogram, Map.of());
    }

    /** A round as it looks in life: a body, a tail, and a few far away. */
    static Sample lifelike(Random random, double micros, int count) {
        Histogram histogram = new Histogram(3);
        long sum = 0;
        for (int i = 0; i < count; i++) {
            double tail = random.nextInt(1_000) == 0 ? 8 * random.nextDouble() : 0;
            long nanos = (long) (1_000 * micros * (1 + 0.06 * Math.abs(random.nextGaussian()) + tail));
            histogram.recordValue(nanos);
            sum += nanos;
        }
        return new Sample(count, sum, sum, count / 10, 0, 0, histogram, Map.of());
    }

    /** The same round, in which garbage was collected once. */
    static Sample collecting(Sample sample) {
        return new Sample(
                sample.messages(),
                sample.nanos(),
                sample.cpuNanos(),
                sample.allocBytes(),
                1,
                sample.wrong(),
                sample.histogram(),
                sample.extra());
    }

    static Series lifelike(Group group, String contender, double micros, int rounds) {
        Random random = new Random(contender.hashCode());
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            samples.add(lifelike(random, micros * (1 + 0.02 * random.nextGaussian()), 12_000));
        }
        return series(group, contender, samples.toArray(new Sample[0]));
    }
}
