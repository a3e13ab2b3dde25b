package io.wspool.bench;

import io.wspool.bench.LineProcess.Broken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Runs one group: a server, all contenders connected and warm, then rounds. In every round each contender has its turn, in an order
 * that is drawn anew, so that what the machine does in between meets all of them alike. A contender that fails is out, with the
 * reason; the others go on.
 */
final class Rounds {
    private final Tools tools;
    private final Path logs;
    private final Console console;
    private final Random random;
    private final Duration grace;
    private final Duration start;

    /**
     * @param grace how long a client may take for a round beyond the round
     * @param start how long it may take to connect, beyond its warm-up
     */
    Rounds(Tools tools, Path logs, Console console, long seed, Duration grace, Duration start) {
        this.tools = tools;
        this.logs = logs;
        this.console = console;
        this.random = new Random(seed);
        this.grace = grace;
        this.start = start;
    }

    /** What is done with the clients of a group once they are warm. */
    interface Course {
        /** Fills the series of the {@code clients} that are there. No server: it runs already, and is none of ours. */
        void run(Map<Series, ClientProcess> clients, @Nullable ServerProcess server) throws Broken;
    }

    /**
     * All series of the group, in its order, the absent ones too. Each launch starts all processes anew: where memory and threads come
     * to lie is drawn once in the life of a process, and would be taken for a difference between contenders.
     */
    List<Series> run(Group group) {
        List<Series> all = series(group);
        for (int launch = 0; launch < group.effort().launches(); launch++) {
            Group.Effort part = group.effort().part(launch);
            List<Series> going =
                    all.stream().filter(series -> series.trouble.isEmpty()).toList();
            if (!going.isEmpty()) {
                run(group, going, (clients, server) -> interleave(part, clients));
            }
        }
        return all;
    }

    static List<Series> series(Group group) {
        List<Series> all = new ArrayList<>();
        group.contenders().forEach(contender -> all.add(new Series(group.name(), group, contender)));
        return all;
    }

    /** Starts what belongs to {@code group}, lets {@code course} run, and ends all of it. */
    void run(Group group, List<Series> all, Course course) {
        Map<Series, ClientProcess> clients = new LinkedHashMap<>();
        Tools.Server place;
        try {
            place = tools.server(group);
        } catch (Broken e) {
            all.forEach(series -> series.trouble = "no server: " + e.reason());
            console.say("  no server: %s", e.reason());
            return;
        }
        try (ServerProcess server =
                place.command().isEmpty() ? null : new ServerProcess(place.command(), log(group, "server"))) {
            String host = server == null ? place.host() : "127.0.0.1";
            int port = server == null ? place.port() : server.port();
            for (Series series : all) {
                series.server = place.name();
                series.serverCommand = String.join(" ", place.command());
                start(series, place, host, port, clients);
            }
            course.run(clients, server);
        } catch (Broken e) {
            all.stream().filter(Series::absent).forEach(series -> series.trouble = e.reason());
            console.say("  broken off: %s", e.reason());
        } finally {
            clients.values().forEach(ClientProcess::close);
        }
    }

    private void start(Series series, Tools.Server place, String host, int port, Map<Series, ClientProcess> clients) {
        Group group = series.group;
        ClientProcess client = null;
        try {
            List<String> command = tools.client(group, series.contender, place, host, port);
            series.command = String.join(" ", command);
            client = new ClientProcess(command, log(group, series.contender.toString()), grace.plus(group.moreGrace()));
            client.awaitReady(
                    start.plusMillis(
                            group.effort().warmupMillis() + group.effort().settleMillis()),
                    series);
            clients.put(series, client);
            console.say("  %-26s ready: %s", series.contender, (series.version + " " + series.note).trim());
        } catch (Broken e) {
            series.trouble = e.reason();
            console.say("  %-26s absent: %s", series.contender, e.reason());
            if (client != null) {
                client.close();
            }
        }
    }

    private Path log(Group group, String who) {
        return logs.resolve(OwnFiles.errors(group.name(), who));
    }

    /** The rounds of everybody who is there. */
    void interleave(Group.Effort effort, Map<Series, ClientProcess> clients) {
        if (clients.isEmpty()) {
            return;
        }
        console.say(
                "  %s of %d ms, %s in turn",
                Html.count(effort.rounds(), "round"), effort.millis(), Html.count(clients.size(), "client"));
        for (int round = 0; round < effort.rounds(); round++) {
            List<Map.Entry<Series, ClientProcess>> order = new ArrayList<>(clients.entrySet());
            Collections.shuffle(order, random);
            for (Map.Entry<Series, ClientProcess> next : order) {
                take(next.getKey(), next.getValue(), effort.millis(), clients);
            }
        }
    }

    /** One round of one contender; when it fails, it is out. */
    private void take(Series series, ClientProcess client, int millis, Map<Series, ClientProcess> clients) {
        try {
            series.samples.add(client.round(millis));
        } catch (Broken e) {
            out(series, client, e, clients);
        }
    }

    /** Says at once who takes part no more: its line at the end of the group comes only if it had a round. */
    void out(Series series, ClientProcess client, Broken e, Map<Series, ClientProcess> clients) {
        series.trouble = e.reason();
        console.say("  %-26s out: %s", series.contender, e.reason());
        clients.remove(series);
        client.close();
    }
}
