package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {
    private static double seconds(Level level) {
        return Plan.of(level, List.of()).stream()
                .mapToDouble(Group::estimateSeconds)
                .sum();
    }

    private static List<Group> choose(List<String> work, List<String> clients, String url) {
        return Options.choose(Level.MIDDLE, false, work, clients, url.isEmpty() ? null : URI.create(url));
    }

    @Test
    void aFullRunCanTellEveryGoal() {
        List<Series> all = new ArrayList<>();
        Map<String, Double> extra =
                Map.of("heapBytesPerChannel", 1.0, "withinBound", 1.0, "ratio", 1.0, "noticedNanos", 1e9);
        for (Group group : Plan.of(Level.FULL, List.of())) {
            for (Series series : Rounds.series(group)) {
                series.samples.add(new Sample(
                        1, 1_000, 1_000, 0, 0, 0, Golden.sample(1_000).histogram(), extra));
                all.add(series);
            }
        }
        assertThat(Ratios.of(all, List.of()))
                .hasSize(27)
                .allSatisfy(ratio -> assertThat(ratio.interval()).isNotNull());
    }

    @Test
    void eachLevelIsExpectedToEndInItsTime() {
        assertThat(seconds(Level.QUICK)).isLessThan(Level.QUICK.limitSeconds);
        assertThat(seconds(Level.MIDDLE)).isBetween(4 * 60.0, 7 * 60.0);
        assertThat(seconds(Level.FULL)).isBetween(24 * 60.0, 31 * 60.0);
    }

    @Test
    void everyLibraryHasItsLineWhereClientsAreCompared() {
        List<String> everybody = List.of(
                "beast", "c", "java-websocket", "jdk", "jetty", "netty", "okhttp", "reactor-netty", "vertx", "wspool");
        List<String> ofOurs = List.of("warmup", "divert");
        assertThat(Plan.of(Level.FULL, List.of()))
                .filteredOn(group -> !group.spinServer() && !ofOurs.contains(group.name()))
                .hasSize(11)
                .allSatisfy(group -> assertThat(clients(group)).as(group.name()).containsAll(everybody));
        assertThat(Plan.of(Level.FULL, List.of()))
                .filteredOn(group -> group.spinServer() && !ofOurs.contains(group.name()))
                .hasSize(7)
                .allSatisfy(group -> assertThat(clients(group)).containsOnly("beast", "c", "netty", "wspool"));
    }

    private static List<String> clients(Group group) {
        return group.contenders().stream().map(Contender::client).distinct().toList();
    }

    @Test
    void nettyStandsBesideUsInEveryMode() {
        Map<String, String> modes =
                Map.of("polled", "spin", "waiting", "waiting", "sleeping", "sleeping", "spinning", "spinning");
        List<String> ofOurs = List.of("warmup", "divert");
        for (Group group : Plan.of(Level.FULL, List.of())) {
            for (Contender contender : group.contenders()) {
                if (contender.ours() && !ofOurs.contains(group.name())) {
                    assertThat(group.contenders())
                            .as(group.name())
                            .contains(new Contender("netty", modes.get(contender.mode()), ""));
                }
            }
        }
    }

    @Test
    void aGroupIsMeantByTheBeginningOfItsNameOrItsWork() {
        assertThat(choose(List.of("rtt-polled"), List.of(), "").stream().map(Group::name))
                .containsExactly("rtt-polled-64", "rtt-polled-1k");
        assertThat(choose(List.of("tp"), List.of(), "")).hasSize(4);
        assertThat(choose(List.of("idle", "open"), List.of(), "").stream().map(Group::name))
                .as("at any level when asked for")
                .containsExactly("open-polled", "open-sleeping", "idle");
        assertThat(choose(List.of("dispatch"), List.of(), "")).isEmpty();
    }

    @Test
    void clientsAreChosenByTheirNames() {
        assertThat(choose(List.of("rtt-polled-64"), List.of("c", "beast"), "").get(0).contenders().stream()
                        .map(Contender::toString))
                .containsExactly("c/spin", "beast/spin");
        assertThat(choose(List.of("warmup,rtt".split(",", -1)), List.of("c"), ""))
                .as("only where it takes part")
                .noneMatch(group -> group.name().equals("warmup"))
                .isNotEmpty();
    }

    @Test
    void aClientThatWouldDoNothingIsRefused() {
        assertThatThrownBy(() -> choose(List.of("warmup"), List.of("c"), ""))
                .hasMessage("--clients c takes part in nothing that is asked for: warmup");
        assertThatThrownBy(() -> choose(List.of("warmup", "divert"), List.of("wspool", "okhttp"), ""))
                .hasMessage("--clients okhttp takes part in nothing that is asked for: warmup, divert");
        assertThatThrownBy(() -> choose(List.of("dispatch"), List.of("c"), ""))
                .hasMessage("--clients c takes part in nothing that is asked for: dispatch");
        assertThatThrownBy(() -> choose(List.of("rtt-polled", "fanin"), List.of("jdk"), "ws://127.0.0.1:1"))
                .hasMessage("--clients jdk takes part in nothing that is asked for: rtt-polled-64, rtt-polled-1k");
    }

    @Test
    void namesStandBetweenCommas() {
        assertThat(Options.names("--work", null)).isEmpty();
        assertThat(Options.names("--work", List.of("rtt", "tp, open"))).containsExactly("rtt", "tp", "open");
        for (String value : List.of("", " ", ",", "rtt,", ",rtt", "rtt,,tp")) {
            assertThatThrownBy(() -> Options.names("--work", List.of(value)))
                    .hasMessage(
                            "--work '" + value + "' must be names with a comma between two of them, and one is empty");
        }
    }

    @Test
    void whatIsNotKnownIsRefusedWithWhatIs() {
        assertThatThrownBy(() -> choose(List.of("rrt"), List.of(), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--work rrt is none of rtt-polled-64,")
                .hasMessageEndingWith("dispatch");
        assertThatThrownBy(() -> choose(List.of(), List.of("boost"), ""))
                .hasMessageStartingWith("--clients boost is none of beast, c, java-websocket,");
        assertThatThrownBy(() -> choose(List.of(), List.of(), "http://127.0.0.1"))
                .hasMessageContaining("must be ws://host[:port][/path]");
        assertThatThrownBy(() -> choose(List.of("fanin"), List.of(), "ws://127.0.0.1:1"))
                .hasMessageContaining("ws://127.0.0.1:1");
        assertThatThrownBy(() -> Options.choose(Level.QUICK, true, List.of(), List.of(), null))
                .hasMessage("--quick and --full exclude each other");
    }

    @Test
    void aUrlThatWouldBeDialledInAnotherWayIsRefused() {
        assertThatThrownBy(() -> choose(List.of(), List.of(), "ws://127.0.0.1:99999/"))
                .hasMessage("--url ws://127.0.0.1:99999/ has port 99999, and a port is 1 to 65535");
        assertThatThrownBy(() -> choose(List.of(), List.of(), "ws://127.0.0.1:65536"))
                .hasMessageEndingWith("has port 65536, and a port is 1 to 65535");
        assertThatThrownBy(() -> choose(List.of(), List.of(), "wss://127.0.0.1:0/"))
                .hasMessageEndingWith("has port 0, and a port is 1 to 65535");
        assertThat(choose(List.of(), List.of(), "ws://127.0.0.1:65535")).isNotEmpty();
        assertThat(choose(List.of(), List.of(), "ws://[::1]:1/?token=1")).isNotEmpty();
        assertThatThrownBy(() -> choose(List.of(), List.of(), "ws://127.0.0.1/echo#there"))
                .hasMessage("--url ws://127.0.0.1/echo#there has a fragment, #there, which is never sent to a server");
        assertThatThrownBy(() -> choose(List.of(), List.of(), "ws://me:secret@127.0.0.1/"))
                .hasMessage(
                        "--url names a user before its host 127.0.0.1, and no client here sends a user or a password")
                .hasMessageNotContaining("secret");
    }

    @Test
    void theFilesGoIntoADirectoryThatNeedNotBeThere(@TempDir Path directory) throws IOException {
        assertThat(Options.directory(directory)).isEqualTo(directory);
        assertThat(Options.directory(directory.resolve("new/er")))
                .isEqualTo(directory.resolve("new/er"))
                .isDirectory();
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> Options.directory(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--out " + file + " is a file, and a directory is wanted");
        assertThatThrownBy(() -> Options.directory(file.resolve("x")))
                .hasMessage("--out " + file + "/x cannot be made: " + file + "/x: Not a directory");
    }

    @Test
    void aServerOfTheUsersIsOnlyAskedToEcho() {
        assertThat(choose(List.of(), List.of(), "ws://127.0.0.1:1"))
                .isNotEmpty()
                .allSatisfy(group -> {
                    assertThat(group.load().work()).isIn("pp", "tp", "open");
                    assertThat(group.load().tls()).isFalse();
                });
        assertThat(choose(List.of(), List.of(), "wss://127.0.0.1:1"))
                .isNotEmpty()
                .allSatisfy(group -> assertThat(group.load().tls()).isTrue());
    }

    @Test
    void thoseThatSpinAndRoundTripsHaveProcessorsOfTheirOwn() {
        Group spinning = Golden.group("golden", "c/spin");
        Contender polled = Contender.of("wspool/polled");
        Pinning four = new Pinning(List.of(0, 1, 2, 3));
        assertThat(four.server(spinning)).containsExactly("taskset", "-c", "0");
        assertThat(four.client(spinning, polled)).containsExactly("taskset", "-c", "3");
        assertThat(four.client(spinning, Contender.of("wspool/spinning"))).containsExactly("taskset", "-c", "1,2,3");
        assertThat(new Pinning(List.of(0)).client(spinning, polled)).isEmpty();
        assertThat(Pinning.none().server(spinning)).isEmpty();
        Contender sleeper = Contender.of("wspool/sleeping");
        Group roundTrips = Plan.of(Level.FULL, List.of("rtt-sleeping-64")).get(0);
        assertThat(four.server(roundTrips)).containsExactly("taskset", "-c", "0");
        assertThat(four.client(roundTrips, sleeper)).containsExactly("taskset", "-c", "3");
        Group throughput = Plan.of(Level.FULL, List.of("tp-sleeping")).get(0);
        assertThat(four.server(throughput)).isEmpty();
        assertThat(four.client(throughput, sleeper)).isEmpty();
    }

    @Test
    void aRoundInAJvmOfItsOwnIsWaitedForUntilItGivesUpByItself() {
        assertThat(Plan.of(Level.FULL, List.of("warmup")).get(0).moreGrace()).isGreaterThan(Duration.ofSeconds(80));
        assertThat(Plan.of(Level.FULL, List.of("rtt")))
                .allSatisfy(group -> assertThat(group.moreGrace()).isZero());
    }

    @Test
    void contendersAreWrittenAsTheyAreRead() {
        for (String text : List.of("c/spin", "java-websocket/sleeping", "wspool/polled+pool4")) {
            assertThat(Contender.of(text)).hasToString(text);
        }
    }
}
