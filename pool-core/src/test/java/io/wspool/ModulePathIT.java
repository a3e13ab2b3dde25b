package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.Account;
import io.wspool.modulepath.ModuleMain;
import io.wspool.testkit.ChildJvm;
import java.io.File;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packed jar as a module, as users with a module path have it; all other tests run on the class path. */
class ModulePathIT {
    /** What the module requires, and nothing of the tests': those would come in as automatic modules. */
    private static final Pattern REQUIRED = Pattern.compile(
            "(netty-(buffer|common|handler|codec|resolver|transport).*|jctools-.*|HdrHistogram-.*|slf4j-.*|jspecify-.*)"
                    + "\\.jar");

    @Test
    void thePackedJarIsAModuleThatEchoes() throws Exception {
        String modulePath = Stream.concat(Stream.of(System.getProperty("wspool.jar")), requiredJars())
                .collect(Collectors.joining(File.pathSeparator));
        try (EchoServer server = new EchoServer()) {
            ChildJvm.Result run = ChildJvm.run(List.of(
                    "--module-path",
                    modulePath,
                    "--add-modules",
                    "io.wspool,io.netty.codec.http",
                    "--enable-native-access=io.netty.common", // newer JDKs warn of Netty's native part otherwise
                    "-cp",
                    System.getProperty("wspool.testClasses"),
                    ModuleMain.class.getName(),
                    server.uri()));
            assertThat(run.output().lines())
                    .containsExactly(
                            "module io.wspool",
                            "ACCEPTED through a module",
                            new Account(1, 1, 1, 0, 0, 0, 0).toString());
            assertThat(run.exit()).isZero();
        }
    }

    private static Stream<String> requiredJars() {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(path -> REQUIRED.matcher(new File(path).getName()).matches());
    }
}
