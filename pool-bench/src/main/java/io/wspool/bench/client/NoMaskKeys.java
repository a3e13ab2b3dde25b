package io.wspool.bench.client;

import io.wspool.api.PooledChannel;
import io.wspool.wire.MaskKeys;
import java.lang.reflect.Field;
import java.util.List;

/**
 * Gives the channels of a pool masking keys of zero, to see what secure ones cost. No user can: the pool has no setting for it, so
 * its fields are written, which the class path allows.
 */
final class NoMaskKeys {
    private static final MaskKeys ZERO = () -> 0;

    private NoMaskKeys() {}

    static void putInto(List<PooledChannel> channels) throws ReflectiveOperationException {
        for (PooledChannel channel : channels) {
            Object share = read(channel, "share");
            Object writer = read(share, "writer");
            field(writer, "keys").set(writer, ZERO);
        }
    }

    private static Object read(Object from, String name) throws ReflectiveOperationException {
        return field(from, name).get(from);
    }

    private static Field field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
