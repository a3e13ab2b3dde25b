package io.wspool;

import io.wspool.api.CloseCause;
import io.wspool.api.CloseResult;
import io.wspool.api.LoopMode;
import io.wspool.api.PoolSettings;
import io.wspool.loop.Environment;
import io.wspool.loop.Loop;
import io.wspool.measure.Totals;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The end of a pool: places drain, loops end one after the other, the home loop last, then threads and memory are gone. Any thread may
 * start it; a loop of the pool starts it and goes on, everybody else waits.
 */
final class Closer {
    private static final long POLL_NANOS = 10_000_000;

    /** What an owner who polls may be late by, beyond drain and closing handshake. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** The same of a thread of the pool, which only a callback that does not return can keep for so long. */
    private static final Duration LOOP_GRACE = Duration.ofSeconds(2);

    /** What a log that keeps its writer waiting may add. */
    private static final Duration MOST_LOG_WAIT = Duration.ofSeconds(2);

    private static final Duration LONGEST = Duration.ofDays(365);

    private final PoolSettings settings;
    private final Loop[] loops;
    private final Supervisor supervisor;
    private final Environment environment;
    private final Totals totals;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<CloseResult> closed = new CompletableFuture<>();
    private final CountDownLatch logged = new CountDownLatch(1);
    private volatile long startedAt;
    private int endedLoops;
    private Runnable lastWords = () -> {};

    Closer(PoolSettings settings, Loop[] loops, Supervisor supervisor, Environment environment, Totals totals) {
        this.settings = settings;
        this.loops = loops;
        this.supervisor = supervisor;
        this.environment = environment;
        this.totals = totals;
        loops[0].whenTerminated(this::homeEnded);
        for (int i = 1; i < loops.length; i++) {
            loops[i].whenTerminated(() -> loops[0].execute(this::loopEnded));
        }
    }

    /** Runs {@code say} when the home loop has ended, before threads end. Before loops are driven. */
    void lastWords(Runnable say) {
        lastWords = say;
    }

    CompletableFuture<CloseResult> closed() {
        return closed;
    }

    /** A turn of a caller-polled pool. Its owner only. */
    int poll(long maxWaitNanos) {
        Loop home = loops[0];
        if (home.isAbandoned() && !home.isTerminated()) {
            return endAbandoned(home);
        }
        return home.turn(maxWaitNanos);
    }

    /** The owner has come at last: what the shut sockets have left open is told, and the loop ends. */
    private int endAbandoned(Loop home) {
        home.execute(() -> {
            supervisor.cutAll(CloseCause.abnormal(
                    CloseCause.Kind.OWNER_ABSENT, "the pool was closed while its owner did not poll", null));
            home.awaitCloses();
        });
        int work = 0;
        while (!home.isTerminated()) {
            work += home.turn(0);
        }
        return work;
    }

    CloseResult close(Duration drain, boolean onLoop) {
        CloseResult result = end(drain, onLoop);
        if (result.end() == CloseResult.End.COMPLETE) {
            awaitLog();
        }
        return result;
    }

    /** A program may end right behind its pool: the last lines are written by then, if the log takes them. */
    private void awaitLog() {
        try {
            boolean unused = logged.await(MOST_LOG_WAIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CloseResult end(Duration drain, boolean onLoop) {
        if (started.compareAndSet(false, true)) {
            startedAt = loops[0].nanoTime();
            supervisor.beginClosing();
        }
        long drainNanos = drain.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : drain.toNanos();
        loops[0].execute(
                () -> supervisor.close(drainNanos, this::noConnectionLeft)); // called again it can only shorten
        if (onLoop) {
            return result(CloseResult.End.STARTED, null);
        }
        Loop home = loops[0];
        Duration handshake = settings.close().handshake();
        Duration limit = Duration.ofNanos(drainNanos).plus(handshake.compareTo(LONGEST) > 0 ? LONGEST : handshake);
        if (settings.mode() != LoopMode.CALLER_POLLED) {
            return await(limit.plus(LOOP_GRACE), () -> result(CloseResult.End.STARTED, busyThreads()));
        }
        home.claim(); // a pool that nobody has polled is closed by whoever closes it
        if (!home.isOwner()) {
            return await(limit.plus(GRACE), () -> withoutOwner(home));
        }
        boolean interrupted = Thread.currentThread().isInterrupted();
        while (!closed.isDone()) {
            poll(POLL_NANOS);
        }
        if (interrupted) {
            Thread.currentThread().interrupt(); // Netty's loop over NIO clears it
        }
        return closed.join();
    }

    /** The owner has not polled for the whole time: the sockets are shut behind its back. */
    private CloseResult withoutOwner(Loop home) {
        home.abandon();
        environment.transport().shutFromOutside();
        return result(CloseResult.End.OWNER_ABSENT, busyThreads());
    }

    private String busyThreads() {
        return Stream.of(loops)
                .filter(loop -> !loop.isTerminated())
                .map(Loop::owner)
                .filter(Objects::nonNull)
                .map(Thread::getName)
                .collect(Collectors.joining(", "));
    }

    private CloseResult await(Duration limit, Supplier<CloseResult> late) {
        try {
            return closed.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return closed.isDone() ? closed.join() : late.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return result(CloseResult.End.STARTED, null);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
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
                loop.atEndOfTurn(loop::shutdown);
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
        loop.queue().close(message -> Objects.requireNonNull(message.target).receive(message));
    }

    private void homeEnded() {
        try {
            lastWords.run();
            environment.logWriter().execute(logged::countDown);
        } catch (RejectedExecutionException e) {
            logged.countDown(); // it does not keep up, and is not waited for
        }
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
