package io.wspool.bench;

import io.wspool.bench.Ratio.Goal;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The goals of the project against what was measured. A goal that this run cannot tell is listed with the reason. */
final class Ratios {
    private static final ToDoubleFunction<Sample> P50 = Series.percentile(50);
    private static final ToDoubleFunction<Sample> P99 = Series.percentile(99);
    private static final ToDoubleFunction<Sample> RATE = Sample::perSecond;
    private static final ToDoubleFunction<Sample> CPU = Sample::cpuMicrosPerMessage;

    private final List<Series> all;
    private final List<Ratio> ratios;
    private final Comparison comparison;

    private Ratios(List<Series> all) {
        this.all = all;
        comparison = new Comparison(all);
        ratios = comparison.ratios;
    }

    /** All goals in their order; those of {@code dispatch} come from {@link DispatchCost}. */
    static List<Ratio> of(List<Series> all, List<Ratio> dispatch) {
        Ratios ratios = new Ratios(all);
        ratios.roundTrips();
        ratios.throughput();
        ratios.heap();
        ratios.ratios.addAll(dispatch);
        ratios.special();
        return List.copyOf(ratios.ratios);
    }

    private void roundTrips() {
        String polled = "rtt-polled-64";
        String sleeping = "rtt-sleeping-64";
        comparison.compare("rtt.polled.p50.c", Goal.atMost(1.03), polled, P50, "wspool/polled", "c/spin");
        comparison.compare("rtt.polled.p99.c", Goal.atMost(1.10), polled, P99, "wspool/polled", "c/spin");
        comparison.compare("rtt.polled.p50.beast", Goal.atMost(0.92), polled, P50, "wspool/polled", "beast/spin");
        comparison.compare("rtt.polled.p50.netty", Goal.atMost(0.93), polled, P50, "wspool/polled", "netty/spin");
        comparison.compare("rtt.waiting.c", Goal.atMost(1.05), sleeping, P50, "wspool/waiting", "c/block");
        comparison.worst("rtt.sleeping.peers", Goal.atMost(1.0), sleeping, P50);
        comparison.worst("rtt.sleeping.peers.p99", Goal.atMost(1.0), sleeping, P99);
        comparison.worst("rtt.sleeping.peers.cpu", Goal.atMost(0.9), sleeping, CPU);
        comparison.compare("rtt.wss.beast", Goal.atMost(0.9), "rtt-wss-64", P50, "wspool/polled", "beast/spin");
    }

    private void throughput() {
        comparison.compare("throughput.netty", Goal.atLeast(4), "tp-polled", RATE, "wspool/polled", "netty/spin");
        comparison.compare("throughput.c", Goal.atLeast(0.8), "tp-polled", RATE, "wspool/polled", "c/spin");
        for (String peer : Plan.PEERS) {
            Goal goal = Goal.atLeast(peer.equals("vertx") ? 2.5 : 15);
            comparison.compare("throughput." + peer, goal, "tp-sleeping", RATE, "wspool/sleeping", peer + "/sleeping");
        }
        comparison.compare("cpu.netty", Goal.atMost(0.25), "tp-polled", CPU, "wspool/polled", "netty/spin");
    }

    /** Bytes below half of one count as none: one allocation a round is not garbage per message. */
    private void heap() {
        Goal none = new Goal(true, 0, " B");
        Series most = all.stream()
                .filter(s -> s.contender.ours()
                        && s.contender.variant().isEmpty()
                        && !s.absent()
                        && !s.group.load().tls())
                .filter(s -> Stream.of("pp", "tp", "fanin", "open", "senders")
                        .anyMatch(s.group.load().work()::equals))
                .max(Comparator.comparingDouble(s -> s.median(Sample::allocBytesPerMessage)))
                .orElse(null);
        if (most == null) {
            ratios.add(Ratio.unknown("heap.ws", none, "bytes a message, ws, every mode", "not in this run"));
        } else {
            ratios.add(new Ratio(
                    "heap.ws",
                    bytes(most, 0),
                    none,
                    "bytes a message; the most is " + most.contender + " in " + most.section,
                    ""));
        }
        Series ours = comparison.find("rtt-wss-64", "wspool/polled");
        Series tlsOnly = comparison.find("rtt-wss-64", "netty/spin+tlsonly");
        String what = "bytes a message over wss, above SslHandler alone (one frame made once, no codec)";
        if (ours == null || tlsOnly == null) {
            String reason = comparison.why("rtt-wss-64", "wspool/polled", "netty/spin+tlsonly");
            ratios.add(Ratio.unknown("heap.wss", none, what, reason));
        } else {
            Interval above = bytes(ours, tlsOnly.median(Sample::allocBytesPerMessage));
            ratios.add(new Ratio("heap.wss", above, none, what, ""));
        }
    }

    private static Interval bytes(Series series, double beside) {
        Interval interval = Interval.ofMedian(series.samples.stream()
                .mapToDouble(s -> Math.max(0, s.allocBytesPerMessage() - beside))
                .toArray());
        return new Interval(none(interval.value()), none(interval.low()), none(interval.high()));
    }

    private static double none(double bytes) {
        return bytes < 0.5 ? 0 : bytes;
    }

    private void special() {
        comparison.compare(
                "pool.single", Goal.atMost(1.03), "rtt-polled-64", P50, "wspool/polled+pool4", "wspool/polled");
        comparison.compare("fanin.netty", Goal.atLeast(2), "fanin", RATE, "wspool/polled", "netty/spin");
        comparison.compare(
                "memory.netty",
                Goal.atMost(1.0),
                "idle",
                extra("heapBytesPerChannel"),
                "wspool/sleeping",
                "netty/sleeping+heartbeat");
        divert();
        comparison.alone(
                "warmup",
                Goal.atMost(1.5),
                "warmup",
                extra("ratio"),
                "p50 of the first 100 sends / p50 in steady state");
        comparison.compare("masking", Goal.atMost(1.02), "rtt-polled-64", P50, "wspool/polled", "wspool/polled+nomask");
    }

    private void divert() {
        comparison.alone(
                "divert.bound", Goal.atLeast(1), "divert", extra("withinBound"), "share of trials within the bound");
        Goal goal = Goal.atLeast(1_000);
        String what = "the best peer's time to notice / our time to divert, p50";
        Series ours = comparison.find("divert", "wspool/polled");
        List<Series> peers = all.stream()
                .filter(s -> s.group.name().equals("notice") && !s.contender.ours() && !s.absent())
                .toList();
        if (ours == null || peers.isEmpty()) {
            String reason = ours == null
                    ? comparison.why("divert", "wspool/polled")
                    : "no peer's time to notice is in this run";
            ratios.add(Ratio.unknown("divert.peers", goal, what, reason));
            return;
        }
        // who never notices is counted as if it did at the end of the wait
        double best = peers.stream().mapToDouble(Ratios::noticed).min().orElseThrow();
        boolean never = peers.stream().allMatch(s -> s.median(extra("noticedNanos")) < 0);
        double value = best / ours.merged().getValueAtPercentile(50);
        String remark =
                never ? "no peer noticed within " + Math.round(best / 1e9) + " s: the ratio is at least this" : "";
        ratios.add(new Ratio("divert.peers", new Interval(value, value, value), goal, what, remark));
    }

    private static double noticed(Series series) {
        double nanos = series.median(extra("noticedNanos"));
        return nanos < 0 ? series.median(s -> s.nanos()) : nanos;
    }

    private static ToDoubleFunction<Sample> extra(String key) {
        return sample -> sample.extra().getOrDefault(key, Double.NaN);
    }
}
