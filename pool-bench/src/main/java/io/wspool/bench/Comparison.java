package io.wspool.bench;

import io.wspool.bench.Ratio.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How two contenders of one section are compared, and what is said when one of them is not there. */
final class Comparison {
    final List<Series> all;
    final List<Ratio> ratios = new ArrayList<>();

    Comparison(List<Series> all) {
        this.all = all;
    }

    void alone(String name, Goal goal, String section, ToDoubleFunction<Sample> number, String what) {
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

    void compare(String name, Goal goal, String section, ToDoubleFunction<Sample> number, String above, String below) {
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
    void worst(String name, Goal goal, String section, ToDoubleFunction<Sample> number) {
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

    @Nullable
    Series find(String section, String contender) {
        return all.stream()
                .filter(s -> s.section.equals(section) && s.contender.toString().equals(contender) && !s.absent())
                .findFirst()
                .orElse(null);
    }

    String why(String section, String... contenders) {
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
