package io.wspool.bench;

import io.wspool.bench.LineProcess.Broken;
import java.util.List;
import java.util.Map;

/**
 * A server that stops as a hung machine does: after how long does each client notice, as it is configured when nobody configures it?
 * The only work in which all clients run at once, since all they do is wait.
 */
final class Notice {
    private final Rounds rounds;

    Notice(Rounds rounds) {
        this.rounds = rounds;
    }

    List<Series> run(Group group) {
        List<Series> all = Rounds.series(group);
        rounds.run(group, all, (clients, server) -> {
            if (server == null) {
                throw new Broken("a server that runs elsewhere is not stopped");
            }
            server.freeze();
            try {
                for (Map.Entry<Series, ClientProcess> next : List.copyOf(clients.entrySet())) {
                    try {
                        next.getValue().beginRound(group.effort().millis());
                    } catch (Broken e) {
                        rounds.out(next.getKey(), next.getValue(), e, clients);
                    }
                }
                for (Map.Entry<Series, ClientProcess> next : List.copyOf(clients.entrySet())) {
                    try {
                        next.getKey()
                                .samples
                                .add(next.getValue().endRound(group.effort().millis()));
                    } catch (Broken e) {
                        rounds.out(next.getKey(), next.getValue(), e, clients);
                    }
                }
            } finally {
                server.thaw();
            }
        });
        return all;
    }
}
