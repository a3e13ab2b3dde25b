package io.wspool;

import io.wspool.api.CloseResult;
import io.wspool.api.LoopMode;
import io.wspool.api.PoolSettings;
import io.wspool.loop.Environment;
import io.wspool.loop.Loop;
import io.wspool.measure.Totals;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The end of a pool: places drain, loops end one after the other, the home loop last, then threads and memory are gone. Any thread may
 * start it; a loop of the pool starts it and goes on, everybody else waits.
 */
final class Closer {
    private static final long POLL_NANOS = 10_000_000;

    private final PoolSettings settings;
    private final Loop[] loops;
    private final Supervisor supervisor;
    private final Environment environment;
    private final Totals totals;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<CloseResult> closed = new CompletableFuture<>();
    private volatile long startedAt;
    private int endedLoops;

    Closer(PoolSettings settings, Loop[] loops, Supervisor supervisor, Environment environment, Totals totals) {
        this.settings = settings;
        this.loops = loops;
        this.supervisor = supervisor;
        this.environment = environment;
        this.totals = totals;
        loops[0].whenTerminated(this::homeEnded);
    }

    CompletableFuture<CloseResult> closed() {
        return closed;
    }

    int poll(long maxWaitNanos) {
        return loops[0].turn(maxWaitNanos);
    }

    CloseResult close(Duration drain, boolean onLoop) {
        if (started.compareAndSet(false, true)) {
            startedAt = loops[0].nanoTime();
            long drainNanos = drain.toNanos();
            supervisor.closing(true);
            loops[0].execute(() -> supervisor.close(drainNanos, this::noConnectionLeft));
        }
        if (onLoop) {
            return result(CloseResult.End.COMPLETE, null);
        }
        Loop home = loops[0];
        if (settings.mode() != LoopMode.CALLER_POLLED) {
            return closed.join();
        }
        home.claim(); // a pool that nobody has polled is closed by whoever closes it
        while (home.isOwner() && !closed.isDone()) {
            home.turn(POLL_NANOS);
        }
        return closed.join();
    }

    /** On the home loop: the last descriptor is closed. */
    private void noConnectionLeft() {
        endedLoops = 1; // the home loop comes last
        if (loops.length == 1) {
            endHome();
        }
        for (int i = 1; i < loops.length; i++) {
            Loop loop = loops[i];
            loop.execute(() -> {
                closeQueue(loop);
                loop.atEndOfTurn(() -> {
                    loop.shutdown();
                    loops[0].execute(this::loopEnded);
                });
            });
        }
    }

    private void loopEnded() {
        if (++endedLoops == loops.length) {
            endHome();
        }
    }

    private void endHome() {
        Loop home = loops[0];
        closeQueue(home);
        home.atEndOfTurn(() -> {
            supervisor.closed();
            home.shutdown();
        });
    }

    /** From here on senders are told CLOSED; what was accepted before is handed to its channel, which ends it. */
    private static void closeQueue(Loop loop) {
        loop.queue()
                .close(message ->
                        java.util.Objects.requireNonNull(message.target).receive(message));
    }

    private void homeEnded() {
        environment.close();
        closed.complete(result(CloseResult.End.COMPLETE, null));
    }

    private CloseResult result(CloseResult.End end, @Nullable String owner) {
        return new CloseResult(
                end,
                Duration.ofNanos(loops[0].nanoTime() - startedAt),
                totals.account(),
                supervisor.lives().clean(),
                supervisor.lives().unclean(),
                owner);
    }
}
