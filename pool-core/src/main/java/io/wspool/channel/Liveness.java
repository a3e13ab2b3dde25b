package io.wspool.channel;

import io.netty.buffer.ByteBuf;
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
import org.jspecify.annotations.Nullable;

/**
 * Acts on what {@code health} decides about one open channel: pings when it is silent, probes behind data, suspicion, death. Loop
 * only; all times are the loop's served time, so nothing of a local pause is held against the peer.
 */
final class Liveness {
    /** A heartbeat may come early by this part of its interval. */
    private static final long LIFE_SLACK = 1024;

    private final WebSocketChannel channel;
    private final ChannelLoop share;
    private final Outbound out;
    private final Ledger ledger;
    private final Admission admission;
    private final HeartbeatSettings settings;
    private final boolean probesOn;
    private final PingRing pings = new PingRing();
    private final ProbePolicy probes;
    private final RttEstimator rtt;
    private final ChannelLatency latency;

    /** Until the peer has answered a ping. */
    private @Nullable PingDeafness deafness;

    /** While the peer is silent. */
    private @Nullable HeartbeatSchedule heartbeat;

    private @Nullable Tail tail;
    private long toldOfLifeUntil;
    private boolean heartbeatWaits;
    private boolean heartbeatEncoded;
    private boolean halfRingProbed;
    private boolean ticking;
    private boolean finalPingWanted;
    private long unmatchedPongs;

    Liveness(
            WebSocketChannel channel,
            ChannelLoop share,
            Outbound out,
            Ledger ledger,
            Admission admission,
            ChannelLatency latency,
            RttEstimator rtt) {
        this.channel = channel;
        this.share = share;
        this.out = out;
        this.ledger = ledger;
        this.admission = admission;
        this.latency = latency;
        this.rtt = rtt;
        this.settings = channel.settings().heartbeat();
        ProbeSettings probeSettings = channel.settings().probe();
        this.toldOfLifeUntil = share.loop.turnNanos();
        this.probesOn = probeSettings.on();
        this.probes = new ProbePolicy(probeSettings, settings.timeout(), pings);
        this.deafness = new PingDeafness(settings.timeout());
    }

    /** The 101 was verified, {@code upgradeNanos} after the request. */
    void opened(long upgradeNanos, Tail tail) {
        long now = share.loop.servedNanos();
        this.tail = tail;
        rtt.start(upgradeNanos, now);
        if (probesOn) {
            encodePing(now);
        }
    }

    // What the peer shows.

    /** Frames ended in this batch of reads. */
    void life() {
        Tail silence = tail;
        if (silence != null && !toldOfLifeJustNow()) {
            silence.resetReadTimeout();
        }
        heard();
    }

    private void heard() {
        if (heartbeat != null) {
            heartbeat = null;
            heartbeatWaits = false;
            heartbeatEncoded = false;
        }
    }

    /** The pipeline's end reads the clock each time: a busy hot socket spares it that, and a heartbeat may come so little early. */
    private boolean toldOfLifeJustNow() {
        if (!share.loop.hot().areRead()) {
            return false; // the turn's time may be older than what was read
        }
        long now = share.loop.turnNanos();
        if (now - toldOfLifeUntil < 0) {
            return true;
        }
        toldOfLifeUntil = now + settings.interval().toNanos() / LIFE_SLACK;
        return false;
    }

    /** A data frame ended. */
    void data() {
        PingDeafness undecided = deafness;
        if (undecided != null && !undecided.deaf()) {
            undecided.data(share.loop.servedNanos());
        }
    }

    /** What is sent instead of pings, if anything is; its answers are not the user's. */
    @Nullable
    ApplicationHeartbeat application() {
        return settings.application();
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
        deafness = null; // also where it had been found deaf
        heard();
        ledger.confirm(pings.matchedMessages(), pings.matchedBytes());
        halfRingProbed = false; // what has come meanwhile may fill half of the ring again before anybody looks
        probes.look(ledger.finished(), ledger.settled(), now); // a probe that was wanted for these is not any more
        channel.confirmed();
        if (channel.standing() == Standing.SUSPECT && !probes.suspect(rtt, now)) {
            channel.recovered();
        }
    }

    /** No frame for the interval: heartbeats begin, unless they are under way; then the ticks rule. */
    void silent() {
        if (heartbeat == null) {
            long now = share.loop.servedNanos();
            heartbeat = new HeartbeatSchedule(settings, now);
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
        if (!half) {
            halfRingProbed = false;
        } else if (!halfRingProbed && probing()) {
            halfRingProbed = encodePing(now);
        }
        lookAfter(now);
    }

    /** The kernel has taken everything that was encoded. */
    void taken() {
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
        if (channel.standing() == Standing.SUSPECT && !pings.anyOutstanding()) {
            encodePing(now); // the way back is an answered probe
        }
        probeIfDue(now);
        if (deafness != null && deafness.becameDeaf(now)) {
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
                && probes.due(ledger.finished(), ledger.settled(), now)
                && encodePing(probes.nextDueNanos(), now)) {
            probes.probed(now);
        }
    }

    private boolean probing() {
        return confirms() && !out.closeEncoded();
    }

    /** Sends one probe if the estimate is too old to win by; false if no answer is to be expected. */
    boolean refresh() {
        long now = share.loop.servedNanos();
        return rtt.stale(now) && probing() && (pings.anyOutstanding() || encodePing(now));
    }

    /** Sends one probe, unless one is under way. */
    void ask() {
        if (probing() && !pings.anyOutstanding()) {
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
        if (deafness != null) {
            deafness.pinged(now + passed);
        }
        tickWithin(0);
        return true;
    }

    private void pollHeartbeat(long now) {
        HeartbeatSchedule schedule = heartbeat;
        if (schedule == null) {
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
        ApplicationHeartbeat application = settings.application();
        boolean sent = application == null
                ? encodePing(share.loop.servedNanos())
                : out.heartbeat(application.isText(), application.payload());
        if (sent) {
            heartbeatWaits = false;
            heartbeatEncoded = true;
        }
    }

    private CloseCause heartbeatTimeout() {
        return CloseCause.abnormal(
                CloseCause.Kind.HEARTBEAT_TIMEOUT,
                "no answer to " + settings.misses() + " of " + settings.misses() + " heartbeats, each within "
                        + settings.timeout().toMillis() + " ms",
                null);
    }

    /** For how long it may be left alone: until its next probe is due, if nothing else is to come. */
    private long calmNanos(long now) {
        if (heartbeat != null) {
            return 0;
        }
        Standing standing = channel.standing();
        if (standing == Standing.DRAINING || standing == Standing.SUSPECT || finalPingWanted) {
            return 0;
        }
        if (!confirms()) {
            return LoopMember.NO_TICK;
        }
        if (pings.anyOutstanding() || out.refusing()) {
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
        return probes.evidence();
    }

    /** Whether a pong can be hoped for at all. */
    boolean confirms() {
        return probesOn && !deaf();
    }

    boolean deaf() {
        return deafness != null && deafness.deaf();
    }

    int misses() {
        return heartbeat == null ? 0 : heartbeat.misses();
    }

    /** Whether snapshots have nothing to tell of it yet. */
    boolean isBlank() {
        return misses() == 0 && unmatchedPongs == 0 && !deaf();
    }

    long unmatchedPongs() {
        return unmatchedPongs;
    }

    /** Served time since when the oldest ping is owed, or {@link Load#NEVER} if none is, or none is answered here. */
    long owedSince(long now) {
        long age = deaf() ? -1 : probes.owedNanos(now);
        return age < 0 ? Load.NEVER : now - age;
    }
}
