package io.wspool.api;

import java.net.URI;
import java.time.Duration;

/**
 * Everything that a pool is told, checked against itself.
 *
 * @param name goes into thread names, channel names and logs
 * @param uri of the service, {@code ws} or {@code wss}
 * @param channels places to keep filled
 * @param maxConnections sockets at any time, those being made or closed included; a hard limit
 * @param connect how a connection is made
 * @param heartbeat when a silent channel is asked, and given up
 * @param probe how soon a stall is noticed
 * @param reconnect how a place is refilled
 * @param budget how often the endpoint may be dialled
 * @param recycle when a healthy channel is replaced
 * @param limits bounds of one channel
 * @param close how long an orderly end may take
 * @param closePolicy what follows a close that the peer began
 * @param dispatch how a channel is chosen
 * @param mode who drives the loops
 * @param transport which sockets of the operating system
 * @param loops event loops; channels are spread over them
 * @param manualReady whether a channel waits for {@link PooledChannel#ready} before others may use it
 * @param latency what is measured of each message's way
 */
public record PoolSettings(
        String name,
        URI uri,
        int channels,
        int maxConnections,
        ConnectSettings connect,
        HeartbeatSettings heartbeat,
        ProbeSettings probe,
        ReconnectSettings reconnect,
        BudgetSettings budget,
        RecycleSettings recycle,
        ChannelLimits limits,
        CloseSettings close,
        ClosePolicy closePolicy,
        DispatchPolicy dispatch,
        LoopMode mode,
        TransportKind transport,
        int loops,
        boolean manualReady,
        LatencySettings latency) {
    /** The most places of one pool. */
    public static final int MOST_CHANNELS = 100_000;

    /** Refuses what cannot work. */
    public PoolSettings {
        Check.notNull("name", name);
        Check.require(name.matches("[A-Za-z0-9._-]{1,64}"), "name", name, "1 to 64 letters, digits, '.', '_' or '-'");
        Check.notNull("uri", uri);
        Check.within("channels", channels, 1, MOST_CHANNELS);
        Check.require(maxConnections >= channels, "maxConnections", maxConnections, ">= channels=" + channels);
        Check.within("maxConnections", maxConnections, 1, 2 * MOST_CHANNELS);
        Check.notNull("connect", connect);
        Check.notNull("heartbeat", heartbeat);
        Check.notNull("probe", probe);
        Check.notNull("reconnect", reconnect);
        Check.notNull("budget", budget);
        Check.notNull("recycle", recycle);
        Check.notNull("limits", limits);
        Check.notNull("close", close);
        Check.notNull("closePolicy", closePolicy);
        Check.notNull("dispatch", dispatch);
        Check.notNull("mode", mode);
        Check.notNull("transport", transport);
        Check.within("loops", loops, 1, 64);
        Check.require(mode != LoopMode.CALLER_POLLED || loops == 1, "loops", loops, "1 in mode CALLER_POLLED");
        Check.notNull("latency", latency);
        Check.require(loops <= channels, "loops", loops, "<= channels=" + channels);
        if (recycle.byAge()) {
            Duration shortest = recycle.maxLifetime().minus(scaled(recycle.maxLifetime(), recycle.variance()));
            Check.require(
                    shortest.compareTo(reconnect.stableAfter()) >= 0,
                    "recycle.maxLifetime",
                    recycle.maxLifetime(),
                    "long enough that, less its variance, it is >= reconnect.stableAfter=" + reconnect.stableAfter());
        }
    }

    /** What identifies and sizes the pool; without path and query of the URI, and without headers, which may be secrets. */
    @Override
    public String toString() {
        return "PoolSettings[name=" + name + ", uri=" + uri.getScheme() + "://" + uri.getHost()
                + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + "/..., channels=" + channels + ", maxConnections=" + maxConnections + ", " + heartbeat + ", " + probe
                + ", " + reconnect + ", " + budget + ", " + recycle + ", " + limits + ", " + close + ", dispatch="
                + dispatch + ", mode=" + mode + ", transport=" + transport + ", loops=" + loops + ", manualReady="
                + manualReady + ", " + latency + "]";
    }

    /** The time between two looks at channels with something in flight. */
    public Duration tick() {
        return probe.tick();
    }

    private static Duration scaled(Duration duration, double by) {
        return Duration.ofNanos((long) (duration.toNanos() * by));
    }
}
