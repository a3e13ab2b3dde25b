package io.wspool.channel;

import io.netty.buffer.ByteBuf;
import io.netty.handler.timeout.IdleStateHandler;
import io.wspool.api.ApplicationHeartbeat;
import io.wspool.api.CloseCause;
import io.wspool.api.HeartbeatSettings;
import io.wspool.api.ProbeSettings;
import io.wspool.api.Standing;
import io.wspool.health.HeartbeatSchedule;
import io.wspool.health.PingDeafness;
import io.wspool.health.PingRing;
import io.wspool.health.ProbePolicy;
import io.wspool.health.RttEstimator;
import io.wspool.loop.LoopMember;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Acts on what {@code health} decides about one open channel: pings when it is silent, probes behind data, suspicion, death. Loop
 * only; all times are the loop's served time, so nothing of a local pause is held against the peer.
 */
final class Liveness {
    /** A heartbeat may come early by this part of its interval. */
    private static final long LIFE_SLACK = 1024;

    private static final byte[] NO_PAYLOAD = {};

    private final WebSocketChannel channel;
    private final ChannelLoop share;
    private final UserCalls user;
    private final Outbound out;
    private final Ledger ledger;
    private final Admission admission;
    private final HeartbeatSettings settings;
    private final boolean probesOn;
    private final PingRing pings = new PingRing();
    private final ProbePolicy probes;
    private final PingDeafness deafness;
    private final RttEstimator rtt = new RttEstimator();
    private final ChannelLatency latency;
    private final @Nullable ApplicationHeartbeat application;
    private final byte[] applicationPayload;

    private @Nullable HeartbeatSchedule heartbeat;
    private @Nullable IdleStateHandler idle;
    private final long lifeSlackNanos;
    private long toldOfLifeAt;
    private boolean heartbeatWaits;
    private boolean heartbeatEncoded;
    private boolean halfRingProbed;
    private boolean ticking;
    private boolean finalPingWanted;
    private long unmatchedPongs;

    Liveness(
            WebSocketChannel channel,
            ChannelLoop share,
            UserCalls user,
            Outbound out,
            Ledger ledger,
            Admission admission,
            ChannelLatency latency,
            HeartbeatSettings settings,
            ProbeSettings probeSettings) {
        this.channel = channel;
        this.share = share;
        this.user = user;
        this.out = out;
        this.ledger = ledger;
        this.admission = admission;
        this.latency = latency;
        this.settings = settings;
        this.lifeSlackNanos = settings.interval().toNanos() / LIFE_SLACK;
        this.toldOfLifeAt = share.loop.turnNanos() - lifeSlackNanos;
        this.probesOn = probeSettings.on();
        this.probes = new ProbePolicy(probeSettings, settings.timeout(), pings);
        this.deafness = new PingDeafness(settings.timeout());
        this.application = settings.application();
        this.applicationPayload = application == null ? NO_PAYLOAD : application.payload();
    }

    /** The 101 was verified, {@code upgradeNanos} after the request. */
    void opened(long upgradeNanos, IdleStateHandler idleHandler) {
        long now = share.loop.servedNanos();
        idle = idleHandler;
        heartbeat = new HeartbeatSchedule(settings, now);
        rtt.start(upgradeNanos, now);
        if (probesOn) {
            encodePing(now);
        }
    }

    // What the peer shows.

    /** Frames ended in this batch of reads. */
    void life() {
        IdleStateHandler handler = idle;
        if (handler != null && !toldOfLifeJustNow()) {
            handler.resetReadTimeout();
        }
        HeartbeatSchedule schedule = heartbeat;
        if (schedule != null && schedule.inEpisode()) {
            heard(schedule, share.loop.servedNanos());
        }
    }

    private void heard(HeartbeatSchedule schedule, long now) {
        schedule.heard(now);
        heartbeatWaits = false;
    }

    /** The idle handler reads the clock each time: a busy hot socket spares it that, and a heartbeat may come so little early. */
    private boolean toldOfLifeJustNow() {
        if (!share.loop.hot().areRead()) {
            return false; // the turn's time may be older than what was read
        }
        long now = share.loop.turnNanos();
        if (now - toldOfLifeAt < lifeSlackNanos) {
            return true;
        }
        toldOfLifeAt = now;
        return false;
    }

    /** A data frame ended. */
    void data() {
        if (!probes.evidence() && !deafness.deaf()) {
            deafness.data(share.loop.servedNanos());
        }
    }

    /** Whether a message is the answer to an application heartbeat, and so not the user's. */
    boolean isReply(BorrowedMessage message) {
        return application != null && user.isReply(application, message);
    }

    void pong(ByteBuf payload) {
        if (payload.readableBytes() != Long.BYTES || !pings.match(payload.getLong(payload.readerIndex()))) {
            unmatchedPongs++;
            return;
        }
        long now = share.loop.servedNanos();
        long roundTrip = now - pings.matchedTakenAtNanos();
        rtt.sample(roundTrip, now);
        latency.pong(roundTrip, ledger.written() > 0);
        probes.matched();
        deafness.matched();
        if (heartbeat != null) {
            heard(heartbeat, now);
        }
        ledger.confirm(pings.matchedMessages(), pings.matchedBytes());
        halfRingProbed = false; // what has come meanwhile may fill half of the ring again before anybody looks
        probes.due(
                ledger.finished(),
                ledger.confirmed(),
                now); // forgets a probe that was wanted for what is confirmed now
        channel.confirmed();
        if (channel.standing() == Standing.SUSPECT && !probes.suspect(rtt, now)) {
            channel.recovered();
        }
    }

    /** The idle handler has seen no frame for the interval: an episode begins, unless one is under way; then the ticks rule. */
    void silent() {
        HeartbeatSchedule schedule = heartbeat;
        if (schedule != null && !schedule.inEpisode()) {
            long now = share.loop.servedNanos();
            schedule.beginEpisode(now);
            tickWithin(0);
            pollHeartbeat(now);
        }
    }

    // What we do.

    /** The end of a turn in which something was encoded, before the write: a due probe goes with it. */
    void beforeFlush() {
        if (ledger.inflight() == 0 && !probes.waiting()) {
            return;
        }
        long now = share.loop.servedTurnNanos();
        probeIfDue(now);
        boolean half = admission.tokens() >= Admission.MOST_TOKENS / 2;
        halfRingProbed = half && (halfRingProbed || (probing() && encodePing(now)));
        lookAfter(now);
    }

    /** The kernel has taken everything that was encoded. */
    void written() {
        if (!pings.waitsForKernel() && !heartbeatEncoded && !heartbeatWaits) {
            return;
        }
        long now = share.loop.servedNanos();
        pings.taken(now);
        if (heartbeatEncoded && heartbeat != null) {
            heartbeatEncoded = false;
            heartbeat.taken(now);
        }
        if (heartbeatWaits) {
            share.loop.atEndOfTurn(this::sendHeartbeat);
        }
    }

    /** The last ping of a drain: its pong confirms everything. Goes as soon as it can. */
    void finalPing() {
        finalPingWanted = !encodePing(share.loop.servedNanos());
        tickWithin(0);
    }

    long tick(long now) {
        if (!channel.isOver()) {
            pollHeartbeat(now);
        }
        if (channel.isOver()) {
            ticking = false;
            return LoopMember.NO_TICK;
        }
        if (finalPingWanted) {
            finalPingWanted = !encodePing(now);
        }
        if (channel.standing() == Standing.SUSPECT && !pings.oldestIsOutstanding()) {
            encodePing(now); // the way back is an answered probe
        }
        probeIfDue(now);
        if (deafness.becameDeaf(now)) {
            channel.notices().pingDeaf();
        }
        if (channel.mayBeSuspected() && probes.suspect(rtt, now)) {
            channel.suspected();
            encodePing(now);
        }
        channel.ticked();
        long calm = calmNanos(now);
        ticking = calm != LoopMember.NO_TICK;
        return calm;
    }

    private void probeIfDue(long now) {
        // It ages from when it was due, not from the tick that found it: the suspect bound has one tick in it, not two.
        if (probing()
                && probes.due(ledger.finished(), ledger.confirmed(), now)
                && encodePing(probes.nextDueNanos(), now)) {
            probes.probed(now);
        }
    }

    private boolean probing() {
        return probesOn && !deafness.deaf() && !out.closeWritten();
    }

    /** Sends one probe if the estimate is too old to win by; false if no answer is to be expected. */
    boolean refresh() {
        long now = share.loop.servedNanos();
        return rtt.stale(now) && probing() && (pings.oldestIsOutstanding() || encodePing(now));
    }

    /** Sends one probe, unless one is under way. */
    void ask() {
        if (probing() && !pings.oldestIsOutstanding()) {
            encodePing(share.loop.servedNanos());
        }
    }

    private boolean encodePing(long now) {
        return encodePing(now, now);
    }

    private boolean encodePing(long agesFrom, long now) {
        long payload = share.keys.nextLong();
        if (!out.ping(payload)) {
            return false;
        }
        long passed = Math.max(0, share.loop.servedNanos() - now); // in this turn, by slow callbacks: not the peer's
        pings.add(payload, ledger.finished(), ledger.finishedBytes(), agesFrom + passed);
        deafness.pinged(now + passed);
        tickWithin(0);
        return true;
    }

    private void pollHeartbeat(long now) {
        HeartbeatSchedule schedule = Objects.requireNonNull(heartbeat, "open");
        if (!schedule.inEpisode()) {
            return;
        }
        if (heartbeatWaits || heartbeatEncoded) {
            schedule.blockedSince(out.lastProgressNanos(now));
        }
        for (; ; ) {
            switch (schedule.poll(now)) {
                case NOTHING -> {
                    return;
                }
                case PING -> {
                    heartbeatWaits = true;
                    sendHeartbeat();
                }
                case MISS -> channel.notices().missed(schedule.misses(), settings.misses());
                case DEAD -> {
                    channel.notices().missed(settings.misses(), settings.misses());
                    channel.cut(heartbeatTimeout());
                    return;
                }
            }
        }
    }

    private void sendHeartbeat() {
        if (!heartbeatWaits || channel.isOver()) {
            return;
        }
        boolean sent = application == null
                ? encodePing(share.loop.servedNanos())
                : out.heartbeat(application.isText(), applicationPayload);
        if (sent) {
            heartbeatWaits = false;
            heartbeatEncoded = true;
        }
    }

    private CloseCause heartbeatTimeout() {
        return new CloseCause(
                CloseCause.Kind.HEARTBEAT_TIMEOUT,
                CloseCause.ABNORMAL,
                "",
                false,
                "no answer to " + settings.misses() + " of " + settings.misses() + " heartbeats, each within "
                        + settings.timeout().toMillis() + " ms",
                null);
    }

    /** For how long it may be left alone: until its next probe is due, if nothing else is to come. */
    private long calmNanos(long now) {
        HeartbeatSchedule schedule = heartbeat;
        if (schedule != null && schedule.inEpisode()) {
            return 0;
        }
        Standing standing = channel.standing();
        if (standing == Standing.DRAINING || standing == Standing.SUSPECT || finalPingWanted) {
            return 0;
        }
        if (!probesOn || deafness.deaf()) {
            return LoopMember.NO_TICK;
        }
        if (pings.oldestIsOutstanding() || out.refusing()) {
            return 0;
        }
        if (ledger.inflight() == 0) {
            return LoopMember.NO_TICK;
        }
        return probes.waiting() ? Math.max(0, probes.nextDueNanos() - now) : 0;
    }

    /** Something has changed that ticks may have to look after. */
    void lookAfter(long now) {
        long calm = calmNanos(now);
        if (calm != LoopMember.NO_TICK) {
            tickWithin(calm);
        }
    }

    private void tickWithin(long calm) {
        if (ticking) {
            share.loop.tickWithin(calm);
        } else {
            ticking = true;
            share.loop.tick(channel, calm);
        }
    }

    // What others ask.

    boolean evidence() {
        return probes.evidence() && !deafness.deaf();
    }

    /** Whether a pong can be hoped for at all. */
    boolean confirms() {
        return probesOn && !deafness.deaf();
    }

    boolean deaf() {
        return deafness.deaf();
    }

    int misses() {
        return heartbeat == null ? 0 : heartbeat.misses();
    }

    RttEstimator rtt() {
        return rtt;
    }

    long unmatchedPongs() {
        return unmatchedPongs;
    }

    /** Served time since when the oldest ping is owed, or 0 if none is, or none is answered here. */
    long owedSince(long now) {
        long age = deafness.deaf() ? -1 : probes.owedNanos(now);
        return age < 0 ? 0 : now - age;
    }
}
