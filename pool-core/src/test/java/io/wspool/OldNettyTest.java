package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import io.wspool.testkit.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A program of a user whose class path holds a Netty 4.1, in a JVM of its own. */
class OldNettyTest {
    private static final Path NETTY_41 = Path.of("target", "netty41");
    private static final Pattern NETTY = Pattern.compile("netty-(?!tcnative|pkitesting).*\\.jar");

    @Test
    void oneSentenceNamesBothVersionsWhereItStandsInTheNewOnesPlace() throws Exception {
        assertRefused(run(Stream.concat(classPath(false), netty41())));
    }

    @Test
    void oneSentenceNamesBothVersionsWhereItStandsBeforeTheNewOne() throws Exception {
        assertRefused(run(Stream.concat(netty41(), classPath(true))));
    }

    @Test
    void behindTheNewOneItDoesNoHarm() throws Exception {
        ChildJvm.Result run = run(Stream.concat(classPath(true), netty41()));
        assertThat(run.output()).isEqualTo("started\n");
        assertThat(run.exit()).isZero();
    }

    private static void assertRefused(ChildJvm.Result run) throws IOException {
        assertThat(run.output().lines().findFirst())
                .as(run.output())
                .hasValue(
                        "Exception in thread \"main\" java.lang.IllegalStateException: wspool needs Netty 4.2.15 or later,"
                                + " but the class path has Netty " + oldVersion()
                                + ": import io.netty:netty-bom:4.2.18.Final before the BOM that brings the old one"
                                + " (Spring Boot: property netty.version)");
        assertThat(run.output()).doesNotContain("NoClassDefFoundError", "NoSuchMethodError", "Caused by");
        assertThat(run.exit()).isOne();
    }

    private static ChildJvm.Result run(Stream<String> classPath) throws Exception {
        return ChildJvm.run(List.of(
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath.collect(Collectors.joining(File.pathSeparator)),
                Program.class.getName()));
    }

    private static Stream<String> classPath(boolean withNetty) {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(path ->
                        withNetty || !NETTY.matcher(new File(path).getName()).matches());
    }

    private static Stream<String> netty41() throws IOException {
        try (Stream<Path> jars = Files.list(NETTY_41)) {
            List<String> paths = jars.map(Path::toString).toList();
            assertThat(paths).hasSize(9);
            return paths.stream();
        }
    }

    private static String oldVersion() throws IOException {
        try (Stream<Path> jars = Files.list(NETTY_41)) {
            String name = jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> jar.startsWith("netty-common-"))
                    .findFirst()
                    .orElseThrow();
            return name.substring("netty-common-".length(), name.length() - ".jar".length());
        }
    }

    /** What a user would write. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            try (WebSocketPool pool = WebSocketPool.to("ws://127.0.0.1:1/").start()) {
                pool.close(Duration.ZERO);
            }
            System.out.println("started");
        }
    }

    @Test
    void theSentencesAdviceNamesTheVersionThatWeTest() {
        assertThat(Version.identify().get("netty-transport").artifactVersion()).isEqualTo("4.2.18.Final");
    }
}
