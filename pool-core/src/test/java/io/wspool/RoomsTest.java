package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house: which room may use which other one. A new arrow is a change to this table, and seen in review. */
class RoomsTest {
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "io.wspool", rooms("channel", "wire", "health", "loop", "measure", "api"),
            "io.wspool.channel", rooms("wire", "health", "loop", "measure", "api"),
            "io.wspool.wire", rooms("api"),
            "io.wspool.health", rooms("api"),
            "io.wspool.loop", rooms("api"),
            "io.wspool.measure", rooms("api"),
            "io.wspool.api", rooms());
    private static final Map<String, Pattern> NETTY_ALLOWED = Map.of(
            "io.wspool.health", Pattern.compile("nothing"),
            "io.wspool.api",
                    Pattern.compile("io\\.netty\\.(buffer\\.\\w+"
                            + "|handler\\.ssl\\.SslContext|util\\.concurrent\\.Ticker)(\\.\\w+)*"));
    private static final Pattern OURS = Pattern.compile("\\bio\\.wspool(?:\\.[a-z]\\w*)*");
    private static final Pattern NETTYS = Pattern.compile("\\bio\\.netty(?:\\.\\w+)+");

    private static Set<String> rooms(String... names) {
        return Stream.of(names).map("io.wspool."::concat).collect(Collectors.toUnmodifiableSet());
    }

    @Test
    void everyArrowIsInTheTable() throws IOException {
        List<String> wrong = new ArrayList<>();
        Sources.all().forEach((file, source) -> wrong.addAll(wrongArrows(Sources.packageOf(file), source)));
        assertThat(wrong).isEmpty();
    }

    @Test
    void aWrongArrowIsSeen() {
        assertThat(wrongArrows("io.wspool.wire", "package io.wspool.wire;\nimport static io.wspool.loop.Loop.now;"))
                .containsExactly("io.wspool.wire -> io.wspool.loop");
        assertThat(wrongArrows("io.wspool.channel", "io.wspool.WebSocketPool pool;"))
                .containsExactly("io.wspool.channel -> io.wspool");
        assertThat(wrongArrows("io.wspool.health", "import io.netty.buffer.ByteBuf;"))
                .containsExactly("io.wspool.health -> io.netty.buffer.ByteBuf");
        assertThat(wrongArrows("io.wspool.api", "import io.netty.buffer.ByteBuf;\nimport io.netty.channel.Channel;"))
                .containsExactly("io.wspool.api -> io.netty.channel.Channel");
        assertThat(wrongArrows("io.wspool.cellar", "class Cellar {}")).containsExactly("io.wspool.cellar is no room");
        assertThat(wrongArrows("io.wspool.wire", "/** {@link io.wspool.loop.Loop} */ import io.wspool.api.Message;"))
                .isEmpty();
    }

    private static List<String> wrongArrows(String room, String source) {
        if (!MAY_USE.containsKey(room)) {
            return List.of(room + " is no room");
        }
        String code = Sources.code(source);
        Pattern netty = NETTY_ALLOWED.getOrDefault(room, NETTYS);
        return Stream.concat(
                        mentions(OURS, code)
                                .filter(used ->
                                        !used.equals(room) && !MAY_USE.get(room).contains(used)),
                        mentions(NETTYS, code)
                                .filter(used -> !netty.matcher(used).matches()))
                .map(used -> room + " -> " + used)
                .toList();
    }

    private static Stream<String> mentions(Pattern pattern, String code) {
        return pattern.matcher(code).results().map(MatchResult::group).distinct();
    }
}
