package io.wspool.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the files of a run are named. */
final class OwnFiles {
    static final String RESULTS = "results.json";
    static final String PAGE = "report.html";
    static final String LOGS = "log";

    private OwnFiles() {}

    static String distribution(String section, Contender contender) {
        return section + "-" + plain(contender.toString()) + ".hgrm";
    }

    static String rounds(String section) {
        return section + ".hlog";
    }

    /** What a process of a group says on standard error. */
    static String errors(String group, String who) {
        return group + "-" + plain(who) + ".err";
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9.-]", "-");
    }

    /**
     * Removes what an earlier run wrote: beside the files of another one it would pass for its own. What no run of any group would write
     * is somebody else's, and stays.
     */
    static void removeFrom(Path directory) throws IOException {
        for (String name : all()) {
            Path file = directory.resolve(name);
            if (Files.isRegularFile(file)) {
                Files.delete(file);
            }
        }
    }

    private static List<String> all() {
        List<String> names = new ArrayList<>(List.of(RESULTS, PAGE));
        for (Group group : Plan.of(Level.FULL, List.of())) {
            List<String> processes = new ArrayList<>(List.of("server"));
            group.contenders().forEach(contender -> processes.add(contender.toString()));
            for (String section : OpenLoop.sections(group)) {
                names.add(rounds(section));
                group.contenders().forEach(contender -> names.add(distribution(section, contender)));
            }
            for (String started : List.of(group.name(), OpenLoop.CAPACITY)) {
                processes.forEach(process -> names.add(LOGS + "/" + errors(started, process)));
            }
        }
        return names;
    }
}
