package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wspool.api.BudgetSettings;
import io.wspool.api.ChannelLimits;
import io.wspool.api.CloseSettings;
import io.wspool.api.HeartbeatSettings;
import io.wspool.api.LatencySettings;
import io.wspool.api.LoopMode;
import io.wspool.api.PoolSettings;
import io.wspool.api.ProbeSettings;
import io.wspool.api.ReconnectSettings;
import io.wspool.api.RecycleSettings;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each refusal names the setting and its value; nothing is started, and nothing is repaired. */
class BadSettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HALF = Duration.ofMillis(500);
    private static final Duration NONE = Duration.ZERO;
    private static final Duration NEGATIVE = Duration.ofNanos(-1);

    /** Whatever is refused, no thread of the pool is there afterwards. */
    @AfterEach
    void nothingWasStarted() {
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("wspool-bad"));
    }

    private static void refuses(Consumer<WebSocketPoolBuilder> setting, String message) {
        refuses(
                () -> {
                    WebSocketPoolBuilder builder =
                            WebSocketPool.to("ws://127.0.0.1:1/").name("bad");
                    setting.accept(builder);
                    builder.start().close();
                },
                message);
    }

    private static void refuses(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not a uri | uri=not a uri must be a URI: Illegal character in path",
                "ws://ho st/secret?token=1 | uri=ws://ho st/... must be a URI: Illegal character in authority",
                "http://127.0.0.1/ | uri.scheme=http must be ws or wss",
                "127.0.0.1:80 | uri=127.0.0.1:80 must be a URI: Illegal character in scheme name",
                "/path | uri.scheme=null must be ws or wss",
                "ws:///path | uri=ws://\"\" must be one with a host",
                "ws://under_score/ | uri=ws://\"under_score\" must be one with a host",
                "ws://user:pass@host/ | uri=ws://(not shown) must be without user-info",
                "ws://host:0/ | uri.port=0 must be >= 1 and <= 65535",
                "ws://host:65536/ | uri.port=65536 must be >= 1 and <= 65535",
                "ws://host/#part | uri=ws://host:80 must be without a fragment",
                "ws://host/\u00fc?token=1 | uri.path=(U+00FC at 1) must be printing ASCII",
            })
    void aMalformedUri(String uri, String message) {
        refuses(() -> WebSocketPool.to(uri).name("bad").start().close(), message);
    }

    @Test
    void noUri() {
        assertThatThrownBy(() -> WebSocketPool.to((String) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("uri=null must be set");
        assertThatThrownBy(() -> WebSocketPool.to((URI) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("uri=null must be set");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, PoolSettings.MOST_CHANNELS + 1})
    void channels(int channels) {
        refuses(b -> b.channels(channels), "channels=" + channels + " must be >= 1 and <= 100000");
    }

    @Test
    void countsThatContradictEachOther() {
        refuses(b -> b.channels(3).maxConnections(2), "maxConnections=2 must be >= channels=3");
        refuses(b -> b.maxConnections(-1), "maxConnections=-1 must be >= channels=3");
        refuses(b -> b.channels(2).loops(3), "loops=3 must be <= channels=2");
        refuses(b -> b.loops(0), "loops=0 must be >= 1 and <= 64");
        refuses(b -> b.channels(100).loops(65), "loops=65 must be >= 1 and <= 64");
        refuses(b -> b.loops(2).mode(LoopMode.CALLER_POLLED), "loops=2 must be 1 in mode CALLER_POLLED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "a/b", "\u00fc"})
    void names(String name) {
        refuses(
                () -> WebSocketPool.to("ws://127.0.0.1:1/").name(name).start().close(),
                "name=" + name + " must be 1 to 64 letters, digits, '.', '_' or '-'");
    }

    @Test
    void latency() {
        LatencySettings on = LatencySettings.ON;
        refuses(b -> b.latency(on.withRequests(-1)), "latency.openRequests=-1 must be >= 0 and <= 65536");
        refuses(b -> b.latency(on.withRequests(65_537)), "latency.openRequests=65537 must be >= 0 and <= 65536");
        refuses(
                b -> b.latency(new LatencySettings(false, 1, NONE, NONE)),
                "latency.openRequests=1 must be 0 where latency.on=false");
        refuses(
                b -> b.latency(on.withExpectedInterval(SECOND)),
                "latency.expectedInterval=PT1S must be PT0S where latency.openRequests=0");
        refuses(
                b -> b.latency(on.withRequests(1).withExpectedInterval(NEGATIVE)),
                "latency.expectedInterval=PT-0.000000001S must be >= 0");
        refuses(b -> b.latency(on.withLogEvery(NEGATIVE)), "latency.logEvery=PT-0.000000001S must be >= 0");
        refuses(
                b -> b.latency(on.withLogEvery(Duration.ofMillis(99))),
                "latency.logEvery=PT0.099S must be PT0S or >= PT0.1S");
        assertThat(on.withRequests(65_536).withLogEvery(Duration.ofMillis(100)).openRequests())
                .isEqualTo(65_536);
        assertThatThrownBy(() ->
                        WebSocketPool.to("ws://127.0.0.1:1/").latency(null).start())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("latency=null must be set");
    }

    @Test
    void theThreadFactory() {
        assertThatThrownBy(() -> WebSocketPool.to("ws://127.0.0.1:1/").threadFactory(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("threadFactory=null must be set");
    }

    @Test
    void durationsOfThePool() {
        refuses(b -> b.connectDeadline(NONE), "connect.deadline=PT0S must be > 0");
        refuses(b -> b.connectDeadline(NEGATIVE), "connect.deadline=PT-0.000000001S must be > 0");
        refuses(b -> b.readyDeadline(NONE), "connect.readyDeadline=PT0S must be > 0");
        refuses(b -> b.maxLifetime(NEGATIVE), "recycle.maxLifetime=PT-0.000000001S must be >= 0");
        refuses(
                b -> b.connectDeadline(Duration.ofSeconds(Long.MAX_VALUE)),
                "connect.deadline=" + Duration.ofSeconds(Long.MAX_VALUE) + " must be <= PT2562047H47M16.854775807S");
        refuses(
                b -> b.maxLifetime(SECOND),
                "recycle.maxLifetime=PT1S must be long enough that, less its variance, it is >= reconnect.stableAfter=PT10S");
    }

    @Test
    void heartbeats() {
        refuses(() -> heartbeat(NONE, SECOND, 1, 1, SECOND), "heartbeat.interval=PT0S must be > 0");
        refuses(() -> heartbeat(SECOND, NEGATIVE, 1, 1, SECOND), "heartbeat.timeout=PT-0.000000001S must be > 0");
        refuses(() -> heartbeat(SECOND, SECOND, 0, 1, SECOND), "heartbeat.misses=0 must be >= 1 and <= 100");
        refuses(() -> heartbeat(SECOND, SECOND, 1, 0.9, SECOND), "heartbeat.factor=0.9 must be >= 1.0 and <= 10.0");
        refuses(
                () -> heartbeat(SECOND, SECOND, 1, Double.NaN, SECOND),
                "heartbeat.factor=NaN must be >= 1.0 and <= 10.0");
        refuses(() -> heartbeat(SECOND, SECOND, 1, 1, HALF), "heartbeat.cap=PT0.5S must be >= heartbeat.interval=PT1S");
    }

    private static void heartbeat(Duration interval, Duration timeout, int misses, double factor, Duration cap) {
        assertThat(new HeartbeatSettings(interval, timeout, misses, factor, cap, null))
                .isNull();
    }

    @Test
    void theOtherSettings() {
        refuses(() -> use(new ProbeSettings(NEGATIVE, HALF)), "probe.gap=PT-0.000000001S must be >= 0");
        refuses(() -> use(new ProbeSettings(NONE, NONE)), "probe.suspectFloor=PT0S must be > 0");
        refuses(() -> use(reconnect(SECOND, HALF, 5)), "reconnect.cap=PT0.5S must be >= reconnect.first=PT1S");
        refuses(() -> use(reconnect(NONE, HALF, 5)), "reconnect.first=PT0S must be > 0");
        refuses(() -> use(reconnect(SECOND, SECOND, 0)), "reconnect.breakerFailures=0 must be >= 1 and <= 1000000");
        refuses(() -> use(new BudgetSettings(0, 1, 1)), "budget.burst=0 must be >= 1 and <= 1000000");
        refuses(() -> use(new BudgetSettings(1, 0, 1)), "budget.perSecond=0.0 must be >= 0.001 and <= 1000000.0");
        refuses(() -> use(new BudgetSettings(1, 1, 0)), "budget.inFlight=0 must be >= 1 and <= 10000");
        refuses(() -> use(new RecycleSettings(NONE, 0.6, NONE)), "recycle.variance=0.6 must be >= 0.0 and <= 0.5");
        refuses(() -> use(new CloseSettings(NEGATIVE, SECOND)), "close.drain=PT-0.000000001S must be >= 0");
        refuses(() -> use(new CloseSettings(NONE, NONE)), "close.handshake=PT0S must be > 0");
        refuses(() -> use(limits(0, 1, 1, 125)), "limits.waitingMessages=0 must be >= 1 and <= 1048576");
        refuses(() -> use(limits(1, 0, 1, 125)), "limits.waitingBytes=0 must be >= 1 and <= 1073741824");
        refuses(() -> use(limits(1, 1, -5, 125)), "limits.maxSendBytes=-5 must be >= 1 and <= 1073741824");
        refuses(() -> use(limits(1, 1, 1, 124)), "limits.fragmentBytes=124 must be >= 125 and <= 65522");
    }

    private static void use(Object made) {
        assertThat(made).as("it should have been refused").isNull();
    }

    private static ReconnectSettings reconnect(Duration first, Duration cap, int failures) {
        return new ReconnectSettings(first, 2, cap, NONE, NONE, failures, SECOND);
    }

    private static ChannelLimits limits(int messages, int bytes, int send, int fragment) {
        return new ChannelLimits(messages, bytes, send, 1, 1, fragment);
    }

    @Test
    void headersAndSubprotocols() {
        refuses(b -> b.header("Host", "x"), "connect.headers=Host must be none that the upgrade itself writes");
        refuses(b -> b.header("a b", "x"), "connect.headers=\"a b\" must be a token of RFC 9110");
        refuses(
                b -> b.header("Authorization", "secret\r\nX: y"),
                "connect.headers[Authorization]=(U+000D at 6) must be printing ASCII and spaces");
        refuses(b -> b.subprotocols("a", "a"), "connect.subprotocols=a must be offered once");
        refuses(b -> b.subprotocols("a,b"), "connect.subprotocols=\"a,b\" must be a token of RFC 9110");
    }

    @Test
    void nullSettings() {
        assertNull("heartbeat", b -> b.heartbeat(null));
        assertNull("probe", b -> b.probe(null));
        assertNull("reconnect", b -> b.reconnect(null));
        assertNull("budget", b -> b.budget((BudgetSettings) null));
        assertNull("budget", b -> b.budget((AttemptBudget) null));
        assertNull("limits", b -> b.limits(null));
        assertNull("close", b -> b.closeTimeouts(null));
        assertNull("closePolicy", b -> b.closePolicy(null));
        assertNull("dispatch", b -> b.dispatch(null));
        assertNull("mode", b -> b.mode(null));
        assertNull("connect.deadline", b -> b.connectDeadline(null));
        assertNull("connect.headers", b -> b.header(null, "x"));
        assertNull("connect.headers[A]", b -> b.header("A", null));
        assertNull("connect.subprotocols", b -> b.subprotocols((String[]) null));
        assertNull("connect.subprotocols", b -> b.subprotocols("a", null));
        assertNull("name", b -> b.name(null));
        assertNull("onMessage", b -> b.onMessage(null));
        assertNull("onOutcomes", b -> b.onOutcomes(null));
        assertNull("listener", b -> b.listener(null));
        assertNull("recycle", b -> b.recycle(null));
    }

    private static void assertNull(String name, Consumer<WebSocketPoolBuilder> setting) {
        assertThatThrownBy(() -> {
                    WebSocketPoolBuilder builder =
                            WebSocketPool.to("ws://127.0.0.1:1/").name("bad");
                    setting.accept(builder);
                    builder.start().close();
                })
                .isInstanceOf(NullPointerException.class)
                .hasMessage(name + "=null must be set");
    }

    @Test
    void waitingAndClosingTakeNoNegativeTime() {
        try (WebSocketPool pool = WebSocketPool.to("ws://127.0.0.1:1/").start()) {
            refuses(() -> pool.awaitReady(NEGATIVE), "limit=PT-0.000000001S must be >= 0");
            refuses(() -> pool.close(NEGATIVE), "drain=PT-0.000000001S must be >= 0");
            assertThatThrownBy(() -> pool.close(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("drain=null must be set");
        }
    }
}
