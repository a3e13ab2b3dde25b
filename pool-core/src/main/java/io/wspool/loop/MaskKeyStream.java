package io.wspool.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Masking keys that a server cannot predict from those it has seen (RFC 6455 §5.3, §10.3): an AES-256-CTR key stream,
 * made 1 KiB at a time. {@code ThreadLocalRandom}, {@code Random} and xorshift will not do: their state follows from a
 * few outputs.
 * <p><b>Threads:</b> one, the loop's. <b>Cost:</b> a few nanoseconds a key and no allocation, but for one new AES key
 * every 2^20 masking keys. What was given out is wiped here, and an AES key is never used for a second million.
 */
public final class MaskKeyStream {
    static final int KEYS_PER_SEED = 1 << 20;
    private static final int BUFFER_BYTES = 1024;
    private static final int REFILLS_PER_SEED = KEYS_PER_SEED / (BUFFER_BYTES / Integer.BYTES);
    /** AES-256. */
    static final int SEED_BYTES = 32;
    /** The first counter block. */
    static final int NONCE_BYTES = 16;

    private static final byte[] ZEROS = new byte[BUFFER_BYTES];
    /** Big-endian on every machine, so that a seeded run is the same everywhere. */
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    final byte[] buffer = new byte[BUFFER_BYTES];
    private final Chance seeds;
    private final Cipher cipher;
    private int position = BUFFER_BYTES;
    private int refillsLeft;

    /** A stream that draws its seeds from {@code seeds}, which is then nobody else's. */
    MaskKeyStream(Chance seeds) {
        this.seeds = seeds;
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES/CTR/NoPadding in this Java: masking keys need it", e);
        }
        refill(); // a Java that refuses 256 bits says so here, not at the first send
    }

    /** The next masking key; all 2^32 are equally likely, 0 too. */
    public int nextKey() {
        if (position == BUFFER_BYTES) {
            refill();
        }
        int key = (int) INT.get(buffer, position);
        INT.set(buffer, position, 0);
        position += Integer.BYTES;
        return key;
    }

    /** Eight bytes, for the payload of a ping. Counts as two keys. */
    public long nextLong() {
        return ((long) nextKey() << 32) | (nextKey() & 0xFFFF_FFFFL);
    }

    private void refill() {
        try {
            if (refillsLeft == 0) {
                seed();
                refillsLeft = REFILLS_PER_SEED;
            }
            cipher.update(ZEROS, 0, BUFFER_BYTES, buffer, 0); // key stream XOR zeros
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-CTR failed: " + cipher.getProvider(), e);
        }
        refillsLeft--;
        position = 0;
    }

    private void seed() throws GeneralSecurityException {
        byte[] key = seeds.bytes(SEED_BYTES);
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(seeds.bytes(NONCE_BYTES)));
        Arrays.fill(key, (byte) 0); // the copy inside SecretKeySpec cannot be reached
    }
}
