package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatiosTest {
    private final Group polled = Golden.group("rtt-polled-64", "c/spin", "wspool/polled");
    private final Group sleeping = Golden.group("rtt-sleeping-64", "c/block", "wspool/sleeping");

    private static Ratio named(List<Ratio> all, String name) {
        return all.stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<Ratio> of(Series... series) {
        return Ratios.of(List.of(series), DispatchCost.unknown("not here"));
    }

    @Test
    void allNamesOfTheGoalsAreThereInEveryRun() {
        assertThat(of().stream().map(Ratio::name))
                .containsExactly(
                        "rtt.polled.p50.c",
                        "rtt.polled.p99.c",
                        "rtt.polled.p50.beast",
                        "rtt.polled.p50.netty",
                        "rtt.waiting.c",
                        "rtt.sleeping.peers",
                        "rtt.sleeping.peers.p99",
                        "rtt.sleeping.peers.cpu",
                        "rtt.wss.beast",
                        "throughput.netty",
                        "throughput.c",
                        "throughput.vertx",
                        "throughput.jdk",
                        "throughput.okhttp",
                        "throughput.java-websocket",
                        "throughput.jetty",
                        "throughput.reactor-netty",
                        "cpu.netty",
                        "heap.ws",
                        "heap.wss",
                        "dispatch.4",
                        "dispatch.16",
                        "dispatch.1024",
                        "pool.single",
                        "fanin.netty",
                        "memory.netty",
                        "divert.bound",
                        "divert.peers",
                        "warmup",
                        "masking");
        assertThat(of()).allSatisfy(ratio -> {
            assertThat(ratio.interval()).isNull();
            assertThat(ratio.holds()).isNull();
            assertThat(ratio.reason()).isNotEmpty();
        });
    }

    @Test
    void aRatioIsTheMedianOfTheRatiosWithinRoundsNotTheRatioOfMedians() {
        // the machine was slow in the second round, for both: the ratios are 1.01, 1.02, 2.00
        Series c = Golden.series(polled, "c/spin", Golden.sample(1_000), Golden.sample(1_500), Golden.sample(500));
        Series ours = Golden.series(
                polled, "wspool/polled", Golden.sample(1_010), Golden.sample(1_530), Golden.sample(1_000));
        Ratio ratio = named(of(c, ours), "rtt.polled.p50.c");
        assertThat(ratio.interval()).isEqualTo(new Interval(1.02, 1.01, 2.0));
        assertThat(ratio.goal()).hasToString("<= 1.03");
        assertThat(ratio.holds()).isTrue();
    }

    /** Ours does three times as much, at a quarter of the processor time, half as slow again, in two and a half times the memory. */
    @ParameterizedTest
    @CsvSource({
        "rtt.polled.p50.c, rtt-polled-64, wspool/polled, c/spin, 1.5",
        "rtt.polled.p50.beast, rtt-polled-64, wspool/polled, beast/spin, 1.5",
        "rtt.polled.p50.netty, rtt-polled-64, wspool/polled, netty/spin, 1.5",
        "rtt.waiting.c, rtt-sleeping-64, wspool/waiting, c/block, 1.5",
        "rtt.sleeping.peers, rtt-sleeping-64, wspool/sleeping, okhttp/sleeping, 1.5",
        "rtt.sleeping.peers.cpu, rtt-sleeping-64, wspool/sleeping, okhttp/sleeping, 0.25",
        "rtt.wss.beast, rtt-wss-64, wspool/polled, beast/spin, 1.5",
        "throughput.netty, tp-polled, wspool/polled, netty/spin, 3",
        "throughput.c, tp-polled, wspool/polled, c/spin, 3",
        "throughput.vertx, tp-sleeping, wspool/sleeping, vertx/sleeping, 3",
        "throughput.reactor-netty, tp-sleeping, wspool/sleeping, reactor-netty/sleeping, 3",
        "cpu.netty, tp-polled, wspool/polled, netty/spin, 0.25",
        "pool.single, rtt-polled-64, wspool/polled+pool4, wspool/polled, 1.5",
        "fanin.netty, fanin, wspool/polled, netty/spin, 3",
        "memory.netty, idle, wspool/sleeping, netty/sleeping+heartbeat, 2.5",
        "masking, rtt-polled-64, wspool/polled, wspool/polled+nomask, 1.5"
    })
    void aRatioIsOursOverTheOthers(String name, String group, String ours, String other, double value) {
        Sample first = sample(3_000, 3_000, 1_500, 2_500);
        Sample second = sample(1_000, 4_000, 1_000, 1_000);
        Group both = Golden.group(group, ours, other);
        Interval interval = named(of(Golden.series(both, ours, first), Golden.series(both, other, second)), name)
                .interval();
        assertThat(interval.value()).isCloseTo(value, within(0.01));
    }

    private static Sample sample(long messages, long cpuNanos, long latencyNanos, double heapBytes) {
        return new Sample(
                messages,
                1_000_000,
                cpuNanos,
                0,
                0,
                0,
                Golden.sample(latencyNanos).histogram(),
                Map.of("heapBytesPerChannel", heapBytes));
    }

    @Test
    void aGoalIsHeldAtItsBoundAndMissedBeyond() {
        assertThat(Ratio.Goal.atMost(1.03).isMetBy(1.03)).isTrue();
        assertThat(Ratio.Goal.atMost(1.03).isMetBy(1.0301)).isFalse();
        assertThat(Ratio.Goal.atLeast(4).isMetBy(4)).isTrue();
        assertThat(Ratio.Goal.atLeast(4).isMetBy(3.999)).isFalse();
        assertThat(Ratio.Goal.atLeast(1_000)).hasToString(">= 1000");
        assertThat(Ratio.Goal.atLeast(2.5)).hasToString(">= 2.5");
    }

    @Test
    void aContenderThatEndedEarlyIsComparedInTheRoundsItHad() {
        Series c = Golden.series(polled, "c/spin", Golden.sample(1_000), Golden.sample(1_000));
        Series ours = Golden.series(polled, "wspool/polled", Golden.sample(1_020));
        assertThat(named(of(c, ours), "rtt.polled.p50.c").interval()).isEqualTo(new Interval(1.02, 1.02, 1.02));
    }

    @Test
    void thePeerToWhichWeCompareWorstIsNamedAndThoseMissingToo() {
        Series ours = Golden.series(sleeping, "wspool/sleeping", Golden.sample(1_000));
        Series jdk = Golden.series(sleeping, "jdk/sleeping", Golden.sample(2_000));
        Series vertx = Golden.series(sleeping, "vertx/sleeping", Golden.sample(800));
        Ratio ratio = named(of(ours, jdk, vertx), "rtt.sleeping.peers");
        assertThat(ratio.interval()).isEqualTo(new Interval(1.25, 1.25, 1.25));
        assertThat(ratio.what()).contains("vertx/sleeping");
        assertThat(ratio.reason()).contains("netty").contains("okhttp").doesNotContain("jdk");
        assertThat(ratio.holds()).isFalse();
    }

    @Test
    void anAbsentContenderIsTheReason() {
        Series ours = Golden.series(polled, "wspool/polled", Golden.sample(1_000));
        Series beast = Golden.series(polled, "beast/spin");
        beast.trouble = "no Boost headers";
        assertThat(named(of(ours, beast), "rtt.polled.p50.beast").reason())
                .isEqualTo("beast/spin absent: no Boost headers");
    }

    @Test
    void lostAnswersOfOursMissTheGoalAndThoseOfOthersAreMarked() {
        Sample lossy = new Sample(1, 1, 1, 0, 0, 2, Golden.sample(1_000).histogram(), Map.of());
        Series c = Golden.series(polled, "c/spin", Golden.sample(1_000));
        Series ours = Golden.series(polled, "wspool/polled", lossy);
        Ratio lost = named(of(c, ours), "rtt.polled.p50.c");
        assertThat(lost.holds()).isFalse();
        assertThat(lost.reason()).isEqualTo("wspool/polled lost answers");
        Ratio marked = named(
                of(
                        Golden.series(polled, "c/spin", lossy),
                        Golden.series(polled, "wspool/polled", Golden.sample(1_000))),
                "rtt.polled.p50.c");
        assertThat(marked.holds()).isTrue();
        assertThat(marked.reason()).isEqualTo("c/spin lost answers");
    }

    @Test
    void halfAByteIsGarbageAndLessIsNot() {
        assertThat(named(of(Golden.series(polled, "wspool/polled", allocating(499))), "heap.ws")
                        .interval())
                .isEqualTo(new Interval(0, 0, 0));
        Ratio garbage = named(of(Golden.series(polled, "wspool/polled", allocating(500))), "heap.ws");
        assertThat(garbage.interval()).isEqualTo(new Interval(0.5, 0.5, 0.5));
        assertThat(garbage.holds()).isFalse();
    }

    private static Sample allocating(long bytes) {
        return new Sample(1_000, 1, 1, bytes, 0, 0, Golden.sample(1_000).histogram(), Map.of());
    }

    @Test
    void overTlsOnlyWhatComesAboveNettysHandlerAloneIsGarbageOfOurs() {
        Group wss = Golden.group("rtt-wss-64", "wspool/polled");
        Series tlsOnly = Golden.series(wss, "netty/spin+tlsonly", allocating(160_000));
        Series plain = Golden.series(polled, "wspool/polled", allocating(0));
        Series same = Golden.series(wss, "wspool/polled", allocating(160_499));
        assertThat(named(of(plain, same, tlsOnly), "heap.wss").interval()).isEqualTo(new Interval(0, 0, 0));
        Series less = Golden.series(wss, "wspool/polled", allocating(90_000));
        assertThat(named(of(less, tlsOnly), "heap.wss").holds()).isTrue();

        Series more = Golden.series(wss, "wspool/polled", allocating(160_500));
        Ratio garbage = named(of(more, tlsOnly), "heap.wss");
        assertThat(garbage.interval()).isEqualTo(new Interval(0.5, 0.5, 0.5));
        assertThat(garbage.holds()).isFalse();

        Series stock = Golden.series(wss, "netty/spin", allocating(640_000));
        assertThat(named(of(more, stock), "heap.wss").interval())
                .as("not told by Netty's whole client")
                .isNull();
    }

    @Test
    void peersThatNeverNoticeCountAsTheEndOfTheWait() {
        Group divert = Golden.group("divert", "wspool/polled");
        Group notice = Golden.group("notice", "jdk/sleeping");
        Series ours = Golden.series(divert, "wspool/polled", Golden.sample(1_000_000));
        Sample never =
                new Sample(0, 100_000_000_000L, 0, 0, 0, 0, Golden.sample().histogram(), Map.of("noticedNanos", -1.0));
        Series oursToo = Golden.series(notice, "wspool/sleeping", Golden.sample(1_000));
        Ratio ratio = named(of(ours, oursToo, Golden.series(notice, "jdk/sleeping", never)), "divert.peers");
        assertThat(ratio.interval().value()).isBetween(99_900.0, 100_100.0);
        assertThat(ratio.reason()).contains("at least");
    }

    @Test
    void furtherNumbersAreWrittenForReaders() {
        Sample sample = new Sample(
                1,
                1,
                1,
                0,
                0,
                0,
                Golden.sample().histogram(),
                Map.of("noticedNanos", 1.5e6, "endedNanos", -1.0, "withinBound", 1.0));
        assertThat(Golden.series(polled, "c/spin", sample).further())
                .isEqualTo("ended never, noticed 1.50 ms, within bound 1.00");
    }

    @Test
    void dispatchIsReadFromJmh() throws IOException {
        List<String> runs = new ArrayList<>();
        for (String run : List.of("4 7.5 0.0", "16 21.5 0.0", "1024 9.0 16.0")) {
            String[] words = run.split(" ", -1);
            runs.add("{\"threads\":1,\"params\":{\"channels\":\"" + words[0] + "\"},\"primaryMetric\":{\"score\":"
                    + words[1]
                    + ",\"scoreConfidence\":[" + words[1] + "," + words[1]
                    + "]},\"secondaryMetrics\":{\"gc.alloc.rate.norm\":{\"score\":"
                    + words[2] + "}}}");
        }
        List<Ratio> ratios = DispatchCost.read("[" + String.join(",", runs) + "]");
        assertThat(ratios.stream().map(Ratio::holds)).as("time, time, garbage").containsExactly(true, false, false);
        assertThat(ratios.get(0).interval()).isEqualTo(new Interval(7.5, 7.5, 7.5));
    }
}
