package io.wspool.loop;

import io.wspool.NanosBench;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What does a masking key cost? RFC 6455 wants keys that a peer cannot foresee: ours and {@code SecureRandom}'s are such, the other
 * two are what they cost without that.
 */
@NullMarked
@State(Scope.Thread)
public class MaskKeyBench extends NanosBench {
    private final MaskKeyStream stream = Chance.secure().newMaskKeys();
    private final SecureRandom secure = new SecureRandom();
    private final SplittableRandom splittable = new SplittableRandom();

    /** Ours: AES in counter mode, a kilobyte at a time. */
    @Benchmark
    public int wspool() {
        return stream.nextKey();
    }

    /** Secure, a key a call. */
    @Benchmark
    public int secureRandom() {
        return secure.nextInt();
    }

    /** Can be foreseen. */
    @Benchmark
    public int threadLocalRandom() {
        return ThreadLocalRandom.current().nextInt();
    }

    /** Can be foreseen. */
    @Benchmark
    public int splittableRandom() {
        return splittable.nextInt();
    }
}
