package io.wspool.testkit;

import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.wspool.loop.Chance;
import io.wspool.loop.Environment;
import io.wspool.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A world of its own for a pool: its time, its chance, its names, its connections and the servers behind them, all on one
 * thread and all from one seed. The same seed tells the same story, byte for byte, as {@link #log} and
 * {@link #fingerprint} show.
 * <pre>{@code
 * World.run(7, world -> {
 *     ScriptedServer server = world.server("gateway", 80);
 *     server.link().delay(Duration.ofMillis(1));
 *     WebSocketPool pool = WebSocketPool.to("ws://gateway/").environment(world).start();
 *     assertThat(world.runUntil(() -> pool.state() == PoolState.FULL, Duration.ofSeconds(5))).isTrue();
 *     server.connection(0).blackHole();
 *     world.run(Duration.ofMinutes(2));
 * });
 * }</pre>
 * <p><b>Time</b> stands still while anything is left to do, then goes on to the next thing that is planned: a timer or tick
 * of a loop, an event of a link or server, the end of the step; never by more than {@link #LONGEST_STEP_NANOS} at once.
 * <b>Threads:</b> everything runs inside {@link #run(Duration)} and its kin, on the thread that made the world.
 */
public final class World implements Environment {
    /** So that nothing is jumped over that a loop forgot to plan. */
    public static final long LONGEST_STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** More rounds than this at one instant: somebody makes work for somebody for ever. */
    private static final int SPIN_LIMIT = 100_000;
    /** How many lines of the log a failure shows. */
    private static final int LINES_SHOWN = 30;

    private record Event(long at, long order, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final long seed;
    private final MockTicker ticker = Ticker.newMockTicker();
    private final Chance poolsChance;
    private final Chance ownChance;
    private final MemoryNetwork network = new MemoryNetwork(this);
    private final Names names = new Names(this);
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Loop> loops = new ArrayList<>();
    private final List<Runnable> watchers = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private long nextOrder;
    private long users;
    private long fingerprint;
    private boolean settling;

    /** A world at time 0 in which nothing has happened; better made by {@link #run(long, Consumer)}. */
    public World(long seed) {
        this.seed = seed;
        Chance root = Chance.seeded(seed);
        poolsChance = root.split();
        ownChance = root.split();
    }

    /**
     * Tells a story in a fresh world, on a thread of its own, and ends that world: loops that still run are shut down.
     *
     * @return the world, for its {@link #log} and {@link #fingerprint}
     * @throws AssertionError if the story fails, with the seed, the time and the last lines of the log
     */
    public static World run(long seed, Consumer<World> story) {
        World world = new World(seed);
        Throwable[] failure = new Throwable[1];
        Thread thread = new FastThreadLocalThread(
                () -> {
                    try {
                        story.accept(world);
                    } catch (Throwable t) {
                        failure[0] = t;
                    }
                    try {
                        world.end();
                    } catch (Throwable t) {
                        failure[0] = failure[0] == null ? t : failure[0];
                    }
                },
                "world-" + seed);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a world ran", e);
        }
        if (failure[0] != null) {
            throw world.failed(failure[0]);
        }
        return world;
    }

    // ---- the story's tools

    /** A new server that listens; its name resolves at once. */
    public ScriptedServer server(String host, int port) {
        return network.listen(host, port);
    }

    /** What is known of host names, and how slowly. */
    public Names names() {
        return names;
    }

    /** The connections, seen from the clients' machine. */
    public MemoryNetwork network() {
        return network;
    }

    /** Virtual time since the beginning. */
    public long nowNanos() {
        return ticker.nanoTime();
    }

    /** Lets {@code virtual} pass. */
    public void run(Duration virtual) {
        advanceTo(nowNanos() + virtual.toNanos(), () -> false);
    }

    /** Lets {@code nanos} pass. */
    public void step(long nanos) {
        advanceTo(nowNanos() + nanos, () -> false);
    }

    /**
     * Lets time pass until {@code condition} holds, which is looked at after each instant in which anything happened.
     *
     * @return false if it did not within {@code limit}
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        return advanceTo(nowNanos() + limit.toNanos(), condition);
    }

    /** Lets {@code virtual} pass while no loop is served: a collection, a stopped process. Servers and links go on. */
    public void pause(Duration virtual) {
        log("world", "loops pause for " + virtual.toMillis() + " ms");
        holdUp(virtual);
        settle();
    }

    /** Lets {@code virtual} pass inside a callback of a pool. Servers and links go on, loops are not served. */
    public void holdUp(Duration virtual) {
        long end = nowNanos() + virtual.toNanos();
        while (!events.isEmpty() && events.peek().at <= end) {
            advanceClockTo(Math.max(nowNanos(), events.peek().at));
            runDueEvents();
        }
        advanceClockTo(end);
    }

    /** Does {@code task} after {@code delay}, between the turns of loops, as a user's thread would. */
    public void after(Duration delay, Runnable task) {
        at(nowNanos() + delay.toNanos(), task);
    }

    /** Does {@code task} next, inside a turn of one of the loops, as a callback of a pool would. */
    public void onLoop(Runnable task) {
        loops.get((int) between(0, loops.size() - 1)).execute(task);
    }

    /** Does {@code task} at a moment of virtual time; what is past is done next. */
    public void at(long nanos, Runnable task) {
        events.add(new Event(nanos, nextOrder++, task));
    }

    /** Looks at the world after each instant in which something may have happened; throws what is wrong. */
    public void everyStep(Runnable watcher) {
        watchers.add(watcher);
    }

    /** From {@code least} to {@code most}, both included, drawn from the seed. */
    public long between(long least, long most) {
        return least >= most ? least : least + (long) (ownChance.nextDouble() * (most - least + 1));
    }

    // ---- what was seen

    /** Writes a line, with the time, into the log. For rare things: no line per message. */
    public void log(String who, String what) {
        long micros = nowNanos() / 1000;
        String fraction = Long.toString(1_000_000 + micros % 1_000_000).substring(1);
        log.add(micros / 1_000_000 + "." + fraction + " " + who + ": " + what);
    }

    /** What happened, in order, each line with its virtual time in seconds. */
    public List<String> log() {
        return Collections.unmodifiableList(log);
    }

    /** Stands for every byte that arrived anywhere, and when. */
    public long fingerprint() {
        return fingerprint;
    }

    long newUser() {
        return ++users;
    }

    void mix(long value) {
        fingerprint = Long.rotateLeft(fingerprint, 5) ^ value * 0x9E3779B97F4A7C15L ^ nowNanos();
    }

    // ---- Environment

    @Override
    public MockTicker ticker() {
        return ticker;
    }

    /** The world begins in 1970. */
    @Override
    public long epochMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nowNanos());
    }

    @Override
    public Chance chance() {
        return poolsChance;
    }

    @Override
    public MemoryNetwork transport() {
        return network;
    }

    @Override
    public Names resolver() {
        return names;
    }

    @Override
    public Executor background() {
        return task -> at(nowNanos(), task);
    }

    @Override
    public Executor logWriter() {
        return Runnable::run;
    }

    @Override
    public void drive(Loop loop) {
        loop.claim();
        loops.add(loop);
    }

    /** Only notes that a pool has ended: the world goes on for others. */
    @Override
    public void close() {
        log("world", "a pool has left");
    }

    // ---- the engine

    private boolean advanceTo(long end, BooleanSupplier condition) {
        settle();
        while (!condition.getAsBoolean()) {
            long now = nowNanos();
            if (now >= end) {
                return false;
            }
            advanceClockTo(Math.min(end, now + nanosToNext()));
            settle();
        }
        return true;
    }

    private long nanosToNext() {
        long next = LONGEST_STEP_NANOS;
        if (!events.isEmpty()) {
            next = Math.min(next, events.peek().at - nowNanos());
        }
        for (Loop loop : loops) {
            next = Math.min(next, loop.nanosToNextEvent());
        }
        return Math.max(1, next);
    }

    private void advanceClockTo(long nanos) {
        ticker.advance(nanos - nowNanos(), TimeUnit.NANOSECONDS);
    }

    /** Time stands still until events, loops and what they give each other have come to rest. */
    private void settle() {
        if (settling) {
            throw new IllegalStateException("the story's tools that let time pass were called from inside the world");
        }
        settling = true;
        try {
            // Twice quiet: the end of a quiet turn may still have given work to a loop that had its turn before.
            for (int rounds = 0, quiet = 0; quiet < 2; rounds++) {
                int work = runDueEvents() + turnLoops();
                quiet = work == 0 ? quiet + 1 : 0;
                if (rounds > SPIN_LIMIT) {
                    throw new AssertionError("no rest after " + rounds + " rounds at " + nowNanos() + " ns");
                }
            }
        } finally {
            settling = false;
        }
        for (Runnable watcher : watchers) {
            watcher.run();
        }
    }

    private int runDueEvents() {
        int done = 0;
        while (!events.isEmpty() && events.peek().at <= nowNanos()) {
            events.poll().task.run();
            done++;
        }
        return done;
    }

    private int turnLoops() {
        shuffle(loops);
        int work = 0;
        for (Loop loop : loops.toArray(Loop[]::new)) {
            if (between(0, 1) == 0) {
                work += loop.turn(
                        0); // as a polling loop: sockets that were of use are read before the selector is asked
            }
            work += loop.turn(1); // as a sleeping loop: always through the selector, whose passes nobody here waits in
            if (loop.isTerminated()) {
                loops.remove(loop);
            }
        }
        return work;
    }

    private void shuffle(List<Loop> list) {
        for (int last = list.size() - 1; last > 0; last--) {
            Collections.swap(list, last, (int) between(0, last));
        }
    }

    private void end() {
        watchers.clear();
        loops.forEach(Loop::shutdown);
        advanceTo(nowNanos() + LONGEST_STEP_NANOS, loops::isEmpty);
        if (!loops.isEmpty()) {
            throw new AssertionError(
                    "loops that do not end: " + loops.stream().map(Loop::name).toList());
        }
    }

    private AssertionError failed(Throwable cause) {
        List<String> last = log.subList(Math.max(0, log.size() - LINES_SHOWN), log.size());
        return new AssertionError(
                "seed " + seed + " at " + nowNanos() / 1e9 + " s: " + cause.getMessage() + "\n"
                        + String.join("\n", last),
                cause);
    }
}
