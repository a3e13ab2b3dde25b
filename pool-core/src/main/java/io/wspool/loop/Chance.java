package io.wspool.loop;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The one source of chance: jitter, nonces, and the seeds of masking keys.
 * <p>From {@link #secure()} whatever a peer sees is cryptographically strong; from {@link #seeded} everything follows
 * from the seed, so that a run can be repeated exactly.
 * <p><b>Threads:</b> one at a time. Each consumer (the home loop, every other loop, a key stream) is given its own child by
 * {@link #split}, so that how much one draws changes nothing for the others; the order of the splits does.
 */
public final class Chance {
    private final SplittableRandom numbers;
    /** Null in a seeded one. Safe for any thread, so children share it. */
    private final @Nullable SecureRandom secrets;

    Chance(SplittableRandom numbers, @Nullable SecureRandom secrets) {
        this.numbers = numbers;
        this.secrets = secrets;
    }

    /** Unpredictable; seeded by the operating system. */
    public static Chance secure() {
        SecureRandom secrets = new SecureRandom();
        return new Chance(new SplittableRandom(secrets.nextLong()), secrets);
    }

    /** The same seed gives the same draws. For tests and simulation: its nonces and masking keys can be predicted. */
    public static Chance seeded(long seed) {
        return new Chance(new SplittableRandom(seed), null);
    }

    /** From 0, included, to 1, excluded. For jitter: not secret. No allocation. */
    public double nextDouble() {
        return numbers.nextDouble();
    }

    /** Any 64 bits. For jitter and seeds of jitter: not secret. No allocation. */
    public long nextLong() {
        return numbers.nextLong();
    }

    /** Fresh bytes for nonces and keys, which peers must not be able to foresee. */
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        if (secrets != null) {
            secrets.nextBytes(bytes);
        } else {
            numbers.nextBytes(bytes);
        }
        return bytes;
    }

    /** A new stream of masking keys, independent of all others. */
    public MaskKeyStream newMaskKeys() {
        return new MaskKeyStream(split());
    }

    /** An independent child. */
    public Chance split() {
        return new Chance(numbers.split(), secrets);
    }
}
