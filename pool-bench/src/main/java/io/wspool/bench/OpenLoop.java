package io.wspool.bench;

import io.wspool.bench.LineProcess.Broken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Open loops at 10, 50 and 80 % of what each contender can carry. The capacity is its rate in the throughput work on one channel
 * against the same server: from this run if that group ran, else measured here in a few rounds.
 */
final class OpenLoop {
    static final int[] LOADS = {10, 50, 80};

    /** The group in which capacities are measured. */
    static final String CAPACITY = "open-capacity";

    private final Rounds rounds;

    OpenLoop(Rounds rounds) {
        this.rounds = rounds;
    }

    /** All series, one per load and contender. {@code before} are those of earlier groups. */
    List<Series> run(Group group, List<Series> before) {
        Map<Contender, Double> capacity = capacities(group, before);
        List<Series> starters = Rounds.series(group);
        List<Series> all = new ArrayList<>();
        rounds.run(group, starters, (clients, server) -> {
            for (int load : LOADS) {
                all.addAll(level(load, capacity, starters, clients));
            }
        });
        if (all.isEmpty()) {
            return starters;
        }
        return all;
    }

    /** The parts of the report that a group fills: of an open loop one for each load, of any other its own. */
    static List<String> sections(Group group) {
        return group.load().work().equals("open")
                ? Arrays.stream(LOADS).mapToObj(load -> section(group, load)).toList()
                : List.of(group.name());
    }

    private static String section(Group group, int load) {
        return group.name() + "-" + load;
    }

    private Map<Contender, Double> capacities(Group group, List<Series> before) {
        Map<Contender, Double> capacity = new HashMap<>();
        for (Series series : before) {
            if (series.group.load().work().equals("tp")
                    && series.group.load().channels() == 1
                    && series.group.spinServer() == group.spinServer()
                    && !series.absent()) {
                capacity.put(series.contender, series.median(Sample::perSecond));
            }
        }
        List<Contender> unknown = group.contenders().stream()
                .filter(c -> !capacity.containsKey(c))
                .toList();
        if (!unknown.isEmpty()) {
            Group.Load load = Group.Load.of("tp", group.load().bytes()).window(256);
            Group.Effort effort = group.effort().rounds(3);
            Group calibration = new Group(CAPACITY, "", load, group.spinServer(), effort, unknown);
            for (Series series : rounds.run(calibration)) {
                capacity.put(series.contender, series.absent() ? 0 : series.median(Sample::perSecond));
            }
        }
        return capacity;
    }

    private List<Series> level(
            int load, Map<Contender, Double> capacity, List<Series> starters, Map<Series, ClientProcess> started) {
        Map<Series, ClientProcess> clients = new LinkedHashMap<>();
        List<Series> all = new ArrayList<>();
        for (Series starter : starters) {
            Group group = starter.group;
            Series series = new Series(section(group, load), group, starter.contender);
            all.add(series);
            ClientProcess client = started.get(starter);
            if (client == null) {
                series.trouble = starter.trouble;
                continue;
            }
            series.version = starter.version;
            series.note = starter.note;
            series.server = starter.server;
            series.loadPercent = load;
            series.rate = capacity.getOrDefault(starter.contender, 0.0) * load / 100;
            if (series.rate <= 0) {
                series.trouble = "its capacity is not known";
                continue;
            }
            try {
                client.rate(series.rate);
                // not counted: it was warmed up at another rate, or the one before
                client.round(2 * starter.group.effort().millis());
                clients.put(series, client);
            } catch (Broken e) {
                rounds.out(series, client, e, clients);
            }
        }
        rounds.interleave(starters.get(0).group.effort(), clients);
        return all;
    }
}
