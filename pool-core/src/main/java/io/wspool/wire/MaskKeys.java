package io.wspool.wire;

/**
 * Where masking keys come from. RFC 6455 §5.3 wants each key derived from a strong source of entropy and not simple to
 * predict from the ones before; any of the 2^32 values is legal, zero too.
 */
@FunctionalInterface
public interface MaskKeys {
    /** The next key. Called once per frame, on the loop that writes it. */
    int nextKey();
}
