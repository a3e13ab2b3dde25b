package io.wspool;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.BreakerState;
import io.wspool.api.CloseCause;
import io.wspool.api.PoolState;
import io.wspool.testkit.ChildJvm;
import io.wspool.testkit.World;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/** Trouble is in the log, without a listener of the user's; health is not. */
class PoolLogTest {
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1");

    private final List<String> lines = new ArrayList<>();
    private final Logger log = (Logger) Proxy.newProxyInstance(
            Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (self, method, arguments) -> {
                if (method.getReturnType() == boolean.class) {
                    return true;
                }
                Object[] values = arguments[1] instanceof Object[] many ? many : rest(arguments);
                lines.add(method.getName() + " "
                        + MessageFormatter.arrayFormat((String) arguments[0], values)
                                .getMessage());
                return null;
            });

    private static Object[] rest(Object[] arguments) {
        return Arrays.copyOfRange(arguments, 1, arguments.length);
    }

    private Scene scene(World world) {
        return new Scene(world, pool -> pool.channels(2).listener(new PoolLog(log, "orders", Runnable::run)));
    }

    @Test
    void ofAHealthyLifeNothingIsSaid() {
        World.run(1, world -> {
            Scene scene = scene(world);
            scene.awaitFull();
            scene.traffic.send(scene.pool, 100);
            scene.pool.recycleStalest();
            world.run(ofSeconds(20));
            scene.close();
            assertThat(lines).isEmpty();
        });
    }

    @Test
    void lossOutageAndReturnAreSaid() {
        World.run(2, world -> {
            Scene scene = scene(world);
            scene.awaitFull();
            scene.server.stop();
            scene.await("an outage", ofSeconds(10), () -> scene.pool.channels().isEmpty());
            world.run(ofSeconds(1));
            assertThat(lines)
                    .anyMatch(line -> line.matches("info \\w+/0 closed: (TRANSPORT_ERROR|END_OF_STREAM) 1006 .*"));
            assertThat(lines).contains("warn orders: no channel is live; sends answer NO_LIVE_CHANNEL");
            assertThat(lines).anyMatch(line -> line.startsWith("debug orders/1 is dialled again in "));
            scene.server.open();
            scene.await("its end", Duration.ofMinutes(5), () -> scene.pool.state() == PoolState.FULL);
            assertThat(lines)
                    .filteredOn(line -> line.matches("info \\w+/[01] is open; the outage is over"))
                    .hasSize(1);
            scene.close();
        });
    }

    @Test
    void eachEventHasItsWords() {
        PoolLog told = new PoolLog(log, "orders", Runnable::run);
        told.onHalted(1, CloseCause.abnormal(CloseCause.Kind.UPGRADE_REFUSED, "403", null));
        told.onBreaker(BreakerState.CLOSED, BreakerState.OPEN);
        told.onBreaker(BreakerState.OPEN, BreakerState.HALF_OPEN);
        told.onBreaker(BreakerState.HALF_OPEN, BreakerState.CLOSED);
        told.onPanic(true);
        told.onPanic(false);
        told.onLocalPause(ofSeconds(40));
        assertThat(lines)
                .containsExactly(
                        "warn orders/1 is given up until resume(): UPGRADE_REFUSED 1006 unclean: 403",
                        "warn orders: too many failures in a row; nothing is dialled for a while; lately: null",
                        "debug orders: one dial on trial",
                        "info orders: the endpoint works again",
                        "warn orders: more than half of the live channels do not answer in time; all are used",
                        "info orders: at least half of the live channels answer in time again",
                        "warn orders: a loop was not served for 40000 ms; no peer is blamed for that");
    }

    @Test
    void aLogThatFailsOrRefusesHurtsNothing() {
        World.run(3, world -> {
            Queue<Runnable> kept = new ArrayDeque<>();
            AtomicBoolean refuses = new AtomicBoolean(true);
            PoolLog told = new PoolLog(log, "orders", line -> {
                if (refuses.get()) {
                    throw new OutOfMemoryError("no thread");
                }
                kept.add(line);
            });
            Scene scene = new Scene(world, pool -> pool.channels(1).listener(told));
            scene.awaitFull();
            scene.server.connection(0).reset();
            scene.await("its end", ofSeconds(5), () -> scene.pool.channels().isEmpty());
            refuses.set(false);
            scene.awaitFull();
            kept.forEach(Runnable::run);
            assertThat(lines).first().asString().matches("warn orders: [1-9] lines are missing here: .*");
            scene.close();
            assertThat(scene.pool.snapshot().listenerErrors()).isZero();
        });
    }

    @Test
    void theLastLinesAreWrittenWhenCloseHasReturned() throws Exception {
        assertThat(ChildJvm.log(QUICK, ShortProgram.class)).contains("warn orders: no channel is live");
    }

    /** Ends right behind its pool, whose log is slow. */
    static final class ShortProgram {
        private ShortProgram() {}

        public static void main(String[] args) throws Exception {
            PrintStream screen = System.out;
            System.setOut(new PrintStream(screen, true, StandardCharsets.UTF_8) {
                @Override
                public void println(String line) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                    screen.println(line);
                }
            });
            try (RawServer server = new RawServer();
                    WebSocketPool pool = WebSocketPool.to(server.uri())
                            .name("orders")
                            .channels(1)
                            .start()) {
                Peer peer = server.accept().upgrade();
                pool.awaitReady(Patience.LIMIT);
                peer.close();
                Patience.until("the outage", () -> pool.channels().isEmpty());
                pool.close(Duration.ZERO);
                Runtime.getRuntime().halt(0);
            }
        }
    }

    @Test
    void aPoolOnTheOperatingSystemHasIt() throws Exception {
        assertThat(ChildJvm.log(QUICK, Program.class))
                .contains("warn orders/0 is given up until resume(): UPGRADE_REFUSED 1006 unclean: ");
    }

    /** A pool that is refused for good. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws Exception {
            PrintStream screen = System.out;
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            System.setOut(new PrintStream(seen, true, StandardCharsets.UTF_8));
            try (RawServer server = new RawServer();
                    WebSocketPool pool = WebSocketPool.to(server.uri())
                            .name("orders")
                            .channels(1)
                            .start()) {
                server.accept().refuse("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
                Patience.until(
                        "the line", () -> seen.toString(StandardCharsets.UTF_8).contains("given up"));
                pool.close(Duration.ZERO);
            }
            screen.print(seen.toString(StandardCharsets.UTF_8));
        }
    }
}
