package io.wspool.loop;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.wspool.NanosBench;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscUnboundedXaddArrayQueue;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Control;

/**
 * What does it cost to hand one message to a loop that is awake, from one thread or from two? Read the rows {@code offerOne} and
 * {@code offerTwo}: nanoseconds a message and sender, waits for room included; {@code refused} counts how often there was none. A
 * sender may be 512 messages ahead, so that queues without a bound have one here.
 * <p>{@code wspool} is the whole way: 64 bytes are copied into a message that is used again. The others hand over a reference and copy
 * nothing; {@code execute} makes a task for each, as {@code eventLoop.execute} does for every write from outside.
 */
@NullUnmarked
@State(Scope.Group)
public class HandOffBench extends NanosBench {
    private static final int PAYLOAD = 64;
    private static final int CAPACITY = 1024;
    private static final int AHEAD = CAPACITY / 2;
    private static final int SPINS = 1000;
    private static final int DRAIN_LIMIT = 256;
    private static final long DRAIN_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    /** Who hands over. */
    @Param({"wspool", "execute", "mpscArrayQueue", "mpscUnboundedXaddArrayQueue", "concurrentLinkedQueue"})
    public String by;

    private HandOff handOff;

    /** Makes an empty queue. */
    @Setup(Level.Trial)
    public void begin() {
        handOff = switch (by) {
            case "wspool" -> new ByLoopQueue();
            case "execute" -> new ByTask();
            case "mpscArrayQueue" -> new ByReference(new MpscArrayQueue<>(CAPACITY));
            case "mpscUnboundedXaddArrayQueue" -> new ByReference(new MpscUnboundedXaddArrayQueue<>(CAPACITY));
            case "concurrentLinkedQueue" -> new ByReference(new ConcurrentLinkedQueue<>());
            default -> throw new IllegalArgumentException(by);
        };
    }

    /** The only sender. */
    @Benchmark
    @Group("one")
    @GroupThreads(1)
    public void offerOne(Lane lane, Control control) {
        offer(lane, control);
    }

    /** The loop of one sender. */
    @Benchmark
    @Group("one")
    @GroupThreads(1)
    public int drainOne() {
        return handOff.drain();
    }

    /** One of two senders. */
    @Benchmark
    @Group("two")
    @GroupThreads(2)
    public void offerTwo(Lane lane, Control control) {
        offer(lane, control);
    }

    /** The loop of two senders. */
    @Benchmark
    @Group("two")
    @GroupThreads(1)
    public int drainTwo() {
        return handOff.drain();
    }

    private void offer(Lane lane, Control control) {
        for (int refusals = 1; !lane.hasRoom() || !handOff.offer(lane); refusals++) {
            lane.refused++;
            if (control.stopMeasurement) {
                return; // the loop may have stopped before
            }
            if (refusals % SPINS == 0) {
                LockSupport.parkNanos(1); // where threads share a core, the loop needs it
            } else {
                Thread.onSpinWait();
            }
        }
        lane.sent++;
    }

    /** Ends. */
    @TearDown(Level.Trial)
    public void end() {
        handOff.end();
    }

    /** A sender, and what is handed over: who shall have it. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Lane implements QueuedMessage.Receiver {
        /** How often there was no room. */
        public long refused;

        private final byte[] payload = new byte[PAYLOAD];
        private final AtomicLong handled = new AtomicLong();
        private long sent;
        private long seenHandled;

        private boolean hasRoom() {
            if (sent - seenHandled >= AHEAD) {
                seenHandled = handled.get();
            }
            return sent - seenHandled < AHEAD;
        }

        private void handled() {
            handled.lazySet(handled.getPlain() + 1);
        }

        @Override
        public void receive(QueuedMessage message) {
            message.home.release(message);
            handled();
        }
    }

    private interface HandOff {
        boolean offer(Lane lane);

        int drain();

        default void end() {}
    }

    private static final class ByLoopQueue implements HandOff {
        private final LoopQueue queue = new LoopQueue(CAPACITY, () -> {});

        @Override
        public boolean offer(Lane lane) {
            QueuedMessage message = queue.take();
            message.fill(lane.payload, 0, PAYLOAD);
            message.target = lane;
            if (queue.offer(message) == LoopQueue.Offer.ACCEPTED) {
                return true;
            }
            queue.release(message);
            return false;
        }

        @Override
        public int drain() {
            return queue.drain(DRAIN_LIMIT);
        }
    }

    /** Nobody owns the loop and it never selects, so that a sender pays for no wake-up: Netty at its cheapest. */
    private static final class ByTask implements HandOff {
        private final ManualIoEventLoop loop = new ManualIoEventLoop(null, NioIoHandler.newFactory());

        @Override
        public boolean offer(Lane lane) {
            loop.execute(() -> lane.handled());
            return true;
        }

        @Override
        public int drain() {
            return loop.runNonBlockingTasks(DRAIN_NANOS);
        }

        @Override
        public void end() {
            loop.setOwningThread(Thread.currentThread());
            loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
            while (!loop.isTerminated()) {
                loop.runNow();
            }
        }
    }

    private static final class ByReference implements HandOff {
        private final Queue<Lane> queue;

        ByReference(Queue<Lane> queue) {
            this.queue = queue;
        }

        @Override
        public boolean offer(Lane lane) {
            return queue.offer(lane);
        }

        @Override
        public int drain() {
            int drained = 0;
            for (; drained < DRAIN_LIMIT; drained++) {
                Lane lane = queue.poll();
                if (lane == null) {
                    break;
                }
                lane.handled();
            }
            return drained;
        }
    }
}
