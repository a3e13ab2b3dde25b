package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.PoolListener;
import io.wspool.api.PooledChannel;
import io.wspool.api.SlotSnapshot;
import io.wspool.api.SlotState;
import io.wspool.testkit.ServerConnection;
import io.wspool.testkit.World;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a listener is told, all of it and nothing else: each event once, in order for each channel, with its cause. */
class EventsTest {
    /** Writes down every call of every method, whatever it is; durations apart, because chance draws them. */
    private static final class Everything {
        final List<String> calls = new ArrayList<>();
        final List<Duration> durations = new ArrayList<>();
        final PoolListener listener = (PoolListener) Proxy.newProxyInstance(
                PoolListener.class.getClassLoader(),
                new Class<?>[] {PoolListener.class},
                (proxy, method, arguments) -> {
                    Object[] told = arguments == null ? new Object[0] : arguments;
                    calls.add(method.getName()
                            + Stream.of(told)
                                    .map(this::shown)
                                    .collect(Collectors.joining(" ", " ", ""))
                                    .stripTrailing());
                    return null;
                });

        private String shown(@Nullable Object argument) {
            if (argument instanceof ChannelSnapshot channel) {
                return channel.name() + "#" + channel.id();
            }
            if (argument instanceof CloseCause cause) {
                return cause.kind() + (cause.clean() ? " clean" : "");
            }
            if (argument instanceof Duration duration) {
                durations.add(duration);
                return "..";
            }
            return String.valueOf(argument);
        }
    }

    @Test
    void aLifeOfAPoolIsToldFromItsFirstOpenToItsClose() {
        World.run(1, world -> {
            Everything told = new Everything();
            Scene scene = new Scene(world, pool -> pool.channels(1).listener(told.listener));
            scene.awaitFull();
            world.run(ofSeconds(11)); // a stable life
            scene.server.refuse();
            scene.server.connection(0).reset();
            scene.await("two refusals", ofSeconds(10), () -> world.network().dials() == 3);
            world.run(ofMillis(1));
            scene.server.open();
            scene.awaitFull();
            world.run(ofSeconds(11));
            scene.pool.recycleStalest();
            world.run(ofSeconds(1));
            scene.close();
            assertThat(told.calls)
                    .containsExactly(
                            "onState pool/0#1 CONNECTING OPEN null",
                            "onPoolState STARTING FULL",
                            "onStanding pool/0#1 WARM GOOD",
                            // the kill
                            "onState pool/0#1 OPEN CLOSED TRANSPORT_ERROR",
                            "onOutage",
                            "onPoolState FULL STARTING",
                            "onRetry 0 0 TRANSPORT_ERROR ..",
                            "onState pool/0#2 CONNECTING CLOSED CONNECT_FAILED",
                            "onRetry 0 1 CONNECT_FAILED ..",
                            "onState pool/0#3 CONNECTING CLOSED CONNECT_FAILED",
                            "onRetry 0 2 CONNECT_FAILED ..",
                            "onState pool/0#4 CONNECTING OPEN null",
                            "onPoolState STARTING FULL",
                            "onStanding pool/0#4 WARM GOOD",
                            // the recycling
                            "onState pool/0#5 CONNECTING OPEN null",
                            "onStanding pool/0#4 GOOD DRAINING",
                            "onState pool/0#4 OPEN CLOSING RECYCLED",
                            "onState pool/0#4 CLOSING CLOSED RECYCLED clean",
                            "onRecycled pool/0#4 pool/0#5 ..",
                            "onStanding pool/0#5 WARM GOOD",
                            // the close
                            "onPoolState FULL CLOSING",
                            "onStanding pool/0#5 GOOD DRAINING",
                            "onState pool/0#5 OPEN CLOSING LOCAL_CLOSE",
                            "onState pool/0#5 CLOSING CLOSED LOCAL_CLOSE clean",
                            "onPoolState CLOSING CLOSED");
            assertThat(told.durations).hasSize(4);
            assertThat(told.durations.get(0)).as("after a stable life").isBetween(ofMillis(0), ofMillis(250));
            assertThat(told.durations.get(1)).isBetween(ofMillis(0), ofSeconds(1));
            assertThat(told.durations.get(2)).isBetween(ofMillis(0), ofSeconds(2));
            assertThat(told.durations.get(3)).as("overlap").isBetween(ofNanos(1), ofSeconds(1));
        });
    }

    @Test
    void eachRetryNamesItsPlaceItsAttemptItsCauseAndWhenItDials() {
        Tally.run("retries", 5, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(1));
            scene.awaitFull();
            world.run(ofSeconds(11));
            scene.server.refuse();
            scene.server.connection(0).reset();
            List<Long> dialledAt = new ArrayList<>();
            world.everyStep(() -> {
                if (world.network().dials() > dialledAt.size() + 1) {
                    dialledAt.add(world.nowNanos());
                }
            });
            scene.await("five attempts", ofSeconds(60), () -> dialledAt.size() == 5);
            for (int i = 0; i < dialledAt.size(); i++) {
                Heard.Retry retry = scene.heard.retries.get(i);
                assertThat(retry.slot()).isZero();
                assertThat(retry.attempt()).isEqualTo(i);
                assertThat(retry.cause().kind())
                        .isEqualTo(i == 0 ? CloseCause.Kind.TRANSPORT_ERROR : CloseCause.Kind.CONNECT_FAILED);
                assertThat(dialledAt.get(i))
                        .isEqualTo(retry.at() + retry.delay().toNanos());
            }
            scene.close();
        });
    }

    @Test
    void anOutageIsToldOnceHoweverManyDialsFailInIt() {
        World.run(1, world -> {
            Scene scene = new Scene(world, pool -> pool.channels(3));
            scene.awaitFull();
            world.run(ofSeconds(11));
            scene.server.connection(0).reset();
            scene.server.connection(1).reset();
            world.run(ofMillis(1));
            assertThat(scene.heard.outages).as("one still lives").isZero();
            scene.awaitFull();
            for (int outage = 1; outage <= 2; outage++) {
                world.run(ofSeconds(11));
                scene.server.stop();
                world.run(ofSeconds(8));
                assertThat(scene.heard.retries).hasSizeGreaterThan(5 * outage);
                assertThat(scene.heard.outages).isEqualTo(outage);
                scene.server.open();
                scene.awaitFull();
                assertThat(scene.heard.outages).isEqualTo(outage);
            }
            scene.close();
            assertThat(scene.heard.outages).as("a close is none").isEqualTo(2);
        });
    }

    @Test
    void theStepsOfEachChannelAreLegalEachOnceAndInOrderWhateverHappens() {
        Tally.run("steps of channels", 10, world -> {
            Scene scene = new Scene(world, pool -> pool.lan().channels(4).loops(2));
            scene.server.link().delay(ofMillis(2)).jitter(ofMillis(2));
            scene.awaitFull();
            for (int i = 0; i < 15; i++) {
                scene.send(5, ofMillis(4));
                trouble(scene);
                world.run(ofMillis(world.between(0, 3000)));
            }
            scene.server.open();
            scene.awaitFull();
            scene.close();
            Map<Long, ChannelState> states = new HashMap<>();
            for (Heard.Step step : scene.heard.steps) {
                ChannelState before = states.getOrDefault(step.channel().id(), ChannelState.CONNECTING);
                assertThat(step.from()).as("%s", step).isEqualTo(before);
                assertThat(before.canBecome(step.to())).as("%s", step).isTrue();
                assertThat(step.cause() == null).as("%s", step).isEqualTo(step.to() == ChannelState.OPEN);
                states.put(step.channel().id(), step.to());
            }
            assertThat(states).hasSizeGreaterThan(4).containsKey(1L);
            assertThat(states.values()).as("all have ended").containsOnly(ChannelState.CLOSED);
            assertThat(world.network().dials()).as("no channel is untold").isEqualTo(states.size());
        });
    }

    private static void trouble(Scene scene) {
        World world = scene.world;
        List<ServerConnection> open = scene.server.connections();
        if (open.isEmpty()) {
            return;
        }
        ServerConnection victim = open.get((int) world.between(0, open.size() - 1));
        switch ((int) world.between(0, 5)) {
            case 0 -> victim.reset();
            case 1 -> victim.close(1001, "");
            case 2 -> victim.blackHole();
            case 3 -> scene.pool.recycleStalest();
            case 4 -> scene.pool.channels().stream().findFirst().ifPresent(channel -> channel.close(1000, ""));
            default -> {
                scene.server.refuse();
                victim.reset();
                world.after(ofMillis(700), scene.server::open);
            }
        }
    }

    @Test
    void theLateEndOfARecycledChannelDoesNotTouchItsSuccessor() {
        for (boolean broken : new boolean[] {false, true}) {
            World.run(1, world -> {
                Scene scene = new Scene(world, pool -> pool.channels(2));
                scene.awaitFull();
                world.run(ofSeconds(11));
                scene.server.behaviour().ignoreClose(true); // the old one stays until it is cut, or breaks
                scene.pool.recycleStalest();
                scene.await("leaving", ofSeconds(1), () -> scene.heard.steps.size() == 4);
                Heard.Step leaving = scene.heard.steps.get(3);
                assertThat(leaving.to()).isEqualTo(ChannelState.CLOSING);
                ServerConnection oldEnd =
                        scene.server.connection((int) leaving.channel().id() - 1);
                PooledChannel successor = scene.channelAt(leaving.channel().slot());
                world.run(ofSeconds(1));
                if (broken) {
                    oldEnd.reset();
                }
                scene.await(
                        "closed",
                        ofSeconds(2),
                        () -> scene.heard.closed(leaving.channel().id()) != null);
                world.run(ofSeconds(20));
                assertThat(scene.channelAt(leaving.channel().slot())).isSameAs(successor);
                SlotSnapshot place =
                        scene.pool.snapshot().slots().get(leaving.channel().slot());
                assertThat(place.state()).isEqualTo(SlotState.LIVE);
                assertThat(place.failures()).isZero();
                assertThat(place.nextDialIn()).isNull();
                assertThat(world.log()).noneMatch(line -> line.contains("pool: FULL ->"));
                assertThat(scene.heard.retries).isEmpty();
                assertThat(world.network().dials()).isEqualTo(3);
                assertThat(scene.heard.recyclings).hasSize(1);
                scene.server.behaviour().ignoreClose(false);
                scene.close();
            });
        }
    }
}
