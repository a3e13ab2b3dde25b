package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time and chance come from {@code io.wspool.loop} alone; else no test could repeat a run. */
class TimeAndChanceTest {
    private static final String ALLOWED_IN = "io.wspool.loop";
    private static final Pattern BANNED =
            Pattern.compile("System(?:\\.|::)nanoTime|currentTimeMillis|\\b(?:Instant|Local\\w+|ZonedDateTime)\\.now\\b"
                    + "|Clock\\.system|Math(?:\\.|::)random|\\bnew Random\\(|\\bRandom::new|ThreadLocalRandom"
                    + "|SecureRandom|SplittableRandom|Thread(?:\\.|::)sleep|\\bsleep\\(");

    @Test
    void onlyTheLoopKnowsTimeAndChance() throws IOException {
        List<String> wrong = new ArrayList<>();
        Sources.all().forEach((file, source) -> {
            if (!Sources.packageOf(file).equals(ALLOWED_IN)) {
                banned(source).forEach(found -> wrong.add(file + ": " + found));
            }
        });
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "long t = System.nanoTime();",
                "LongSupplier t = System::nanoTime;",
                "import static java.lang.System.nanoTime;",
                "System.currentTimeMillis()",
                "Instant.now()",
                "ThreadLocalRandom.current()",
                "Math.random()",
                "new Random(7)",
                "new SecureRandom()",
                "Thread.sleep(1)",
                "TimeUnit.SECONDS.sleep(1)",
            })
    void aSecondSourceIsSeen(String source) {
        assertThat(banned(source)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop.ticker().nanoTime()", "// not System.nanoTime()", "String s = \"Math.random\";"})
    void whatOnlyLooksLikeItIsNot(String source) {
        assertThat(banned(source)).isEmpty();
    }

    private static List<String> banned(String source) {
        return BANNED.matcher(Sources.code(source))
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
