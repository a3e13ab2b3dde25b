package io.wspool.loop;

import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop: everything about a channel changes on its loop only. The same code runs whoever drives it: a thread of the
 * pool that sleeps, the caller's thread that polls, or a test that steps time.
 * <p>A <em>turn</em> is I/O, timers and tasks, then what other threads handed over, then the tick if it is due, then a write
 * per channel, then what goes upward (events, moves). Nothing goes upward in mid-call.
 * <p><b>Served time</b> is the ticker's time less local pauses: while the loop was not served (garbage collection, a stopped
 * process, a slow listener, a caller that did not poll), no peer's clock runs. Liveness is judged by it.
 */
public final class Loop {
    /** A tick that is this late was a pause; less is the ordinary lateness of timers. */
    public static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final int DRAIN_LIMIT = 4096;
    private static final int ROUNDS_LIMIT = 16;

    private final String name;
    private final DrivenEventLoop netty;
    private final boolean pollBySelect;
    private final Ticks ticks;
    private final LoopClock clock;
    private final Flushes flushes;
    private final LoopQueue queue;
    private final SendBuffers buffers;
    private final ReceiveBuffers receiveBuffers = new ReceiveBuffers();
    private final HotSockets hot = new HotSockets();
    private final Events atEnd;
    private final Events afterPass;
    private boolean pollGaps;

    private volatile @Nullable Thread owner;
    private volatile boolean terminated;
    private volatile boolean abandoned;
    private Runnable whenTerminated = () -> {};
    private @Nullable ThreadAdvice advice;
    private boolean inTurn;
    private boolean foundNothing;
    private boolean earlyWrite;
    private boolean awaitsCloses;
    private boolean corked;

    /**
     * Makes a loop that nobody drives yet.
     *
     * @param name the thread's name, for messages
     * @param transport what its sockets are
     * @param ticker the one clock
     * @param tickNanos how often members with something in flight are looked after
     * @param queueCapacity of the hand-off queue
     */
    public Loop(String name, Transport transport, Ticker ticker, long tickNanos, int queueCapacity) {
        this.name = name;
        this.ticks = new Ticks(name, ticker, tickNanos, this::atEndOfTurn);
        this.clock = new LoopClock(ticker, ticks);
        this.flushes = new Flushes(name);
        this.buffers = new SendBuffers(name, clock::now);
        this.atEnd = new Events(name);
        this.afterPass = new Events(name);
        this.pollBySelect = transport.pollBySelect();
        this.netty = new DrivenEventLoop(transport.ioHandlers(), ticker, this::nothingHandedOver);
        this.queue = new LoopQueue(queueCapacity, netty::wakeup);
    }

    /**
     * Tells {@code listener} the nanoseconds of pauses longer than {@code nanos}; with {@code pollGaps} also time between two turns while
     * nothing was in flight.
     */
    public void tellPauses(long nanos, boolean pollGaps, LongConsumer listener) {
        this.pollGaps = pollGaps;
        ticks.tellPauses(nanos, listener);
    }

    /** Looks at the thread that will own this loop. Before it is driven. */
    public void advice(ThreadAdvice given) {
        advice = given;
    }

    /** The thread's name. */
    public String name() {
        return name;
    }

    /** Netty's view of this loop, to register channels with. */
    public IoEventLoop netty() {
        return netty;
    }

    /** The hand-off from other threads. */
    public LoopQueue queue() {
        return queue;
    }

    /** Where frames are encoded. Loop only. */
    public SendBuffers buffers() {
        return buffers;
    }

    /** What its sockets are read into. Loop only. */
    public ReceiveBuffers receiveBuffers() {
        return receiveBuffers;
    }

    /** Sockets that are read before the selector is asked, while turns do not sleep. Loop only. */
    public HotSockets hot() {
        return hot;
    }

    /** Has the system back this loop's buffers with memory, in a turn of its own. Any thread. */
    public void warmUp() {
        execute(() -> {
            buffers.warmUp();
            receiveBuffers.warmUp();
        });
    }

    /** A hot socket has given bytes: what is done with them happens now. Loop only; reads the clock. */
    public void received() {
        clock.read();
    }

    /** The ticker's time. Any thread. */
    public long nanoTime() {
        return clock.now();
    }

    /**
     * Time during which this loop was served. Loop only; reads the clock. Whoever asks first after a pause finds it, so that
     * nobody takes an answer that waited here for a slow one: input is read, and timers fire, before the tick.
     */
    public long servedNanos() {
        return clock.served();
    }

    /** The ticker's time when this turn had done its I/O. Loop only; no clock is read. */
    public long turnNanos() {
        return clock.turn();
    }

    /**
     * A time of this turn, also while its I/O is being done: the first who asks then reads the clock, for all who ask later. Loop only,
     * inside a turn.
     */
    public long freshNanos() {
        return clock.fresh();
    }

    /** {@link #turnNanos} in served time. */
    public long servedTurnNanos() {
        return clock.servedTurn();
    }

    /** Served time of the last turn that has ended. Any thread; no clock is read. */
    public long publishedNanos() {
        return clock.published();
    }

    /** Whether the calling code runs inside a turn of this loop. */
    public boolean isCurrent() {
        return inTurn && Thread.currentThread() == owner;
    }

    /** Whether the calling thread is the one that drives this loop, inside a turn or not. */
    public boolean isOwner() {
        return Thread.currentThread() == owner;
    }

    /** The thread that drives this loop, or null while nobody does. */
    public @Nullable Thread owner() {
        return owner;
    }

    /** Makes the calling thread the owner, once and for ever; without effect where there is one. */
    public synchronized void claim() {
        if (owner == null) {
            netty.setOwningThread(Thread.currentThread());
            owner = Thread.currentThread();
            clock.read();
            if (advice != null) {
                advice.look();
            }
        }
    }

    /** Runs {@code task} in a turn; false if the loop has ended, and it never will. Any thread; allocates. */
    public boolean execute(Runnable task) {
        try {
            netty.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs {@code task} in a turn, after {@code delayNanos}. Loop only; allocates. */
    public ScheduledFuture<?> schedule(Runnable task, long delayNanos) {
        return netty.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }

    /** Runs {@code event} at the end of this turn, behind those that were asked for before. Loop only. */
    public void atEndOfTurn(Runnable event) {
        atEnd.add(event);
    }

    /** Runs {@code event} after one more pass of the selector, which comes at once: then closed descriptors are gone. Loop only. */
    public void afterNextPass(Runnable event) {
        afterPass.add(event);
    }

    /**
     * Asks for {@link LoopMember#flush} at the end of this turn, or earlier when more members ask than there are send buffers kept. Loop
     * only; at most once until it is flushed.
     */
    public void flushAtEndOfTurn(LoopMember member) {
        flushes.add(member);
    }

    /**
     * Asks for ticks until {@link LoopMember#tick} says no, the first within {@code calmNanos}, or within the usual interval if that is longer.
     * Loop only; the member asks once.
     */
    public void tick(LoopMember member, long calmNanos) {
        ticks.add(member, calmNanos);
    }

    /** A member that has asked for ticks needs one within {@code calmNanos}, or within the usual interval if that is longer. Loop only. */
    public void tickWithin(long calmNanos) {
        ticks.within(freshNanos(), calmNanos);
    }

    /**
     * One turn. Owner only.
     *
     * @param maxWaitNanos how long to sleep for I/O at most; 0 does not sleep, {@code Long.MAX_VALUE} has no limit
     * @return how much was done; 0 says that nothing was there
     */
    public int turn(long maxWaitNanos) {
        if (terminated) {
            return 0;
        }
        if (inTurn) {
            throw new IllegalStateException("poll inside a callback of the same loop, " + name);
        }
        inTurn = true;
        earlyWrite = foundNothing && maxWaitNanos <= 0;
        try {
            boolean quiet = ticks.isEmpty(); // else the tick notices
            long lastTurn = clock.turn();
            if (pollGaps && quiet && maxWaitNanos > 0) {
                ticks.gap(clock.now() - lastTurn); // before the sleep, which is no gap
            }
            int before = afterPass.size();
            int work = io(maxWaitNanos);
            if (pollGaps && quiet && maxWaitNanos <= 0) {
                ticks.gap(clock.turn() - lastTurn);
            }
            work += afterPass.run(before);
            work += drain();
            long now = clock.turn();
            if (ticks.isLate(now)) {
                work += ioBeforeJudging();
            }
            ticks.tickIfDue(now);
            foundNothing = work == 0;
            finish();
            return work;
        } finally {
            inTurn = false;
            endIfOver();
        }
    }

    private int drain() {
        try {
            return queue.drain(DRAIN_LIMIT);
        } catch (RuntimeException | Error e) {
            LOG.error("{}: a hand-over failed; the loop goes on", name, e);
            return 1;
        }
    }

    private void endIfOver() {
        if (abandoned && netty.isShuttingDown() && !netty.isTerminated()) {
            if (pollBySelect) {
                endNow(); // NIO's selector was closed from outside: there is nothing left to destroy
            } else {
                netty.runNow();
            }
        }
        if (netty.isTerminated()) {
            endNow();
        }
    }

    private void endNow() {
        if (!terminated) {
            terminated = true;
            buffers.free();
            hot.clear();
            receiveBuffers.free();
            whenTerminated.run();
        }
    }

    /**
     * Begins a short turn without I/O, for a call of the owner from outside a turn; {@link #leave} ends it. Reads the clock, unless
     * the loop is corked and something waits: all that leaves in one write has the time of the first.
     */
    public void enter() {
        inTurn = true;
        if (!corked || flushes.isEmpty()) {
            clock.read();
        }
    }

    /**
     * Ends what {@link #enter} began: what was encoded is written, unless the loop is corked; what goes upward waits for the next turn,
     * which comes at once.
     */
    public void leave() {
        try {
            if (!corked) {
                flushes.run();
            }
            clock.publish();
        } finally {
            inTurn = false;
        }
    }

    /**
     * Whether a large batch may begin to leave before its end, once a turn. If the turn before this one found nothing, the loop waits
     * for its peers rather than they for it, and a peer that has the first part works while the rest is encoded. A loop
     * that sleeps would pay for that with processor time.
     */
    public boolean takeEarlyWrite() {
        boolean early = earlyWrite;
        earlyWrite = false;
        return early;
    }

    /** While corked, what the owner sends outside a turn waits for {@link #flush} or the next turn. Owner only. */
    public void corked(boolean cork) {
        corked = cork;
    }

    /** Writes what is encoded. Owner only, inside a turn or not. */
    public void flush() {
        boolean outside = !inTurn;
        if (outside) {
            inTurn = true;
            clock.read();
        }
        try {
            flushes.run();
            clock.publish();
        } finally {
            inTurn = !outside;
        }
    }

    /**
     * How long nothing is planned here: 0 while something waits, {@code Long.MAX_VALUE} if there is neither a timer nor a tick.
     * What others will hand over is not planned. Owner only.
     */
    public long nanosToNextEvent() {
        if (owesWork() || !queue.isEmpty()) {
            return 0;
        }
        long timer = netty.nanosToNextTimer();
        return ticks.isEmpty() ? timer : Math.max(0, Math.min(timer, ticks.nanosToNext()));
    }

    /** Ends the loop: further turns close what is registered until {@link #isTerminated}. Any thread. */
    public void shutdown() {
        netty.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
    }

    /**
     * The owner has stayed away and the sockets were shut behind its back: further turns do no I/O, they only run what is left to
     * tell. Any thread.
     */
    public void abandon() {
        abandoned = true;
    }

    /** Whether {@link #abandon} was called. */
    public boolean isAbandoned() {
        return abandoned;
    }

    /** After {@link #abandon}, when every channel is cut: the kernel is heard again, because with io_uring a close takes turns. */
    public void awaitCloses() {
        awaitsCloses = true;
    }

    /** Whether turns do I/O: before {@link #abandon}, and after {@link #awaitCloses} unless NIO's selector was closed from outside. */
    public boolean doesIo() {
        return !abandoned || (awaitsCloses && !pollBySelect);
    }

    /** Whether it has ended: every channel of it is closed, its memory is free. */
    public boolean isTerminated() {
        return terminated;
    }

    /** Runs {@code task} once, by the owner, when the loop has ended. Before it is driven. */
    public void whenTerminated(Runnable task) {
        whenTerminated = task;
    }

    /** Answers may have come meanwhile: all that is there by now is read, whichever socket is hot. */
    private int ioBeforeJudging() {
        int work = io(0);
        return hot.isEmpty() || !doesIo() ? work : work + select(0);
    }

    /** I/O, timers and tasks; ends with a reading of the clock that serves all that needs no better, unless callbacks have spoilt it. */
    private int io(long maxWaitNanos) {
        if (!doesIo()) {
            clock.spoil();
            int tasks = netty.runNonBlockingTasks(0);
            clock.read();
            return tasks;
        }
        if (maxWaitNanos > 0) {
            hot.maySleep();
            return select(maxWaitNanos);
        }
        if (hot.isEmpty() || !afterPass.isEmpty()) {
            return select(0);
        }
        hot.awake();
        int work = hot.selectorComesFirst(clock.turn()) ? select(0) : 0;
        int read = hot.read();
        if (read == 0) {
            clock.read();
        } else {
            clock.spoil(); // callbacks have run since
        }
        return work + read + (hot.selectorIsDue(clock.turn()) ? select(0) : 0);
    }

    private int select(long maxWaitNanos) {
        clock.spoil();
        try {
            return selectAndRun(maxWaitNanos);
        } finally {
            clock.read();
            hot.selected(clock.turn());
        }
    }

    private int selectAndRun(long maxWaitNanos) {
        long wait = owesWork() ? 0 : maxWaitNanos;
        if (wait > 0 && !ticks.isEmpty()) {
            wait = Math.min(wait, ticks.nanosToNext());
        }
        if (wait > 0 && queue.prepareToSleep()) {
            try {
                return netty.run(wait == Long.MAX_VALUE ? 0 : wait, 0);
            } finally {
                queue.awake();
            }
        }
        // A poll of NIO that never selects for a while leaves its wake-up flag set, and each later poll pays for that.
        return pollBySelect ? netty.run(1, 0) : netty.runNow();
    }

    private boolean nothingHandedOver() {
        return queue.isEmpty();
    }

    /** Whether something was put off to a turn's end or to the next pass. */
    private boolean owesWork() {
        return !flushes.isEmpty() || !atEnd.isEmpty() || !afterPass.isEmpty();
    }

    private void finish() {
        for (int round = 0; round < ROUNDS_LIMIT && (!flushes.isEmpty() || !atEnd.isEmpty()); round++) {
            flushes.run();
            atEnd.run(atEnd.size());
        }
        clock.publish();
    }
}
