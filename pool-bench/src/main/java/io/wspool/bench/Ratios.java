package io.wspool.bench;

import io.wspool.bench.Ratio.Goal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The goals of the project against what was measured. A goal that this run cannot tell is listed with the reason. */
final class Ratios {
    private static final ToDoubleFunction<Sample> P50 = Series.percentile(50);
    private static final ToDoubleFunction<Sample> P99 = Series.percentile(99);
    private static final ToDoubleFunction<Sample> RATE = Sample::perSecond;
    private static final ToDoubleFunction<Sample> CPU = Sample::cpuMicrosPerMessage;

    private final List<Series> all;
    private final List<Ratio> ratios = new ArrayList<>();

    private Ratios(List<Series> all) {
        this.all = all;
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
        compare("rtt.polled.p50.c", Goal.atMost(1.03), polled, P50, "wspool/polled", "c/spin");
        compare("rtt.polled.p99.c", Goal.atMost(1.10), polled, P99, "wspool/polled", "c/spin");
        compare("rtt.polled.p50.beast", Goal.atMost(0.92), polled, P50, "wspool/polled", "beast/spin");
        compare("rtt.polled.p50.netty", Goal.atMost(0.93), polled, P50, "wspool/polled", "netty/spin");
        compare("rtt.waiting.c", Goal.atMost(1.05), sleeping, P50, "wspool/waiting", "c/block");
        worst("rtt.sleeping.peers", Goal.atMost(1.0), sleeping, P50);
        worst("rtt.sleeping.peers.p99", Goal.atMost(1.0), sleeping, P99);
        worst("rtt.sleeping.peers.cpu", Goal.atMost(0.9), sleeping, CPU);
        compare("rtt.wss.beast", Goal.atMost(0.9), "rtt-wss-64", P50, "wspool/polled", "beast/spin");
    }

    private void throughput() {
        compare("throughput.netty", Goal.atLeast(4), "tp-polled", RATE, "wspool/polled", "netty/spin");
        compare("throughput.c", Goal.atLeast(0.8), "tp-polled", RATE, "wspool/polled", "c/spin");
        for (String peer : Plan.PEERS) {
            Goal goal = Goal.atLeast(peer.equals("vertx") ? 2.5 : 15);
            compare("throughput." + peer, goal, "tp-sleeping", RATE, "wspool/sleeping", peer + "/sleeping");
        }
        compare("cpu.netty", Goal.atMost(0.25), "tp-polled", CPU, "wspool/polled", "netty/spin");
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
        Series ours = find("rtt-wss-64", "wspool/polled");
        Series oursPlain = find("rtt-polled-64", "wspool/polled");
        Series stock = find("rtt-wss-64", "netty/spin");
        Series stockPlain = find("rtt-polled-64", "netty/spin");
        String what = "bytes a message that TLS adds, above what it adds to Netty's own client";
        if (ours == null || oursPlain == null || stock == null || stockPlain == null) {
            ratios.add(Ratio.unknown("heap.wss", none, what, why("rtt-wss-64", "wspool/polled", "netty/spin")));
        } else {
            double beside = bytes(oursPlain, 0).value()
                    + stock.median(Sample::allocBytesPerMessage)
                    - stockPlain.median(Sample::allocBytesPerMessage);
            ratios.add(new Ratio("heap.wss", bytes(ours, beside), none, what, ""));
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
        compare("pool.single", Goal.atMost(1.03), "rtt-polled-64", P50, "wspool/polled+pool4", "wspool/polled");
        compare("fanin.netty", Goal.atLeast(2), "fanin", RATE, "wspool/polled", "netty/spin");
        compare(
                "memory.netty",
                Goal.atMost(1.0),
                "idle",
                extra("heapBytesPerChannel"),
                "wspool/sleeping",
                "netty/sleeping");
        divert();
        alone("warmup", Goal.atMost(1.5), "warmup", extra("ratio"), "p50 of the first 100 sends / p50 in steady state");
        compare("masking", Goal.atMost(1.02), "rtt-polled-64", P50, "wspool/polled", "wspool/polled+nomask");
    }

    private void divert() {
        alone("divert.bound", Goal.atLeast(1), "divert", extra("withinBound"), "share of trials within the bound");
        Goal goal = Goal.atLeast(1_000);
        String what = "the best peer's time to notice / our time to divert, p50";
        Series ours = find("divert", "wspool/polled");
        List<Series> peers = all.stream()
                .filter(s -> s.group.name().equals("notice") && !s.absent())
                .toList();
        if (ours == null || peers.isEmpty()) {
            String reason = ours == null ? why("divert", "wspool/polled") : "no peer's time to notice is in this run";
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

    private void alone(String name, Goal goal, String section, ToDoubleFunction<Sample> number, String what) {
        Series series = find(section, "wspool/polled");
        if (series == null) {
            ratios.add(Ratio.unknown(name, goal, what, why(section, "wspool/polled")));
            return;
        }
        Interval interval =
                Interval.ofMedian(series.samples.stream().mapToDouble(number).toArray());
        ratios.add(
                Double.isNaN(interval.value())
                        ? Ratio.unknown(name, goal, what, "the client did not say")
                        : new Ratio(name, interval, goal, what, ""));
    }

    private void compare(
            String name, Goal goal, String section, ToDoubleFunction<Sample> number, String above, String below) {
        String what = above + " / " + below + " in " + section;
        Series over = find(section, above);
        Series under = find(section, below);
        if (over == null || under == null) {
            ratios.add(Ratio.unknown(name, goal, what, why(section, above, below)));
            return;
        }
        Interval interval = within(over, under, number);
        ratios.add(
                interval == null
                        ? Ratio.unknown(name, goal, what, "nothing was measured")
                        : new Ratio(name, interval, goal, what, marks(over, under), over.wrong() > 0));
    }

    /** Against Netty and every peer of the same shape: the one to which we compare worst. */
    private void worst(String name, Goal goal, String section, ToDoubleFunction<Sample> number) {
        Series ours = find(section, "wspool/sleeping");
        if (ours == null) {
            ratios.add(Ratio.unknown(name, goal, "wspool/sleeping / the best peer", why(section, "wspool/sleeping")));
            return;
        }
        Interval worst = new Interval(Double.NEGATIVE_INFINITY, 0, 0);
        String what = "";
        String remark = "";
        List<String> absent = new ArrayList<>();
        for (String peer :
                Stream.concat(Stream.of("netty"), Plan.PEERS.stream()).toList()) {
            Series other = find(section, peer + "/sleeping");
            Interval interval = other == null ? null : within(ours, other, number);
            if (other == null || interval == null) {
                absent.add(peer);
            } else if (interval.value() > worst.value()) {
                worst = interval;
                what = "wspool/sleeping / " + other.contender + " in " + section + ", the worst of all peers";
                remark = marks(ours, other);
            }
        }
        String without = absent.isEmpty() ? "" : " without " + String.join(", ", absent);
        ratios.add(
                what.isEmpty()
                        ? Ratio.unknown(name, goal, "wspool/sleeping / the best peer", "no peer is in this run")
                        : new Ratio(name, worst, goal, what, (remark + without).trim(), ours.wrong() > 0));
    }

    /** The median of the ratios within a round; null without one. */
    static @Nullable Interval within(Series over, Series under, ToDoubleFunction<Sample> number) {
        int rounds = Math.min(over.samples.size(), under.samples.size());
        double[] each = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            double divisor = number.applyAsDouble(under.samples.get(i));
            each[i] = divisor == 0 ? Double.NaN : number.applyAsDouble(over.samples.get(i)) / divisor;
        }
        Interval interval = Interval.ofMedian(each);
        return Double.isNaN(interval.value()) ? null : interval;
    }

    private @Nullable Series find(String section, String contender) {
        return all.stream()
                .filter(s -> s.section.equals(section) && s.contender.toString().equals(contender) && !s.absent())
                .findFirst()
                .orElse(null);
    }

    private String why(String section, String... contenders) {
        for (String contender : contenders) {
            for (Series series : all) {
                if (series.section.equals(section)
                        && series.contender.toString().equals(contender)
                        && series.absent()) {
                    return contender + " absent: " + series.trouble;
                }
            }
        }
        return "not in this run";
    }

    private static String marks(Series over, Series under) {
        Series lossy = over.wrong() > 0 ? over : under.wrong() > 0 ? under : null;
        return lossy == null ? "" : lossy.contender + " lost answers";
    }
}
