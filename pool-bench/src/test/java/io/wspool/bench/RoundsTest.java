package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.bench.LineProcess.Broken;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver against processes that speak as clients do. */
class RoundsTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private Rounds rounds(Tools tools) {
        Console console = new Console(new PrintStream(said, true, StandardCharsets.UTF_8));
        return new Rounds(tools, directory, console, 7, Duration.ofSeconds(2), Duration.ofSeconds(30));
    }

    private List<Series> run(String... contenders) {
        return rounds(new Fakes()).run(Golden.group("golden", contenders));
    }

    @Test
    void eachContenderHasAllRoundsAndItsNumbers() {
        List<Series> all = run("fast/spin", "slow/spin");
        assertThat(all).allSatisfy(series -> {
            assertThat(series.samples).hasSize(3);
            assertThat(series.samples.stream().map(s -> s.extra().get("round"))).containsExactly(1.0, 2.0, 3.0);
            assertThat(series.trouble).isEmpty();
            assertThat(series.version).isEqualTo("1.0");
            assertThat(series.server).isEqualTo("fake");
            assertThat(series.command).contains("FakeClient");
        });
        assertThat(Comparison.within(all.get(1), all.get(0), Series.percentile(50))
                        .value())
                .isBetween(1.99, 2.01);
        assertThat(all.get(0).median(Sample::allocBytesPerMessage)).isEqualTo(2);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("fast/spin").contains("ready: 1.0 fake");
    }

    @Test
    void aClientThatCannotRunIsAbsentWithItsOwnWords() {
        List<Series> all = run("refuses/spin", "fast/spin");
        assertThat(all.get(0).absent()).isTrue();
        assertThat(all.get(0).trouble).isEqualTo("no such mode");
        assertThat(all.get(1).samples).hasSize(3);
    }

    @Test
    void aClientThatDiesIsOutWithWhatItSaid() {
        List<Series> all = run("fast/spin", "dies/spin");
        assertThat(all.get(1).samples).hasSize(1);
        assertThat(all.get(1).trouble).isEqualTo("ended with exit code 3: out of luck");
        assertThat(all.get(0).samples).hasSize(3);
    }

    @Test
    void aClientThatReportsAnErrorIsOutWithIt() {
        Series series = run("fails/spin").get(0);
        assertThat(series.samples).hasSize(1);
        assertThat(series.trouble).isEqualTo("the connection was lost");
        assertThat(said.toString(StandardCharsets.UTF_8)).containsPattern("fails/spin +out: the connection was lost");
    }

    @Test
    void aClientThatHangsIsEndedAndTheOthersGoOn() {
        List<Series> all = run("hangs/spin", "fast/spin");
        assertThat(all.get(0).samples).hasSize(1);
        assertThat(all.get(0).trouble).startsWith("said nothing for 2 s");
        assertThat(all.get(1).samples).hasSize(3);
    }

    @Test
    void aClientThatNeverGetsReadyIsEnded() {
        Console console = new Console(new PrintStream(said, true, StandardCharsets.UTF_8));
        Rounds impatient = new Rounds(new Fakes(), directory, console, 7, Duration.ofSeconds(2), Duration.ofSeconds(1));
        Series series = impatient.run(Golden.group("golden", "silent/spin")).get(0);
        assertThat(series.absent()).isTrue();
        assertThat(series.trouble).startsWith("said nothing for 1 s");
    }

    @Test
    void aLineThatIsNoJsonIsOutAndAGreetingIsNot() {
        List<Series> all = run("babbles/spin", "chatty/spin");
        assertThat(all.get(0).trouble).startsWith("said what is no JSON");
        assertThat(all.get(1).samples).hasSize(3);
    }

    @Test
    void aServerThatDoesNotComeUpIsTheReasonOfAll() {
        Fakes fakes = new Fakes();
        fakes.serverArguments = List.of("fail");
        List<Series> all = rounds(fakes).run(Golden.group("golden", "fast/spin", "slow/spin"));
        assertThat(all).allSatisfy(series -> assertThat(series.trouble).contains("no port is free"));
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("no port is free");
    }

    @Test
    void roundsAreSharedOutAmongLaunches() {
        Group once = Golden.group("golden", "fast/spin", "refuses/spin", "slow/spin");
        Group group = new Group(
                "golden", "", once.load(), true, new Group.Effort(5, 10, 10, 0).launches(2), once.contenders());
        List<Series> all = rounds(new Fakes()).run(group);
        for (Series series : List.of(all.get(0), all.get(2))) {
            assertThat(series.samples.stream().map(sample -> sample.extra().get("round")))
                    .as("each process counts its own")
                    .containsExactly(1.0, 2.0, 1.0, 2.0, 3.0);
        }
        assertThat(all.get(1).absent()).isTrue();
    }

    @Test
    void oneIsNotCalledSeveral() {
        Group group = Golden.group("golden", "fast/spin");
        rounds(new Fakes()).run(group);
        Group once = new Group("golden", "", group.load(), true, group.effort().rounds(1), group.contenders());
        rounds(new Fakes()).run(once);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("  3 rounds of 10 ms, 1 client in turn")
                .contains("  1 round of 10 ms, 1 client in turn");
    }

    @Test
    void openLoopsRunAtSharesOfEachOnesOwnCapacity() {
        Group group = new Group(
                "open-polled",
                "",
                Group.Load.of("open", 64),
                true,
                new Group.Effort(2, 10, 10, 0),
                List.of(Contender.of("fast/spin"), Contender.of("slow/spin"), Contender.of("refuses/spin")));
        List<Series> all = new OpenLoop(rounds(new Fakes())).run(group, List.of());
        assertThat(all).hasSize(9);
        assertThat(all.stream().map(s -> s.section).distinct())
                .containsExactly("open-polled-10", "open-polled-50", "open-polled-80");
        // 1,000 messages in 10 ms and in 20 ms
        assertThat(all.get(0).rate).isEqualTo(10_000);
        assertThat(all.get(1).rate).isEqualTo(5_000);
        assertThat(all.get(6).rate).isEqualTo(80_000);
        assertThat(all.get(2).absent()).isTrue();
        assertThat(all.get(2).trouble).isEqualTo("no such mode");
        assertThat(all.get(7).samples).hasSize(2);
        assertThat(all.get(0).samples.get(0).extra())
                .as("the first at each rate is not counted")
                .containsEntry("round", 2.0);
    }

    @Test
    void theServerIsStoppedWhileClientsWaitToNotice() {
        Group group = new Group(
                "notice",
                "",
                Group.Load.of("notice", 64),
                false,
                new Group.Effort(1, 10, 10, 0),
                List.of(Contender.of("fast/sleeping"), Contender.of("slow/sleeping")));
        List<Series> all = new Notice(rounds(new Fakes())).run(group);
        assertThat(all).allSatisfy(series -> assertThat(series.samples).hasSize(1));
    }

    private static final class Fakes implements Tools {
        private List<String> serverArguments = List.of();

        @Override
        public Server server(Group group) {
            List<String> command = new ArrayList<>(JavaProcess.command(List.of("-Xmx16m"), FakeServer.class.getName()));
            command.addAll(serverArguments);
            return new Server("fake", command, "", 0);
        }

        @Override
        public List<String> client(Group group, Contender contender, Server server, String host, int port)
                throws Broken {
            assertThat(port).isEqualTo(4711);
            List<String> command = new ArrayList<>(JavaProcess.command(List.of("-Xmx16m"), FakeClient.class.getName()));
            command.addAll(List.of("--client", contender.client()));
            return command;
        }
    }
}
