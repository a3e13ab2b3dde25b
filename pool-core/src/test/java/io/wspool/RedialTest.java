package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.BudgetSettings;
import io.wspool.api.PoolState;
import io.wspool.api.ReconnectSettings;
import io.wspool.channel.WebSocketChannel;
import io.wspool.testkit.ScriptedServer;
import io.wspool.testkit.ServerConnection;
import io.wspool.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server that takes connections and drops them sees: dials that grow rare, and never more than the budget has. */
class RedialTest {
    private static final int SEEDS = 1000;
    private static final Duration DELAY = ofMillis(1);
    private static final int TENTHS = 10;
    /** 99.99 % of what is uniform has a smaller sum, by 9 degrees of freedom. */
    private static final double CHI_SQUARE = 33.72;

    private final long[] waitsByTenth = new long[TENTHS];
    private long dialsSeen;

    @Test
    void dialsOfAServerThatAcceptsAndClosesFitTheBackOffsModel() {
        Tally tally = new Tally("accept, then close");
        for (long seed = 1; seed <= SEEDS; seed++) {
            tally.tell(seed, this::acceptThenClose);
        }
        long waits = 0;
        for (long count : waitsByTenth) {
            waits += count;
        }
        assertThat(waits).isEqualTo(SEEDS * 5L);
        double expected = waits / (double) TENTHS;
        double chiSquare = 0;
        for (long count : waitsByTenth) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        tally.print("; " + dialsSeen + " dials, chi-square of their waits " + chiSquare);
        assertThat(chiSquare).as("waits are uniform below their limits").isLessThan(CHI_SQUARE);
    }

    /** One place. Either before or just after the upgrade: neither ever becomes a stable life. */
    private void acceptThenClose(World world) {
        boolean upgrades = world.between(0, 1) == 0;
        List<Long> dials = watchDials(world);
        Scene scene = new Scene(world, pool -> pool.channels(1).maxConnections(1));
        scene.server.link().delay(DELAY);
        scene.server.behaviour().closeAfterAccept(!upgrades);
        if (upgrades) {
            hangUpAfterUpgrade(world, scene.server);
        }
        world.run(ofMinutes(3));
        // the failure is known after the way there and back, with an upgrade twice
        long toFailure = DELAY.toNanos() * (upgrades ? 4 : 2);
        ReconnectSettings model = ReconnectSettings.DEFAULTS;
        long limit = model.first().toNanos();
        assertThat(dials).hasSizeGreaterThanOrEqualTo(8);
        for (int failure = 1; failure < dials.size(); failure++) {
            long waited = dials.get(failure) - dials.get(failure - 1) - toFailure;
            if (failure <= model.breakerFailures()) {
                assertThat(waited).as("wait " + failure).isBetween(0L, limit);
                waitsByTenth[(int) Math.min(TENTHS - 1, TENTHS * waited / limit)]++;
                limit = Math.min(2 * limit, model.cap().toNanos());
            } else {
                assertThat(ofNanos(waited)).as("wait of the breaker").isEqualTo(model.breakerOpen());
            }
        }
        assertWithin(BudgetSettings.DEFAULTS, dials);
        dialsSeen += dials.size();
        scene.close();
    }

    @Test
    void aTightBudgetIsNeverExceededHoweverManyPlacesWant() {
        Tally.run("tight budgets", 50, world -> {
            BudgetSettings budget = new BudgetSettings(
                    (int) world.between(1, 5), world.between(1, 20) / 10.0, (int) world.between(1, 3));
            boolean upgrades = world.between(0, 1) == 0;
            List<Long> dials = watchDials(world);
            Scene scene = new Scene(
                    world, pool -> pool.channels((int) world.between(1, 8)).budget(budget));
            scene.server.link().delay(ofMillis(world.between(1, 100)));
            scene.server.behaviour().closeAfterAccept(!upgrades);
            if (upgrades) {
                hangUpAfterUpgrade(world, scene.server);
            }
            watchHandshakes(world, budget.inFlight(), List.of(scene.heard));
            world.run(ofMinutes(2));
            assertThat(dials).hasSizeGreaterThan(3);
            assertWithin(budget, dials);
            scene.close();
        });
    }

    @Test
    void tenPoolsOfTwentyThatLoseTheirServerShareOneBudget() {
        Tally.run("10 pools of 20 on one budget", 2, world -> {
            BudgetSettings settings = BudgetSettings.DEFAULTS;
            AttemptBudget shared = new AttemptBudget(settings, world.ticker());
            List<Long> dials = watchDials(world);
            ScriptedServer server = world.server("gateway", 80);
            List<Heard> heard = new ArrayList<>();
            List<WebSocketPool> pools = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                heard.add(new Heard(world));
                pools.add(WebSocketPool.to("ws://gateway/")
                        .environment(world)
                        .name("pool" + i)
                        .channels(20)
                        .budget(shared)
                        .listener(heard.get(i))
                        .start());
            }
            watchHandshakes(world, settings.inFlight(), heard);
            awaitFull(world, pools);
            assertThat(server.accepted()).isEqualTo(200);
            server.stop();
            world.run(ofSeconds(60));
            assertThat(dials.size()).as("they tried").isGreaterThan(200 + settings.burst());
            assertThat(heard).allSatisfy(each -> assertThat(each.outages).isEqualTo(1));
            server.open();
            awaitFull(world, pools);
            assertThat(server.connections()).hasSize(200);
            assertWithin(settings, dials);
            // each on a loop of its own: another's would wait for it
            pools.forEach(pool -> ((WebSocketChannel) pool.pick()).loop().execute(pool::close));
            assertThat(world.runUntil(
                            () -> pools.stream().allMatch(pool -> pool.state() == PoolState.CLOSED), ofSeconds(20)))
                    .isTrue();
            assertThat(world.network().openDescriptors()).isZero();
        });
    }

    private static void awaitFull(World world, List<WebSocketPool> pools) {
        assertThat(world.runUntil(() -> pools.stream().allMatch(pool -> pool.state() == PoolState.FULL), ofMinutes(20)))
                .as("all full")
                .isTrue();
    }

    private static List<Long> watchDials(World world) {
        List<Long> dials = new ArrayList<>();
        world.everyStep(() -> {
            while (dials.size() < world.network().dials()) {
                dials.add(world.nowNanos());
            }
        });
        return dials;
    }

    private static void hangUpAfterUpgrade(World world, ScriptedServer server) {
        world.everyStep(() -> {
            for (ServerConnection connection : server.connections()) {
                if (connection.isUpgraded()) {
                    connection.hangUp();
                }
            }
        });
    }

    /** Handshakes under way: dials without an end. */
    private static void watchHandshakes(World world, int most, List<Heard> pools) {
        world.everyStep(() -> {
            long ended = 0;
            for (Heard heard : pools) {
                ended += heard.dialsEnded;
            }
            if (world.network().dials() - ended > most) {
                throw new AssertionError(world.network().dials() - ended + " handshakes at once, allowed are " + most);
            }
        });
    }

    /** The budget as its settings word it, kept by the server's own clock. */
    private static void assertWithin(BudgetSettings budget, List<Long> dials) {
        double tokens = budget.burst();
        long before = 0;
        for (long at : dials) {
            tokens = Math.min(budget.burst(), tokens + (at - before) / 1e9 * budget.perSecond()) - 1;
            before = at;
            assertThat(tokens).as("tokens left at " + at / 1e9 + " s").isGreaterThan(-1e-6);
        }
    }
}
