package io.wspool.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a JVM of the report is started: the same JDK and class path as this one, a fixed heap, a collector without background threads. */
final class JavaProcess {
    private JavaProcess() {}

    static String executable() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static List<String> command(int heapMegabytes, String main) {
        return new ArrayList<>(List.of(
                executable(),
                "-Xms" + heapMegabytes + "m",
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseParallelGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    }
}
