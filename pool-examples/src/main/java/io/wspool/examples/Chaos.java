package io.wspool.examples;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes the demo's server fail, on a schedule: each round has one of every kind. It strikes the connection that carries the
 * orders at that moment, because the others would not be missed. Its own thread.
 */
final class Chaos {
    private static final double KILL_AT = 0.15;
    private static final double FREEZE_AT = 0.30;
    private static final double FREEZE_FOR = 0.10;
    private static final double REFUSE_AT = 0.52;
    private static final double REFUSE_FOR = 0.06;
    private static final double RESTART_AT = 0.72;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Duration GONE = Duration.ofMillis(300);
    private static final double ROUND_SECONDS = 60;
    private static final double LIFETIMES_PER_ROUND = 3;

    private final MarketServer server;
    private final Diverts diverts;
    private final EventLog events;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread chaos = new Thread(task, "chaos");
        chaos.setDaemon(true);
        return chaos;
    });

    Chaos(MarketServer server, Diverts diverts, EventLog events) {
        this.server = server;
        this.diverts = diverts;
        this.events = events;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** How long a round is in a run of so many seconds: all of it, or about a minute. */
    static double roundSeconds(long seconds) {
        return seconds / (double) Math.max(1, Math.round(seconds / ROUND_SECONDS));
    }

    /** After how long a channel of the pool is due to be replaced: 20 s in a run of 60 s. */
    static Duration lifetime(long seconds) {
        return Duration.ofMillis((long) (roundSeconds(seconds) * 1000 / LIFETIMES_PER_ROUND));
    }

    /** Schedules all rounds. */
    void start(long seconds) {
        double round = roundSeconds(seconds);
        for (double begin = 0; begin < seconds - round / 2; begin += round) {
            at(begin + KILL_AT * round, this::kill);
            at(begin + FREEZE_AT * round, this::freeze);
            at(begin + (FREEZE_AT + FREEZE_FOR) * round, this::thaw);
            at(begin + REFUSE_AT * round, this::refuse);
            at(begin + (REFUSE_AT + REFUSE_FOR) * round, this::admit);
            at(begin + RESTART_AT * round, this::restart);
        }
    }

    /** Ends the schedule, and mends what is still broken, so that the pool can end in good order. */
    void stop() throws InterruptedException {
        thread.shutdownNow();
        thread.awaitTermination(5, TimeUnit.SECONDS);
        server.admit();
        server.thaw();
    }

    private void kill() {
        strikeBusiest("killed without Close", MarketConnection::kill);
    }

    private void freeze() {
        strikeBusiest("frozen: no reading, no answering", MarketConnection::freeze);
    }

    private void thaw() {
        server.thaw();
        events.add("chaos: the freeze is over");
    }

    private void refuse() {
        server.refuse(RETRY_AFTER);
        strikeBusiest(
                "killed, and upgrades refused with 503, Retry-After " + RETRY_AFTER.toSeconds() + " s",
                MarketConnection::kill);
    }

    private void admit() {
        server.admit();
        events.add("chaos: upgrades are admitted again");
    }

    private void restart() {
        Set<Integer> all = server.connections();
        events.add("chaos: server restarts: Close 1001 on " + all.size() + " connections, then gone for "
                + GONE.toMillis() + " ms");
        diverts.strike("server restarted (1001)", all);
        try {
            server.restart(GONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the run is over
        }
    }

    private void strikeBusiest(String what, Blow blow) {
        MarketConnection victim = server.busiest();
        if (victim == null) {
            events.add("chaos: no connection is open to be " + what);
            return;
        }
        Set<Integer> struck = Set.of(victim.number());
        events.add("chaos: " + diverts.names(struck) + " " + what);
        diverts.strike(what, struck);
        blow.strike(victim);
    }

    private void at(double second, Runnable task) {
        thread.schedule(task, (long) (second * 1e9), TimeUnit.NANOSECONDS);
    }

    private interface Blow {
        void strike(MarketConnection victim);
    }
}
