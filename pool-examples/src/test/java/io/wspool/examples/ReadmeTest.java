package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.WebSocketPool;
import io.wspool.WebSocketPoolBuilder;
import io.wspool.api.CloseCause;
import io.wspool.api.ClosePolicies;
import io.wspool.api.PoolListener;
import io.wspool.api.PoolSettings;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README says what the code does: its Java is compiled, its defaults and close codes are those of the code. */
class ReadmeTest {
    private static final Path TOP = Path.of("..");
    private static final Path EXAMPLES = Path.of("src", "main", "java");
    private static final int FIRST_SCREEN = 25;
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
    private static final Map<String, Double> UNITS =
            Map.of("ms", 1e6, "s", 1e9, "h", 3600e9, "KiB", 1024.0, "MiB", 1024.0 * 1024.0);
    /** What the table tells of these is no value. */
    private static final Set<String> WITHOUT_VALUE = Set.of("uri", "maxConnections", "closePolicy");

    private static final String NONE = "none";

    private static String readme = "";

    @BeforeAll
    static void read() throws IOException {
        readme = Files.readString(TOP.resolve("README.md"));
    }

    @Test
    void everyJavaBlockIsPartOfACompiledExample() throws IOException {
        List<String> sources = sources();
        List<String> blocks = blocks("java");
        assertThat(blocks)
                .hasSizeGreaterThan(5)
                .allSatisfy(block -> assertThat(sources)
                        .as("a source that holds:\n" + block)
                        .anyMatch(source -> source.contains(withoutSpace(block))));
    }

    @Test
    void theFirstCodeIsShortAndOnTheFirstScreen() {
        String first = blocks("java").get(0);
        assertThat(first.lines().count()).isLessThanOrEqualTo(15);
        assertThat(first).contains("try (WebSocketPool pool"); // closes
        assertThat(readme.substring(0, readme.indexOf(first)).lines().count()
                        + first.lines().count())
                .isLessThanOrEqualTo(FIRST_SCREEN);
    }

    @ParameterizedTest
    @CsvSource({
        "## Run it, mvn -q -pl pool-examples -am -DskipTests package && java -jar pool-examples/target/demo.jar",
        "## Test it, mvn -B -ntp verify",
    })
    void theHeadingIsFollowedByItsOneCommand(String heading, String command) {
        String text = "\n" + heading + "\n\n```sh\n" + command + "\n```\n";
        assertThat(readme).containsOnlyOnce(text);
        String section = readme.substring(readme.indexOf(text) + text.length());
        assertThat(section.substring(0, section.indexOf("\n## "))).doesNotContain("```");
    }

    @Test
    void everySettingStandsThereWithItsDefault() throws Exception {
        Map<String, String[]> rows = rows();
        Map<String, Object> settings = defaults();
        assertThat(settings).hasSizeGreaterThan(35);
        settings.forEach((name, value) -> {
            if (!name.equals("uri")) {
                assertThat(rows).containsKey(name);
            }
            if (!WITHOUT_VALUE.contains(name)) {
                assertThat(stated(rows.get(name))).as(name).isEqualTo(plain(value));
            }
        });
    }

    @Test
    void everyMethodOfTheBuilderIsNamed() {
        Set<String> methods = Arrays.stream(WebSocketPoolBuilder.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !name.equals("environment")) // for tests of the pool itself
                .collect(Collectors.toSet());
        assertThat(methods)
                .hasSizeGreaterThan(25)
                .allSatisfy(name -> assertThat(readme).containsPattern("`(\\w+\\.)?\\.?" + name + "[`(]"));
    }

    @Test
    void everyEventIsNamed() {
        assertThat(PoolListener.class.getMethods())
                .allSatisfy(event -> assertThat(readme).contains("\n| `" + event.getName() + "` |"));
    }

    @Test
    void theCloseCodesDoWhatTheTableSays() {
        Map<Integer, String> actions = closeCodes();
        assertThat(actions).hasSizeGreaterThan(15);
        actions.forEach((code, action) -> {
            CloseCause cause = new CloseCause(CloseCause.Kind.PEER_CLOSE, code, "", false, "", null);
            assertThat(ClosePolicies.standard().onClose(cause).name())
                    .as("%d", code)
                    .isEqualTo(action);
        });
    }

    @Test
    void everyFileThatALinkNamesIsThere() {
        List<String> links =
                LINK.matcher(readme).results().map(link -> link.group(1)).toList();
        assertThat(links)
                .isNotEmpty()
                .allSatisfy(link -> assertThat(TOP.resolve(link)).exists());
    }

    private static List<String> blocks(String language) {
        return BLOCK.matcher(readme)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            List<String> sources = new ArrayList<>();
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
                sources.add(withoutSpace(Files.readString(file)));
            }
            return sources;
        }
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    /** Cells of every table row whose first cell begins with a name in backticks, by that name. */
    private static Map<String, String[]> rows() {
        Map<String, String[]> rows = new TreeMap<>();
        Pattern.compile("(?m)^\\| `([\\w.]+)`.*$")
                .matcher(readme)
                .results()
                .forEach(row ->
                        rows.putIfAbsent(row.group(1), row.group().substring(1).split("\\|", -1)));
        return rows;
    }

    /** The second cell, in the unit of the third. */
    private static String stated(String[] row) {
        String value = row[1].replaceAll("[`,]", "").strip();
        return value.matches("[0-9.]+")
                ? Double.toString(Double.parseDouble(value) * UNITS.getOrDefault(row[2].strip(), 1.0))
                : value;
    }

    private static String plain(Object value) {
        if (value instanceof Duration duration) {
            return Double.toString((double) duration.toNanos());
        }
        if (value instanceof Number number) {
            return Double.toString(number.doubleValue());
        }
        boolean nothing = (value instanceof Collection<?> all && all.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
        return nothing ? NONE : value.toString();
    }

    /** Of a pool that was told nothing but where: every component of its settings, those of records within as name.part. */
    private static Map<String, Object> defaults() throws ReflectiveOperationException {
        PoolSettings settings;
        try (WebSocketPool pool = WebSocketPool.to("ws://127.0.0.1:1/").start()) {
            settings = pool.settings();
        }
        Map<String, Object> all = new TreeMap<>();
        for (RecordComponent component : PoolSettings.class.getRecordComponents()) {
            Object value = component.getAccessor().invoke(settings);
            if (value instanceof Record) {
                for (RecordComponent part : value.getClass().getRecordComponents()) {
                    Object held = part.getAccessor().invoke(value);
                    all.put(component.getName() + "." + part.getName(), held == null ? NONE : held);
                }
            } else {
                all.put(component.getName(), value);
            }
        }
        return all;
    }

    private static Map<Integer, String> closeCodes() {
        Map<Integer, String> actions = new TreeMap<>();
        Pattern row = Pattern.compile("(?m)^\\| ([0-9, ]+) \\|[^|]*\\| `([A-Z_]+)` \\|");
        for (MatchResult found : row.matcher(readme).results().toList()) {
            for (String code : found.group(1).split(", ", -1)) {
                actions.put(Integer.parseInt(code), found.group(2));
            }
        }
        return actions;
    }
}
