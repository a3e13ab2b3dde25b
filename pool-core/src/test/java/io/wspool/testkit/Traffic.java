package io.wspool.testkit;

import io.wspool.api.Outcome;
import io.wspool.api.OutcomeListener;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.api.Sender;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user who sends numbered messages and keeps an account of his own: each payload begins with a fresh id, which is its token
 * too. Give it to the pool as the {@link OutcomeListener} and to {@link Law} as the caller's ledger.
 */
public final class Traffic implements OutcomeListener {
    /** Leaves room for 2^40 messages of each user. */
    private static final int USER_SHIFT = 40;

    private enum Life {
        REFUSED(null, false),
        OFFERED(null, false),
        ACCEPTED(null, true),
        /** Outcomes may come before {@code send} has returned. */
        OFFERED_CONFIRMED(Outcome.CONFIRMED, false),
        OFFERED_NOT_SENT(Outcome.NOT_SENT, false),
        OFFERED_UNKNOWN(Outcome.UNKNOWN, false),
        CONFIRMED(Outcome.CONFIRMED, true),
        NOT_SENT(Outcome.NOT_SENT, true),
        UNKNOWN(Outcome.UNKNOWN, true);

        private final @Nullable Outcome outcome;
        private final boolean accepted;

        Life(@Nullable Outcome outcome, boolean accepted) {
            this.outcome = outcome;
            this.accepted = accepted;
        }

        Life accept() {
            return outcome == null ? ACCEPTED : of(outcome, true);
        }

        static Life of(Outcome outcome, boolean accepted) {
            return switch (outcome) {
                case CONFIRMED -> accepted ? CONFIRMED : OFFERED_CONFIRMED;
                case NOT_SENT -> accepted ? NOT_SENT : OFFERED_NOT_SENT;
                case UNKNOWN -> accepted ? UNKNOWN : OFFERED_UNKNOWN;
            };
        }
    }

    /** Hears each outcome as it is told. */
    interface Watcher {
        void outcome(long id, Outcome outcome, Outcome.Reason reason);

        /** Something that must not happen. */
        void wrong(String what);
    }

    private final long firstId;
    private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    private Life[] lives = new Life[1024];
    private int offered;
    private long accepted;
    private long refused;
    private @Nullable Watcher watcher;

    /** A user of this world, with ids that no other has. */
    public Traffic(World world) {
        firstId = world.newUser() << USER_SHIFT;
    }

    void watch(Watcher watcher) {
        this.watcher = watcher;
    }

    /** Sends the smallest message there is: the id alone. */
    public SendResult send(Sender sender) {
        return send(sender, Long.BYTES);
    }

    /** Sends a message of {@code bytes} bytes, at least 8. */
    public SendResult send(Sender sender, int bytes) {
        int number = offered++;
        if (number == lives.length) {
            lives = Arrays.copyOf(lives, 2 * number);
        }
        lives[number] = Life.OFFERED;
        long id = firstId + number;
        SendResult result = sender.send(ByteBuffer.allocate(bytes).putLong(0, id), id);
        settle(number, result);
        return result;
    }

    /** Sends {@code count} messages of {@code bytes} bytes; returns how many were accepted. */
    public int send(Sender sender, int bytes, int count) {
        int taken = 0;
        for (int i = 0; i < count; i++) {
            taken += send(sender, bytes) == SendResult.ACCEPTED ? 1 : 0;
        }
        return taken;
    }

    private void settle(int number, SendResult result) {
        Life life = lives[number];
        if (result == SendResult.ACCEPTED) {
            accepted++;
            lives[number] = life.accept();
            return;
        }
        refused++;
        lives[number] = Life.REFUSED;
        if (life.outcome != null) {
            wrong(number, "was refused as " + result + " and is " + life.outcome);
        }
    }

    @Override
    public void onOutcome(
            PooledChannel channel, Outcome outcome, Outcome.Reason reason, long[] tokens, int from, int to) {
        for (int i = from; i < to; i++) {
            ended(tokens[i], outcome, reason);
        }
    }

    private void ended(long id, Outcome outcome, Outcome.Reason reason) {
        if (!isMine(id)) {
            wrong(-1, "outcome " + outcome + " for " + id + ", which was never sent");
            return;
        }
        int number = (int) (id - firstId);
        Life life = lives[number];
        if (life == Life.REFUSED || life.outcome != null) {
            wrong(number, "is " + outcome + " " + reason + " and was " + life);
            return;
        }
        lives[number] = Life.of(outcome, life.accepted);
        counts.merge(outcome, 1L, Long::sum);
        if (watcher != null) {
            watcher.outcome(id, outcome, reason);
        }
    }

    private void wrong(int number, String what) {
        if (watcher != null) {
            watcher.wrong("message " + number + " " + what);
        }
    }

    boolean isMine(long id) {
        return id >= firstId && id < firstId + offered;
    }

    /** Whether a server may read it now: it was taken, or is just being offered, and is not known to have stayed. */
    boolean mayBeRead(long id) {
        Life life = isMine(id) ? lives[(int) (id - firstId)] : Life.REFUSED;
        return life != Life.REFUSED && life.outcome != Outcome.NOT_SENT;
    }

    /** What became of the message that was sent as number {@code number}, from 0; null while that is open. */
    public @Nullable Outcome outcome(int number) {
        return lives[number].outcome;
    }

    /** Messages accepted. */
    public long accepted() {
        return accepted;
    }

    /** Messages refused. */
    public long refused() {
        return refused;
    }

    /** Messages that ended so. */
    public long count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }

    /** Messages accepted whose outcome is still to come. */
    public long open() {
        return accepted - counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        return accepted + " accepted, " + refused + " refused, " + count(Outcome.CONFIRMED) + " confirmed, "
                + count(Outcome.NOT_SENT) + " not sent, " + count(Outcome.UNKNOWN) + " unknown, " + open() + " open";
    }
}
