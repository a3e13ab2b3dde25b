package io.wspool;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.wspool.api.LoopMode;
import io.wspool.api.PoolSettings;
import io.wspool.channel.ChannelLoop;
import io.wspool.channel.Dialler;
import io.wspool.channel.UserCalls;
import io.wspool.loop.Chance;
import io.wspool.loop.Draws;
import io.wspool.loop.Environment;
import io.wspool.loop.Loop;
import io.wspool.loop.NettyVersion;
import io.wspool.loop.SystemEnvironment;
import io.wspool.loop.ThreadAdvice;
import io.wspool.loop.TransportChoice;
import io.wspool.measure.Totals;
import io.wspool.wire.UpgradeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the parts of one pool from checked settings, joins them and sets them going; of a start that fails nothing is left. One thread. */
final class Assembly {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketPool.class);
    private static final int QUEUE_PER_CHANNEL = 1024;
    private static final int MOST_QUEUE = 65_536;

    private final PoolSettings settings;
    private final UserCalls user;
    private final Dialler dialler;
    private final @Nullable AttemptBudget sharedBudget;
    private final List<Loop> loops;
    private int driven;

    /**
     * Checks what the upgrade would send.
     *
     * @param tls for {@code wss}; null is the system's trust
     * @param sharedBudget null is one of the pool's own
     */
    Assembly(PoolSettings settings, UserCalls user, @Nullable SslContext tls, @Nullable AttemptBudget sharedBudget) {
        this.settings = settings;
        this.user = user;
        this.dialler = dialler(settings, tls);
        this.sharedBudget = sharedBudget;
        this.loops = new ArrayList<>(settings.loops());
    }

    /** On the operating system. Says what was chosen. */
    WebSocketPool start(@Nullable ThreadFactory threads) {
        Environment environment = system(threads);
        user.log(new PoolLog(settings.name(), environment.logWriter()));
        return start(environment, new ThreadAdvice(settings.name()));
    }

    /** In another world, without a word. */
    WebSocketPool start(Environment environment) {
        return start(environment, null);
    }

    private WebSocketPool start(Environment environment, @Nullable ThreadAdvice advice) {
        try {
            return join(environment, advice);
        } catch (RuntimeException | Error e) {
            end();
            environment.close();
            throw e;
        }
    }

    private WebSocketPool join(Environment environment, @Nullable ThreadAdvice advice) {
        while (loops.size() < settings.loops()) {
            loops.add(loop(environment, advice));
        }
        Loop[] made = loops.toArray(Loop[]::new);
        Loop home = made[0];
        Totals totals = new Totals(made.length);
        ChannelLoop[] shares = new ChannelLoop[made.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = new ChannelLoop(made[i], i, environment, totals);
        }
        AttemptBudget budget =
                sharedBudget == null ? new AttemptBudget(settings.budget(), environment.ticker()) : sharedBudget;
        Draws draws = new Draws(environment.chance().split());
        Dispatcher dispatcher =
                new Dispatcher(settings.dispatch(), settings.probe().on(), draws);
        Readiness readiness = new Readiness(settings.name(), settings.channels(), home::nanoTime);
        Chance chance = environment.chance().split();
        Supervisor supervisor =
                new Supervisor(settings, shares, dialler, user, dispatcher, budget, chance, totals, readiness);
        Closer closer = new Closer(settings, made, supervisor, environment, totals);
        LatencyLines lines = latencyLines(supervisor, environment);
        if (lines != null) {
            closer.lastWords(lines::end);
        }
        for (; driven < made.length; driven++) {
            environment.drive(made[driven]);
        }
        home.execute(supervisor::start);
        if (lines != null) {
            home.execute(lines::start);
        }
        return new WebSocketPool(
                settings,
                made,
                supervisor,
                dispatcher,
                new Affinity(dispatcher, user, home),
                readiness,
                closer,
                new WarmUp(settings, made, dispatcher, environment instanceof SystemEnvironment, supervisor::closing));
    }

    private Loop loop(Environment environment, @Nullable ThreadAdvice advice) {
        int capacity = (int) Math.min(MOST_QUEUE, (long) settings.channels() * QUEUE_PER_CHANNEL);
        Loop loop = new Loop(
                "wspool-" + settings.name() + "-" + loops.size(),
                environment.transport(),
                environment.ticker(),
                settings.tick().toNanos(),
                capacity);
        if (advice != null) {
            loop.advice(advice);
        }
        loop.tellPauses(
                settings.heartbeat().timeout().toNanos(),
                settings.mode() == LoopMode.CALLER_POLLED,
                gap -> user.event(events -> events.onLocalPause(Duration.ofNanos(gap))));
        return loop;
    }

    private @Nullable LatencyLines latencyLines(Supervisor supervisor, Environment environment) {
        Duration every = settings.latency().logEvery();
        return every.isZero()
                ? null
                : LatencyLines.of(
                        settings.name(),
                        supervisor.latency().newReader(),
                        supervisor.home(),
                        environment.logWriter(),
                        every.toNanos());
    }

    /** Of a start that failed: loops that have a thread end on it, the others here. */
    private void end() {
        loops.forEach(Loop::shutdown);
        for (Loop loop : loops.subList(driven, loops.size())) {
            loop.claim();
            while (!loop.isTerminated()) {
                loop.turn(0);
            }
        }
    }

    private Environment system(@Nullable ThreadFactory threads) {
        TransportChoice choice = TransportChoice.of(settings.transport());
        LOG.info(
                "{}: transport {} ({}), mode {}, {} {}, Netty {}",
                settings.name(),
                choice.transport().name(),
                choice.reason(),
                settings.mode(),
                settings.loops(),
                settings.loops() == 1 ? "loop" : "loops",
                NettyVersion.name());
        return new SystemEnvironment(settings.name(), settings.mode(), choice.transport(), threads);
    }

    private static Dialler dialler(PoolSettings settings, @Nullable SslContext tls) {
        List<UpgradeRequest.Header> headers = settings.connect().headers().entrySet().stream()
                .map(header -> new UpgradeRequest.Header(header.getKey(), header.getValue()))
                .toList();
        UpgradeRequest request =
                new UpgradeRequest(settings.uri(), headers, settings.connect().subprotocols());
        if (!request.secure()) {
            return new Dialler(request, null);
        }
        return new Dialler(request, tls == null ? systemTrust() : tls);
    }

    private static SslContext systemTrust() {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("no TLS on this machine: " + e.getMessage(), e);
        }
    }
}
