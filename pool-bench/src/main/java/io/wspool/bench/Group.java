package io.wspool.bench;

import java.time.Duration;
import java.util.List;

/**
 * Contenders that are compared: all are connected to one server and warm, and take their rounds one after another.
 *
 * @param name short, in lower case: names the files of the group and is what {@code --work} chooses by
 * @param title for readers
 * @param load what each contender does
 * @param spinServer whether the server spins, on one processor, with the clients on another
 * @param effort how long
 * @param contenders who, the floor first
 */
record Group(String name, String title, Load load, boolean spinServer, Effort effort, List<Contender> contenders) {
    private static final Duration WARM_UP_GRACE = Duration.ofSeconds(90);

    /**
     * What a client is asked to do.
     *
     * @param work a word of the clients: {@code pp}, {@code tp}, {@code open}, {@code fanin}, {@code senders}, …
     * @param bytes payload of a message
     * @param window messages outstanding per connection
     * @param channels connections
     * @param threads sender threads
     * @param tls whether over wss
     */
    record Load(String work, int bytes, int window, int channels, int threads, boolean tls) {
        static Load of(String work, int bytes) {
            return new Load(work, bytes, 1, 1, 1, false);
        }

        Load window(int window) {
            return new Load(work, bytes, window, channels, threads, tls);
        }

        Load channels(int channels) {
            return new Load(work, bytes, window, channels, threads, tls);
        }

        Load threads(int threads) {
            return new Load(work, bytes, window, channels, threads, tls);
        }

        Load secure() {
            return new Load(work, bytes, window, channels, threads, true);
        }
    }

    /**
     * How long.
     *
     * @param rounds of each contender
     * @param millis of one round
     * @param warmupMillis of a JVM; a native client takes at most 300
     * @param settleMillis more of a JVM at most, while its JIT compiles
     * @param launches among so many starts of all processes the rounds are shared out
     */
    record Effort(int rounds, int millis, int warmupMillis, int settleMillis, int launches) {
        /** All rounds with one start. */
        Effort(int rounds, int millis, int warmupMillis, int settleMillis) {
            this(rounds, millis, warmupMillis, settleMillis, 1);
        }

        Effort rounds(int others) {
            return new Effort(others, millis, warmupMillis, settleMillis);
        }

        Effort settle(int otherMillis) {
            return new Effort(rounds, millis, warmupMillis, otherMillis, launches);
        }

        Effort launches(int several) {
            return new Effort(rounds, millis, warmupMillis, settleMillis, several);
        }

        /** What the launch of that number does: they differ by a round at most. */
        Effort part(int launch) {
            return rounds(rounds * (launch + 1) / launches - rounds * launch / launches);
        }
    }

    Group with(Load otherLoad, List<Contender> others) {
        return new Group(name, title, otherLoad, spinServer, effort, List.copyOf(others));
    }

    /** Whether {@code word} of {@code --work} means this group: its name, the beginning of its name, or its work. */
    boolean isMeantBy(String word) {
        return name.startsWith(word) || load.work().equals(word);
    }

    /**
     * How much more than other groups a round may take beyond its length. A round of {@code warmup} starts a JVM, which connects and
     * rehearses, each for at most ten seconds, and then waits a minute for its answers before it gives up by itself.
     */
    Duration moreGrace() {
        return load.work().equals("warmup") ? WARM_UP_GRACE : Duration.ZERO;
    }

    /** About how long it takes. A JVM needs half a second to start. */
    double estimateSeconds() {
        double seconds = 1;
        int rounds = effort.rounds() * (load.work().equals("open") ? OpenLoop.LOADS.length : 1);
        if (load.work().equals("notice")) {
            return seconds + contenders.size() + effort.millis() / 1000.0;
        }
        if (load.work().equals("idle")) {
            return seconds + contenders.size() * (effort.millis() + load.channels()) / 1000.0 / 2;
        }
        for (Contender contender : contenders) {
            int warmup = contender.isNative()
                    ? Math.min(300, effort.warmupMillis())
                    : effort.warmupMillis() + effort.settleMillis() / 2 + 600;
            seconds += (effort.launches() * warmup + rounds * (effort.millis() + 2.0)) / 1000;
        }
        return seconds;
    }
}
