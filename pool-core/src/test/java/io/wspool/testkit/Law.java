package io.wspool.testkit;

import io.wspool.api.Account;
import io.wspool.api.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The law of messages, judged by the caller's account and the servers' ledgers, never by the pool's own counters alone:
 * <ul>
 *   <li>an accepted message has one outcome at the end, a refused one none;
 *   <li>CONFIRMED was read before a ping whose pong had been written;
 *   <li>NOT_SENT is never read, before or after;
 *   <li>what is read was sent, and is read once;
 *   <li>the pool's account adds up and agrees with the caller's.
 * </ul>
 * Each event is judged when it happens, and what was wrong is thrown at the end of the world's step,
 * because a listener's exceptions would be the pool's to swallow.
 */
public final class Law {
    /** A pool's snapshot costs as much as many steps. */
    private static final int STEPS_PER_ACCOUNT = 64;

    private final World world;
    private final Traffic traffic;
    private final List<ScriptedServer> servers;
    private final List<String> broken = new ArrayList<>();
    private @Nullable Supplier<Account> account;
    private long steps;

    /** Watches these from now on. A server must belong to one law only, and read binary messages of this traffic only. */
    public Law(World world, Traffic traffic, ScriptedServer... servers) {
        this.world = world;
        this.traffic = traffic;
        this.servers = List.of(servers);
        traffic.watch(new Traffic.Watcher() {
            @Override
            public void outcome(long id, Outcome outcome, Outcome.Reason reason) {
                judge(id, outcome, reason);
            }

            @Override
            public void wrong(String what) {
                broken(what);
            }
        });
        for (ScriptedServer server : servers) {
            server.ledger().onRead(this::judge);
        }
        world.everyStep(this::glance);
    }

    /** Checks the pool's account too, now and then and whenever asked. The traffic must be the pool's only sends. */
    public Law account(Supplier<Account> poolAccount) {
        account = poolAccount;
        return this;
    }

    private void glance() {
        if (++steps % STEPS_PER_ACCOUNT == 0) {
            check();
        } else {
            throwBroken();
        }
    }

    /** Throws what has been broken so far. */
    public void check() {
        if (account != null) {
            judge(account.get());
        }
        throwBroken();
    }

    private void throwBroken() {
        if (!broken.isEmpty()) {
            throw new AssertionError("the law is broken:\n" + String.join("\n", broken) + "\n" + traffic);
        }
    }

    /** Throws what has been broken, and if any accepted message has no outcome: for the end of a story. */
    public void checkSettled() {
        if (traffic.open() != 0) {
            broken(traffic.open() + " messages have no outcome");
        }
        for (ScriptedServer server : servers) {
            server.violations().forEach(this::broken);
        }
        check();
    }

    private void judge(long id, Outcome outcome, Outcome.Reason reason) {
        Ledger.Entry entry = find(id);
        switch (outcome) {
            case CONFIRMED -> {
                if (entry == null) {
                    broken(id + " is CONFIRMED and was not read");
                } else if (entry.position() > entry.connection().confirmable()) {
                    broken(id + " is CONFIRMED and no pong says so: it was message " + entry.position() + " of "
                            + entry.connection().name() + ", and pongs say "
                            + entry.connection().confirmable());
                }
            }
            case NOT_SENT -> {
                if (entry != null) {
                    broken(id + " is NOT_SENT(" + reason + ") and was read at " + entry.atNanos() + " ns");
                }
            }
            case UNKNOWN -> {}
        }
    }

    private void judge(Ledger.Entry entry) {
        if (!traffic.mayBeRead(entry.id())) {
            broken(entry.id() + " was read and "
                    + (traffic.isMine(entry.id()) ? "is NOT_SENT or refused" : "never sent"));
        }
        Ledger.Entry first = find(entry.id());
        if (!entry.equals(first)) {
            broken(entry.id() + " was read twice: first on "
                    + first.connection().name() + ", then on "
                    + entry.connection().name());
        }
    }

    private Ledger.@Nullable Entry find(long id) {
        for (ScriptedServer server : servers) {
            Ledger.Entry entry = server.ledger().find(id);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    private void judge(Account pool) {
        boolean adds = pool.movedIn() == pool.movedOut() && pool.queued() >= 0 && pool.inflight() >= 0;
        boolean agrees = pool.accepted() == traffic.accepted()
                && pool.confirmed() == traffic.count(Outcome.CONFIRMED)
                && pool.unknown() == traffic.count(Outcome.UNKNOWN)
                && pool.notSent() == traffic.count(Outcome.NOT_SENT);
        if (!adds || !agrees) {
            broken(pool + (adds ? "" : " does not add up") + (agrees ? "" : " is not what the caller saw"));
        }
    }

    private void broken(String what) {
        broken.add(world.nowNanos() / 1e9 + " s: " + what);
    }
}
