package io.wspool.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a scripted server answers. {@link ScriptedServer#behaviour} changes all connections that have none of their own;
 * {@link ServerConnection#behaviour} gives one its own. Each method takes effect for what comes next.
 */
public final class Behaviour {
    /** Which pings are answered, of those that arrive together. */
    public enum Pings {
        /** All: RFC 6455 §5.5.2. */
        ALL,
        /** The most recent: §5.5.3 allows it. */
        LAST,
        /** The first: not allowed, and seen. */
        FIRST,
        /** None: proxies do so. */
        NONE,
        /** All, with a changed payload. */
        ALTERED
    }

    boolean closesAfterAccept;
    boolean upgradeIgnored;

    @Nullable
    String upgradeAnswer;

    String extraHeaders = "";
    long upgradeDelayNanos;
    Pings pings = Pings.ALL;
    long pongDelayNanos;
    boolean echoes;
    boolean ignoresClose;
    boolean silent;
    long dribbleNanos;
    int feedBytes;
    long feedEveryNanos;

    Behaviour() {}

    Behaviour(Behaviour other) {
        closesAfterAccept = other.closesAfterAccept;
        upgradeIgnored = other.upgradeIgnored;
        upgradeAnswer = other.upgradeAnswer;
        extraHeaders = other.extraHeaders;
        upgradeDelayNanos = other.upgradeDelayNanos;
        pings = other.pings;
        pongDelayNanos = other.pongDelayNanos;
        echoes = other.echoes;
        ignoresClose = other.ignoresClose;
        silent = other.silent;
        dribbleNanos = other.dribbleNanos;
        feedBytes = other.feedBytes;
        feedEveryNanos = other.feedEveryNanos;
    }

    /** Ends each connection before it has read anything. */
    public Behaviour closeAfterAccept(boolean on) {
        closesAfterAccept = on;
        return this;
    }

    /** Reads the upgrade and never answers it. */
    public Behaviour ignoreUpgrade(boolean on) {
        upgradeIgnored = on;
        return this;
    }

    /** Answers the upgrade with a status, headers like {@code "Retry-After: 2"}, and the end of the stream. */
    public Behaviour refuseUpgrade(int status, String... headers) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        upgradeAnswer = head.append("\r\n").toString();
        return this;
    }

    /** Answers the upgrade with these characters (ISO 8859-1), whatever they are, and the end of the stream. */
    public Behaviour answerUpgradeWith(String raw) {
        upgradeAnswer = raw;
        return this;
    }

    /** Answers the upgrade properly again, with these headers added to the 101. */
    public Behaviour acceptUpgrade(String... headers) {
        upgradeAnswer = null;
        upgradeIgnored = false;
        extraHeaders = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return this;
    }

    /** Answers the upgrade so late. */
    public Behaviour upgradeDelay(Duration delay) {
        upgradeDelayNanos = delay.toNanos();
        return this;
    }

    /** Which pings are answered. */
    public Behaviour pings(Pings answered) {
        pings = answered;
        return this;
    }

    /** Lets pings pass unanswered, or no longer. */
    public Behaviour ignorePings(boolean on) {
        return pings(on ? Pings.NONE : Pings.ALL);
    }

    /** Answers pings so late. */
    public Behaviour pongDelay(Duration delay) {
        pongDelayNanos = delay.toNanos();
        return this;
    }

    /** Sends each data message back. */
    public Behaviour echo(boolean on) {
        echoes = on;
        return this;
    }

    /** Reads a Close and does nothing. */
    public Behaviour ignoreClose(boolean on) {
        ignoresClose = on;
        return this;
    }

    /** Reads everything and answers nothing of it: no pong, no echo, no Close. */
    public Behaviour silent(boolean on) {
        silent = on;
        return this;
    }

    /** Sends one byte at a time, so far apart; zero ends it. */
    public Behaviour dribble(Duration every) {
        dribbleNanos = every.toNanos();
        return this;
    }

    /** Sends a binary message of this size so often, on each connection that opens from now on; zero ends it. */
    public Behaviour feed(int bytes, Duration every) {
        feedBytes = bytes;
        feedEveryNanos = every.toNanos();
        return this;
    }
}
