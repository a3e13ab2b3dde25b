package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What programs read: names and their order, and that nothing that is not known looks like a number. */
class ResultsJsonTest {
    private final Group group = Golden.group("rtt-polled-64", "c/spin", "wspool/polled");

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(String key, Series... series) throws IOException {
        List<Series> all = List.of(series);
        String json = ResultsJson.of(Map.of("cpu", "golden"), all, Ratios.of(all, DispatchCost.unknown("not here")));
        Map<String, Object> root = JSON.std.mapFrom(json);
        assertThat(root.keySet()).containsExactly("machine", "results", "ratios");
        assertThat(root.get("machine")).isEqualTo(Map.of("cpu", "golden"));
        return (List<Map<String, Object>>) root.get(key);
    }

    @Test
    void aResultBeginsWithWhatItIsAndItsFigures() throws IOException {
        Sample sample = new Sample(
                1_000,
                20_000_000,
                5_000_000,
                2_000,
                3,
                0,
                Golden.sample(7_000, 8_000).histogram(),
                Map.of());
        Map<String, Object> result =
                list("results", Golden.series(group, "wspool/polled", sample)).get(0);

        assertThat(result.keySet())
                .containsExactly(
                        "work",
                        "client",
                        "mode",
                        "server",
                        "payloadBytes",
                        "rounds",
                        "p50us",
                        "p99us",
                        "p999us",
                        "maxus",
                        "msgsPerSecond",
                        "cpuMicrosPerMessage",
                        "allocBytesPerMessage",
                        "group",
                        "contender",
                        "variant",
                        "version",
                        "note",
                        "tls",
                        "window",
                        "channels",
                        "threads",
                        "ratePerSecond",
                        "messages",
                        "samples",
                        "wrong",
                        "collections",
                        "absent",
                        "trouble",
                        "extra");
        assertThat(result)
                .containsEntry("work", "pp")
                .containsEntry("client", "wspool")
                .containsEntry("mode", "polled")
                .containsEntry("server", "c/spin")
                .containsEntry("payloadBytes", 64)
                .containsEntry("rounds", 1)
                .containsEntry("p50us", 7.003)
                .containsEntry("p99us", 8.003)
                .containsEntry("p999us", 8.003)
                .containsEntry("maxus", 8.003)
                .containsEntry("msgsPerSecond", 50_000.0)
                .containsEntry("cpuMicrosPerMessage", 5.0)
                .containsEntry("allocBytesPerMessage", 2.0)
                .containsEntry("collections", 3)
                .containsEntry("absent", false);
    }

    @Test
    void whatIsNotKnownIsNull() throws IOException {
        Sample ofC = new Sample(1, 1, 1, -1, 0, 0, Golden.sample().histogram(), Map.of());
        Series absent = Golden.series(group, "beast/spin");
        absent.trouble = "no Boost headers";
        List<Map<String, Object>> results = list("results", Golden.series(group, "c/spin", ofC), absent);

        assertThat(results.get(0))
                .containsEntry("p50us", null)
                .containsEntry("maxus", null)
                .containsEntry("allocBytesPerMessage", null)
                .containsEntry("collections", null)
                .containsEntry("ratePerSecond", null);
        assertThat(results.get(1))
                .containsEntry("rounds", 0)
                .containsEntry("msgsPerSecond", null)
                .containsEntry("absent", true)
                .containsEntry("trouble", "no Boost headers");
    }

    @Test
    void aRatioHasItsIntervalItsGoalAndWhetherItHolds() throws IOException {
        Series c = Golden.series(group, "c/spin", Golden.sample(1_000), Golden.sample(1_000));
        Series ours = Golden.series(group, "wspool/polled", Golden.sample(1_010), Golden.sample(1_030));
        List<Map<String, Object>> ratios = list("ratios", c, ours);

        assertThat(ratios)
                .allSatisfy(ratio -> assertThat(ratio.keySet())
                        .containsExactly("name", "value", "low", "high", "goal", "holds", "what", "reason"));
        assertThat(ratios.get(0))
                .containsEntry("name", "rtt.polled.p50.c")
                .containsEntry("value", 1.02)
                .containsEntry("low", 1.01)
                .containsEntry("high", 1.03)
                .containsEntry("goal", "<= 1.03")
                .containsEntry("holds", true);
        assertThat(ratios.get(2))
                .containsEntry("name", "rtt.polled.p50.beast")
                .containsEntry("value", null)
                .containsEntry("low", null)
                .containsEntry("high", null)
                .containsEntry("holds", null)
                .containsEntry("reason", "not in this run");
    }
}
