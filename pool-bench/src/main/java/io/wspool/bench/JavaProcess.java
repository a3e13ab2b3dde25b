package io.wspool.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a JVM of the report is started: with the JDK and the class path of this one. */
final class JavaProcess {
    private JavaProcess() {}

    static String executable() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static List<String> command(List<String> options, String main) {
        List<String> command = new ArrayList<>(List.of(executable()));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        return command;
    }
}
