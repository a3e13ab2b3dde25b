package io.wspool.testkit;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Fails a test run in which something that Netty tracks, a buffer above all, became garbage before it was released.
 * <p>Netty finds a leak only when it next allocates after a collection, and then only logs it. So the gate takes the
 * reports itself, and when the last test is over it collects garbage until two leaks of its own, the canaries, have been
 * reported: what the tests lost before them has then been reported too. A run in which no canary is reported fails as
 * well, because a blind gate proves nothing.
 * <p>It works where {@code META-INF/services/org.junit.platform.launcher.LauncherSessionListener} names it, a file that
 * each module with tests needs of its own. What it throws at the end of the session fails the run of Surefire and of
 * Failsafe.
 */
public final class LeakGate implements LauncherSessionListener {
    private static final String CANARY = "canary of the leak gate, number ";
    private static final int CANARIES = 2;
    /** A canary is reported after the first collection or the second; a collection takes some 10 ms. */
    private static final int MAX_COLLECTIONS = 500;

    private static final Pattern ENGINE =
            Pattern.compile("\\t(?:org\\.junit|org\\.apache\\.maven\\.surefire|java\\.base)\\b");

    private final List<ResourceLeakDetector<Object>> detectors = new CopyOnWriteArrayList<>();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();
    private volatile int canariesSeen;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new CollectingDetectors());
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        for (int number = 1; number <= CANARIES; number++) {
            loseCanary(number);
            collectUntilSeen(number);
        }
        if (!leaks.isEmpty()) {
            throw new AssertionError("leaked: " + leaks.size() + "\n" + String.join("\n", leaks));
        }
    }

    private static void loseCanary(int number) {
        // the hint makes each report another text: Netty tells the same text only once
        PooledByteBufAllocator.DEFAULT.directBuffer(1).touch(CANARY + number);
    }

    private void collectUntilSeen(int number) {
        for (int i = 0; canariesSeen < number; i++) {
            if (i == MAX_COLLECTIONS) {
                throw new AssertionError("the leak gate is blind: its own leak was not reported in " + i
                        + " collections; was Netty used before the session opened?");
            }
            System.gc();
            detectors.forEach(LeakGate::report);
        }
    }

    /** A detector looks for what was lost whenever it is asked to track something. */
    private static void report(ResourceLeakDetector<Object> detector) {
        Object something = new Object();
        ResourceLeakTracker<Object> tracker = detector.track(something);
        if (tracker != null) {
            tracker.close(something);
        }
    }

    private void onLeak(String resourceType, String records) {
        if (records.contains(CANARY)) {
            synchronized (this) {
                canariesSeen++;
            }
        } else {
            leaks.add("LEAK of " + resourceType + shortened(records));
        }
    }

    /** Without the lines of the test engine, which make up nine tenths. */
    private static String shortened(String records) {
        return records.lines().filter(line -> !ENGINE.matcher(line).lookingAt()).collect(Collectors.joining("\n"));
    }

    private final class CollectingDetectors extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // abstract, so it must be here
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return newResourceLeakDetector(resource, samplingInterval);
        }

        @Override
        @SuppressWarnings("unchecked") // the gate tracks plain objects with it; a detector never looks inside
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
            ResourceLeakDetector<T> detector = new CollectingDetector<>(resource, samplingInterval);
            detectors.add((ResourceLeakDetector<Object>) detector);
            return detector;
        }
    }

    private final class CollectingDetector<T> extends ResourceLeakDetector<T> {
        CollectingDetector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true; // Netty asks its logger, and in the tests nothing is logged
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            onLeak(resourceType, records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            onLeak(resourceType, " (no records)");
        }
    }
}
