package io.wspool.bench;

import io.wspool.bench.Group.Effort;
import io.wspool.bench.Group.Load;
import java.util.ArrayList;
import java.util.List;

/** What is run: groups of contenders, and how long each takes at {@code --quick}, by default, and at {@code --full}. */
final class Plan {
    /** Every library on the JVM beside ours and Netty itself. */
    static final List<String> PEERS = List.of("vertx", "jdk", "okhttp", "java-websocket", "jetty", "reactor-netty");

    /** For what matters less: where JITs are slow to rest, half of a whole run would be spent on it. */
    private static final int SETTLE_MILLIS = 4_000;

    private static final String SLEEPING = " wspool/sleeping netty/sleeping vertx/sleeping jdk/sleeping okhttp/sleeping"
            + " java-websocket/sleeping jetty/sleeping reactor-netty/sleeping";

    private static final String BLOCKING = "c/block" + SLEEPING + " beast/block";
    /** No other library has a thread that never sleeps. */
    private static final String SPINNING = "c/spin wspool/polled wspool/spinning netty/spin netty/spinning beast/spin";

    /** Longer than what an opening needs for a while: handshake timers, our time until a life counts as a success. */
    private static final int IDLE_MILLIS = 12_000;

    private final Level level;
    private final List<String> words;
    private final List<Group> groups = new ArrayList<>();

    private Plan(Level level, List<String> words) {
        this.level = level;
        this.words = words;
    }

    /**
     * The groups in the order in which they run, what matters most first.
     *
     * @param words those that are asked for, at any level; empty for all of the level
     */
    static List<Group> of(Level level, List<String> words) {
        Plan plan = new Plan(level, words);
        plan.roundTrips();
        plan.throughput();
        plan.ofOurs();
        plan.rest();
        return List.copyOf(plan.groups);
    }

    private void roundTrips() {
        String polled =
                "c/spin wspool/polled wspool/spinning wspool/polled+pool4 wspool/polled+nomask netty/spin netty/spinning beast/spin";
        String sleeping = "c/block wspool/waiting netty/waiting" + SLEEPING + " beast/block";
        Load small = Load.of("pp", 64);
        Load large = Load.of("pp", 1024);
        spinning(
                Level.QUICK,
                "rtt-polled-64",
                "64 B there and back, never sleeping",
                small,
                launched(rounds(6, 20, 40)),
                polled);
        blocking(
                Level.QUICK,
                "rtt-sleeping-64",
                "64 B there and back, sleeping",
                small,
                launched(rounds(4, 12, 24)),
                sleeping);
        spinning(
                Level.QUICK,
                "tp-polled",
                "Messages a second on one channel, never sleeping",
                Load.of("tp", 64).window(256),
                launched(rounds(4, 12, 20)),
                SPINNING);
        spinning(
                Level.MIDDLE,
                "rtt-polled-1k",
                "1 KiB there and back, never sleeping",
                large,
                rounds(6, 10, 12),
                polled);
        blocking(Level.MIDDLE, "rtt-sleeping-1k", "1 KiB there and back, sleeping", large, rounds(6, 8, 12), sleeping);
        spinning(
                Level.MIDDLE,
                "rtt-wss-64",
                "64 B there and back over TLS, never sleeping",
                small.secure(),
                launched(rounds(6, 16, 30)),
                "c/spin wspool/polled wspool/spinning netty/spin netty/spinning netty/spin+tlsonly beast/spin");
        blocking(
                Level.FULL,
                "rtt-wss-sleeping-64",
                "64 B there and back over TLS, sleeping",
                small.secure(),
                rounds(4, 6, 8),
                sleeping);
    }

    private void throughput() {
        blocking(
                Level.MIDDLE,
                "tp-sleeping",
                "Messages a second on one channel, sleeping",
                Load.of("tp", 64).window(256),
                rounds(6, 8, 12),
                BLOCKING);
        spinning(
                Level.MIDDLE,
                "tp-4-channels",
                "Messages a second on four channels, never sleeping",
                Load.of("tp", 64).window(64).channels(4),
                rounds(6, 8, 12),
                SPINNING);
        blocking(
                Level.FULL,
                "tp-4-sleeping",
                "Messages a second on four channels, sleeping",
                Load.of("tp", 64).window(64).channels(4),
                rounds(4, 6, 8),
                BLOCKING);
        spinning(
                Level.MIDDLE,
                "fanin",
                "A feed of 200 B messages, as fast as the socket takes them",
                Load.of("fanin", 200),
                rounds(6, 12, 20),
                SPINNING);
        blocking(
                Level.FULL,
                "fanin-sleeping",
                "A feed of 200 B messages, sleeping",
                Load.of("fanin", 200),
                rounds(4, 6, 8),
                BLOCKING);
    }

    private void ofOurs() {
        spinning(
                Level.MIDDLE,
                "warmup",
                "The first sends after warmUp()",
                Load.of("warmup", 64),
                rounds(3, 5, 9),
                "wspool/polled");
        Effort trials = new Effort(1, level == Level.FULL ? 20_000 : 5_000, 0, 0);
        blocking(
                Level.MIDDLE,
                "divert",
                "From a black hole to the first send on another channel",
                Load.of("divert", 64).channels(3),
                trials,
                "wspool/polled");
    }

    private void rest() {
        Load open = Load.of("open", 64);
        spinning(
                Level.FULL,
                "open-polled",
                "Open loop at a fixed rate, never sleeping",
                open,
                rounds(3, 5, 6),
                SPINNING);
        blocking(Level.FULL, "open-sleeping", "Open loop at a fixed rate, sleeping", open, rounds(3, 5, 6), BLOCKING);
        // any thread may send where a loop has a thread of its own
        String senders = BLOCKING + " wspool/spinning netty/spinning";
        Load shared = Load.of("senders", 64).window(64);
        blocking(
                Level.FULL,
                "senders-2",
                "Two threads that send on one channel",
                shared.threads(2),
                rounds(3, 6, 8),
                senders);
        blocking(
                Level.FULL,
                "senders-4",
                "Four threads that send on one channel",
                shared.threads(4),
                rounds(3, 6, 8),
                senders);
        blocking(
                Level.FULL,
                "idle",
                "10,000 channels that are mostly idle",
                Load.of("idle", 64).channels(10_000),
                new Effort(1, IDLE_MILLIS, 0, 0),
                BLOCKING + " netty/sleeping+heartbeat");
        blocking(
                Level.FULL,
                "notice",
                "A server that hangs: when it is noticed, at each one's defaults",
                Load.of("notice", 64),
                new Effort(1, level == Level.FULL ? 100_000 : 20_000, 0, 0),
                BLOCKING);
    }

    private Effort rounds(int quick, int middle, int full) {
        int rounds = level == Level.QUICK ? quick : level == Level.MIDDLE ? middle : full;
        int settleMillis = Math.min(level.settleMillis, SETTLE_MILLIS);
        return new Effort(rounds, level.roundMillis, level.warmupMillis, settleMillis);
    }

    /** For what matters most. */
    private Effort launched(Effort effort) {
        return effort.settle(level.settleMillis).launches(level == Level.FULL ? 3 : 1);
    }

    private void spinning(Level from, String name, String title, Load load, Effort effort, String contenders) {
        add(from, new Group(name, title, load, true, effort, contenders(contenders)));
    }

    private void blocking(Level from, String name, String title, Load load, Effort effort, String contenders) {
        add(from, new Group(name, title, load, false, effort, contenders(contenders)));
    }

    private void add(Level from, Group group) {
        if (words.isEmpty() ? level.compareTo(from) >= 0 : words.stream().anyMatch(group::isMeantBy)) {
            groups.add(group);
        }
    }

    private static List<Contender> contenders(String text) {
        List<Contender> all = new ArrayList<>();
        for (String contender : text.split(" ", -1)) {
            all.add(Contender.of(contender));
        }
        return List.copyOf(all);
    }
}
