package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.testkit.ChildJvm;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The packed demo behind a Netty 4.1, as it is where another program's jars come first. */
class DemoOldNettyIT {
    @Test
    void oneSentenceAtStartNamesBothVersions() throws Exception {
        String classPath =
                Path.of("target", "netty41", "*") + File.pathSeparator + System.getProperty("wspool.demoJar");
        ChildJvm.Result run = ChildJvm.run(List.of("-cp", classPath, Demo.class.getName(), "--seconds=1"));
        assertThat(run.output().lines().filter(line -> line.contains(" Netty ")))
                .as(run.output())
                .singleElement()
                .asString()
                .contains("wspool needs Netty 4.2.15 or later, but the class path has Netty 4.1.");
        assertThat(run.output()).doesNotContain("NoClassDefFoundError", "NoSuchMethodError", "Caused by");
        assertThat(run.exit()).isOne();
    }
}
