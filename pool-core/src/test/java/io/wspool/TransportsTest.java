package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.TransportKind;
import io.wspool.testkit.ChildJvm;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What users find whose class paths hold other parts of Netty than ours, each in a JVM of its own. */
class TransportsTest {
    private static final Pattern URING_AND_KQUEUE = Pattern.compile("netty-transport-.*-(io_uring|kqueue)-.*");
    private static final Pattern NATIVE = Pattern.compile("netty-transport-(native-epoll|native-io_uring)-.*");
    private static final Pattern ALL = Pattern.compile("netty-transport-(native|classes)-(epoll|io_uring|kqueue)-.*");

    @Test
    void withoutTheOptionalClassesEpollIsFoundAndWhatIsMissingIsNamed() throws Exception {
        assertThat(run(URING_AND_KQUEUE, "AUTO", "IO_URING", "KQUEUE"))
                .containsExactly(
                        "AUTO started",
                        "IO_URING java.lang.IllegalStateException: transport=IO_URING is not available on this machine:"
                                + " netty-transport-native-io_uring is not on the class path, or not for this platform",
                        "KQUEUE java.lang.IllegalStateException: transport=KQUEUE is not available on this machine:"
                                + " netty-transport-native-kqueue is not on the class path, or not for this platform");
    }

    @Test
    void withoutAnyNativeLibraryNioIsTakenAndWhatIsMissingIsNamed() throws Exception {
        List<String> lines = run(NATIVE, "AUTO", "EPOLL", "IO_URING");
        assertThat(lines.get(0)).isEqualTo("AUTO started");
        assertThat(lines.get(1))
                .endsWith(
                        "on this machine: netty-transport-native-epoll is not on the class path, or not for this platform");
        assertThat(lines.get(2))
                .endsWith(
                        "on this machine: netty-transport-native-io_uring is not on the class path, or not for this platform");
        assertThat(lines).hasSize(3);
    }

    @Test
    void withoutAnyNativeClassNioStillWorks() throws Exception {
        assertThat(run(ALL, "AUTO", "NIO", "EPOLL"))
                .containsExactly(
                        "AUTO started",
                        "NIO started",
                        "EPOLL java.lang.IllegalStateException: transport=EPOLL is not available on this machine:"
                                + " netty-transport-native-epoll is not on the class path, or not for this platform");
    }

    private static List<String> run(Pattern without, String... kinds) throws Exception {
        String classPath = Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(path -> !without.matcher(new File(path).getName()).matches())
                .collect(Collectors.joining(File.pathSeparator));
        ChildJvm.Result run = ChildJvm.run(Stream.concat(
                        Stream.of(
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath,
                                Program.class.getName()),
                        Stream.of(kinds))
                .toList());
        assertThat(run.exit()).as(run.output()).isZero();
        return run.output().lines().toList();
    }

    /** What a user would write. */
    static final class Program {
        private Program() {}

        public static void main(String[] kinds) {
            for (String kind : kinds) {
                try (WebSocketPool pool = WebSocketPool.to("ws://127.0.0.1:1/")
                        .transport(TransportKind.valueOf(kind))
                        .start()) {
                    pool.close(Duration.ZERO);
                    System.out.println(kind + " started");
                } catch (IllegalStateException e) {
                    System.out.println(kind + " " + e);
                }
            }
        }
    }
}
