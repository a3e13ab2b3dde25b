package io.wspool;

import io.netty.handler.ssl.SslContext;
import io.wspool.api.BudgetSettings;
import io.wspool.api.ChannelLimits;
import io.wspool.api.ChannelListener;
import io.wspool.api.Check;
import io.wspool.api.ClosePolicies;
import io.wspool.api.ClosePolicy;
import io.wspool.api.CloseSettings;
import io.wspool.api.ConnectSettings;
import io.wspool.api.DispatchPolicy;
import io.wspool.api.HeartbeatSettings;
import io.wspool.api.LatencySettings;
import io.wspool.api.LoopMode;
import io.wspool.api.MessageListener;
import io.wspool.api.OutcomeListener;
import io.wspool.api.PoolListener;
import io.wspool.api.PoolSettings;
import io.wspool.api.ProbeSettings;
import io.wspool.api.ReconnectSettings;
import io.wspool.api.RecycleSettings;
import io.wspool.api.TransportKind;
import io.wspool.api.WritableListener;
import io.wspool.channel.UserCalls;
import io.wspool.loop.Environment;
import io.wspool.loop.NettyVersion;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Gathers what a pool is told; {@link #start} checks it and starts the pool. One thread. */
public final class WebSocketPoolBuilder {
    private final URI uri;
    private String name = "pool";
    private int channels = 3;
    private @Nullable Integer maxConnections;
    private HeartbeatSettings heartbeat = HeartbeatSettings.DEFAULTS;
    private ProbeSettings probe = ProbeSettings.DEFAULTS;
    private ReconnectSettings reconnect = ReconnectSettings.DEFAULTS;
    private BudgetSettings budgetSettings = BudgetSettings.DEFAULTS;
    private @Nullable AttemptBudget budget;
    private RecycleSettings recycle = RecycleSettings.DEFAULTS;
    private ChannelLimits limits = ChannelLimits.DEFAULTS;
    private CloseSettings close = CloseSettings.DEFAULTS;
    private LatencySettings latency = LatencySettings.OFF;
    private ClosePolicy closePolicy = ClosePolicies.standard();
    private DispatchPolicy dispatch = DispatchPolicy.HEALTHIEST;
    private Duration connectDeadline = ConnectSettings.DEFAULTS.deadline();
    private Duration readyDeadline = ConnectSettings.DEFAULTS.readyDeadline();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private List<String> subprotocols = List.of();
    private @Nullable SslContext sslContext;
    private boolean manualReady;
    private LoopMode mode = LoopMode.SLEEPING;
    private TransportKind transport = TransportKind.AUTO;
    private int loops = 1;
    private @Nullable ThreadFactory threads;
    private @Nullable Environment environment;
    private MessageListener onMessage = (channel, message) -> {};
    private ChannelListener onOpen = channel -> {};
    private PoolListener listener = new PoolListener() {};
    private OutcomeListener onOutcomes = (channel, outcome, reason, tokens, from, to) -> {};
    private WritableListener onWritable = channel -> {};

    WebSocketPoolBuilder(URI uri) {
        this.uri = uri;
    }

    /** Goes into thread and channel names and logs. Default {@code pool}. */
    public WebSocketPoolBuilder name(String name) {
        this.name = Check.notNull("name", name);
        return this;
    }

    /** Places to keep filled. Default 3. */
    public WebSocketPoolBuilder channels(int channels) {
        this.channels = channels;
        return this;
    }

    /** Sockets at any time, a hard limit. Default one more than {@code channels}; some venues allow exactly one. */
    public WebSocketPoolBuilder maxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
        return this;
    }

    /** Heartbeat and probes that public servers bear: the default. */
    public WebSocketPoolBuilder defaults() {
        heartbeat = HeartbeatSettings.DEFAULTS;
        probe = ProbeSettings.DEFAULTS;
        return this;
    }

    /** Fast probes, fast death: for servers that you run. Public ones count pings and may close with 1008. */
    public WebSocketPoolBuilder lan() {
        heartbeat = HeartbeatSettings.LAN;
        probe = ProbeSettings.LAN;
        return this;
    }

    /** One connection, broken before it is made anew: for venues that allow no second one. */
    public WebSocketPoolBuilder polite() {
        channels = 1;
        maxConnections = 1;
        return this;
    }

    /** When a silent channel is asked, and given up. */
    public WebSocketPoolBuilder heartbeat(HeartbeatSettings heartbeat) {
        this.heartbeat = heartbeat;
        return this;
    }

    /** How soon a stall is noticed. */
    public WebSocketPoolBuilder probe(ProbeSettings probe) {
        this.probe = probe;
        return this;
    }

    /** How a place is refilled. */
    public WebSocketPoolBuilder reconnect(ReconnectSettings reconnect) {
        this.reconnect = reconnect;
        return this;
    }

    /** How often the endpoint may be dialled, by this pool alone. */
    public WebSocketPoolBuilder budget(BudgetSettings budget) {
        this.budgetSettings = budget;
        this.budget = null;
        return this;
    }

    /** A budget that several pools share. */
    public WebSocketPoolBuilder budget(AttemptBudget shared) {
        this.budget = Check.notNull("budget", shared);
        return this;
    }

    /** When a healthy channel is replaced. Default never. */
    public WebSocketPoolBuilder recycle(RecycleSettings recycle) {
        this.recycle = recycle;
        return this;
    }

    /** After this a channel is replaced; for a venue that cuts after 24 h set 23 h. Default never. */
    public WebSocketPoolBuilder maxLifetime(Duration lifetime) {
        this.recycle = recycle.withMaxLifetime(lifetime);
        return this;
    }

    /** Bounds of one channel. */
    public WebSocketPoolBuilder limits(ChannelLimits limits) {
        this.limits = limits;
        return this;
    }

    /** How long an orderly end may take. */
    public WebSocketPoolBuilder closeTimeouts(CloseSettings close) {
        this.close = close;
        return this;
    }

    /** What is measured of each message's way. Default {@link LatencySettings#OFF}: pongs alone. */
    public WebSocketPoolBuilder latency(LatencySettings latency) {
        this.latency = latency;
        return this;
    }

    /** What follows a close that the peer began. Default {@link ClosePolicies#standard()}. */
    public WebSocketPoolBuilder closePolicy(ClosePolicy policy) {
        this.closePolicy = policy;
        return this;
    }

    /** How a channel is chosen. Default by health. */
    public WebSocketPoolBuilder dispatch(DispatchPolicy policy) {
        this.dispatch = policy;
        return this;
    }

    /** For name, TCP, TLS and upgrade together. Default 5 s. */
    public WebSocketPoolBuilder connectDeadline(Duration deadline) {
        this.connectDeadline = deadline;
        return this;
    }

    /** A header of the upgrade; names that the handshake needs are refused, as are line breaks. Never logged. */
    public WebSocketPoolBuilder header(String name, String value) {
        headers.put(Check.notNull("connect.headers", name), Check.notNull("connect.headers[" + name + "]", value));
        return this;
    }

    /** Subprotocols to offer, best first. */
    public WebSocketPoolBuilder subprotocols(String... offered) {
        for (String subprotocol : Check.notNull("connect.subprotocols", offered)) {
            Check.notNull("connect.subprotocols", subprotocol);
        }
        this.subprotocols = List.of(offered);
        return this;
    }

    /** TLS for {@code wss}; never closed by the pool. Default: the system's trust, host name verified, TLS 1.2 and up. */
    public WebSocketPoolBuilder sslContext(SslContext context) {
        this.sslContext = context;
        return this;
    }

    /** A channel is used by others only after its {@code ready()}: for a login that needs a reply. */
    public WebSocketPoolBuilder manualReady(boolean manual) {
        this.manualReady = manual;
        return this;
    }

    /** How long after its open a channel may wait for {@code ready()}. Default 10 s. */
    public WebSocketPoolBuilder readyDeadline(Duration deadline) {
        this.readyDeadline = deadline;
        return this;
    }

    /** Who drives the loops. Default {@code SLEEPING}. */
    public WebSocketPoolBuilder mode(LoopMode mode) {
        this.mode = mode;
        return this;
    }

    /** Which sockets of the operating system. Default {@code AUTO}. */
    public WebSocketPoolBuilder transport(TransportKind kind) {
        this.transport = kind;
        return this;
    }

    /** Event loops. Default 1. */
    public WebSocketPoolBuilder loops(int loops) {
        this.loops = loops;
        return this;
    }

    /**
     * Makes the loops' threads, for example pinned ones; without use in mode {@code CALLER_POLLED}. A {@code FastThreadLocalThread} costs
     * no garbage; another kind is named in the log.
     */
    public WebSocketPoolBuilder threadFactory(ThreadFactory factory) {
        this.threads = Check.notNull("threadFactory", factory);
        return this;
    }

    /** Receives every message. */
    public WebSocketPoolBuilder onMessage(MessageListener listener) {
        this.onMessage = Check.notNull("onMessage", listener);
        return this;
    }

    /** Hears of each channel's open, before others may use it. */
    public WebSocketPoolBuilder onChannelOpen(ChannelListener listener) {
        this.onOpen = Check.notNull("onChannelOpen", listener);
        return this;
    }

    /** Hears of rare things. */
    public WebSocketPoolBuilder listener(PoolListener listener) {
        this.listener = Check.notNull("listener", listener);
        return this;
    }

    /** Hears what became of sends with a token. */
    public WebSocketPoolBuilder onOutcomes(OutcomeListener listener) {
        this.onOutcomes = Check.notNull("onOutcomes", listener);
        return this;
    }

    /** Hears of room after {@code BACK_PRESSURED}. */
    public WebSocketPoolBuilder onWritable(WritableListener listener) {
        this.onWritable = Check.notNull("onWritable", listener);
        return this;
    }

    /** For the test world: time, chance, sockets, names and threads of its own. */
    @SuppressWarnings("exports")
    public WebSocketPoolBuilder environment(Environment environment) {
        this.environment = environment;
        return this;
    }

    /**
     * Checks everything and starts the pool: places are filled side by side, dials taking turns. Does not wait for a channel. Logs one line at INFO: which
     * sockets were chosen and why, mode, loops, Netty's version.
     *
     * @throws IllegalArgumentException for a bad setting; names it and its value
     * @throws IllegalStateException if Netty is too old, names both versions; if {@code transport} is not available, names the cause
     */
    public WebSocketPool start() {
        NettyVersion.check();
        UserCalls user = new UserCalls(onMessage, onOpen, listener, onOutcomes, onWritable);
        Assembly assembly = new Assembly(settings(), user, sslContext, budget);
        return environment == null ? assembly.start(threads) : assembly.start(environment);
    }

    private PoolSettings settings() {
        Integer most = maxConnections;
        return new PoolSettings(
                name,
                uri,
                channels,
                most == null ? channels + 1 : most,
                new ConnectSettings(connectDeadline, headers, subprotocols, readyDeadline),
                heartbeat,
                probe,
                reconnect,
                budgetSettings,
                recycle,
                limits,
                close,
                closePolicy,
                dispatch,
                mode,
                transport,
                loops,
                manualReady,
                latency);
    }

    /** What a log may show of a URI that could not be parsed: nothing behind the authority. */
    static String redacted(String uri) {
        int authority = uri.indexOf("://");
        int end = Math.max(0, authority + 3);
        while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        String shown = end == uri.length() ? uri : uri.substring(0, end) + "/...";
        int userInfo = shown.indexOf('@');
        return userInfo < 0 ? shown : "..." + shown.substring(userInfo);
    }
}
