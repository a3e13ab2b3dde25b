package io.wspool.bench;

import java.net.URI;
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
        List<Group> chosen = new ArrayList<>();
        for (Group group : Plan.of(level, work)) {
            List<Contender> contenders = group.contenders().stream()
                    .filter(c -> clients.isEmpty() || clients.contains(c.client()))
                    .toList();
            if (!contenders.isEmpty() && (url == null || fits(group))) {
                Group.Load load = url != null && "wss".equals(url.getScheme())
                        ? group.load().secure()
                        : group.load();
                chosen.add(group.with(load, contenders));
            }
        }
        if (url != null && chosen.isEmpty()) {
            throw new IllegalArgumentException("nothing of what is asked for can be done with " + url);
        }
        return chosen;
    }

    /** Where the files go; it need not be there yet. */
    static Path directory(Path out) {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new IllegalArgumentException("--out " + out + " is a file, and a directory is wanted");
        }
        return out.toAbsolutePath();
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
