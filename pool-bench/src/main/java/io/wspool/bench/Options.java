package io.wspool.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From the options of the command to the groups that run. What cannot be meant is refused with what could be. */
final class Options {
    /** Works that need nothing of a server but an echo. */
    private static final List<String> ECHO = List.of("pp", "tp", "open");

    private static final int MOST_PORT = 65_535;

    private Options() {}

    static List<Group> choose(Level level, boolean both, List<String> work, List<String> clients, @Nullable URI url) {
        if (both) {
            throw new IllegalArgumentException("--quick and --full exclude each other");
        }
        if (url != null) {
            check(url);
        }
        List<Group> everything = Plan.of(Level.FULL, List.of());
        for (String word : work) {
            if (!word.equals("dispatch") && everything.stream().noneMatch(g -> g.isMeantBy(word))) {
                throw new IllegalArgumentException("--work " + word + " is none of "
                        + everything.stream().map(Group::name).collect(Collectors.joining(", ")) + ", dispatch");
            }
        }
        TreeSet<String> known = new TreeSet<>();
        everything.forEach(g -> g.contenders().forEach(c -> known.add(c.client())));
        for (String client : clients) {
            if (!known.contains(client)) {
                throw new IllegalArgumentException("--clients " + client + " is none of " + String.join(", ", known));
            }
        }
        List<Group> asked = Plan.of(level, work).stream()
                .filter(group -> url == null || fits(group))
                .toList();
        if (url != null && asked.isEmpty()) {
            throw new IllegalArgumentException("nothing of what is asked for can be done with " + url);
        }
        for (String client : clients) {
            if (asked.stream().noneMatch(group -> takesPart(client, group))) {
                String names = asked.stream().map(Group::name).collect(Collectors.joining(", "));
                throw new IllegalArgumentException("--clients " + client + " takes part in nothing that is asked for: "
                        + (names.isEmpty() ? "dispatch" : names));
            }
        }
        List<Group> chosen = new ArrayList<>();
        for (Group group : asked) {
            List<Contender> contenders = group.contenders().stream()
                    .filter(c -> clients.isEmpty() || clients.contains(c.client()))
                    .toList();
            if (!contenders.isEmpty()) {
                Group.Load load = url != null && "wss".equals(url.getScheme())
                        ? group.load().secure()
                        : group.load();
                chosen.add(group.with(load, contenders));
            }
        }
        return chosen;
    }

    private static boolean takesPart(String client, Group group) {
        return group.contenders().stream().anyMatch(c -> c.client().equals(client));
    }

    /** The names in the values of an option, which may be given several times; none when it is not given. */
    static List<String> names(String option, @Nullable List<String> values) {
        List<String> names = new ArrayList<>();
        for (String value : values == null ? List.<String>of() : values) {
            for (String name : value.split(",", -1)) {
                if (name.isBlank()) {
                    throw new IllegalArgumentException(option + " '" + value
                            + "' must be names with a comma between two of them, and one is empty");
                }
                names.add(name.trim());
            }
        }
        return names;
    }

    /** A directory as it is named where the command was called. No name would be that place itself, and its files those of a run. */
    static Path under(Path called, Path named) {
        if (named.toString().isEmpty()) {
            throw new IllegalArgumentException("--out '' names no directory; the one that this is called in is .");
        }
        return called.resolve(named);
    }

    /** Where the files go. It need not be there yet, and is made before anything is measured. */
    static Path directory(Path out) {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new IllegalArgumentException("--out " + out + " is a file, and a directory is wanted");
        }
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new IllegalArgumentException("--out " + out + " cannot be made: " + reason(e), e);
        }
        if (!Files.isWritable(out)) {
            throw new IllegalArgumentException("--out " + out + " cannot be written to: permission denied");
        }
        return out.toAbsolutePath();
    }

    /** Most exceptions of files have a path for their message and tell the reason by their class. */
    private static String reason(IOException e) {
        if (!(e instanceof FileSystemException failed)) {
            return String.valueOf(e.getMessage());
        }
        String reason = failed.getReason();
        if (reason == null) {
            reason = failed instanceof AccessDeniedException ? "permission denied" : "no directory can be made there";
        }
        return failed.getFile() + ": " + reason;
    }

    /** Refuses what would be dialled in another way than it is written. */
    private static void check(URI url) {
        String scheme = url.getScheme();
        if ((!"ws".equals(scheme) && !"wss".equals(scheme)) || url.getHost() == null) {
            throw new IllegalArgumentException("--url " + url + " must be ws://host[:port][/path][?query] or wss://…");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("--url names a user before its host " + url.getHost()
                    + ", and no client here sends a user or a password");
        }
        if (url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "--url " + url + " has a fragment, #" + url.getRawFragment() + ", which is never sent to a server");
        }
        if (url.getPort() == 0 || url.getPort() > MOST_PORT) {
            throw new IllegalArgumentException(
                    "--url " + url + " has port " + url.getPort() + ", and a port is 1 to " + MOST_PORT);
        }
    }

    private static boolean fits(Group group) {
        return ECHO.contains(group.load().work()) && !group.load().tls();
    }
}
