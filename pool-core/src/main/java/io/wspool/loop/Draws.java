package io.wspool.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Quick draws for any thread: xorshift64 in a few cells that threads share by their number. Two threads that meet in one cell may draw
 * the same number; where it only spreads load that does no harm. Not secret. No allocation, no lock.
 */
public final class Draws {
    private static final int CELLS = 16;
    private static final int LONGS_PER_CELL = 16; // two cache lines, so that cells do not disturb each other
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells = new long[(CELLS + 1) * LONGS_PER_CELL];

    /** Seeded by {@code chance}. */
    public Draws(Chance chance) {
        for (int i = 0; i < CELLS; i++) {
            cells[index(i)] = chance.nextLong() | 1; // zero would stay zero
        }
    }

    private static int index(int cell) {
        return (cell + 1) * LONGS_PER_CELL;
    }

    /** Any 64 bits. */
    public long next() {
        int index = index((int) Thread.currentThread().getId() & (CELLS - 1));
        long drawn = (long) CELL.getOpaque(cells, index);
        drawn ^= drawn << 13;
        drawn ^= drawn >>> 7;
        drawn ^= drawn << 17;
        CELL.setOpaque(cells, index, drawn);
        return drawn;
    }

    /** The upper half of a draw, brought into 0 to {@code bound} - 1. */
    public static int upper(long draw, int bound) {
        return (int) (((draw >>> 32) * bound) >>> 32);
    }

    /** The lower half of a draw, brought into 0 to {@code bound} - 1. */
    public static int lower(long draw, int bound) {
        return (int) (((draw & 0xFFFFFFFFL) * bound) >>> 32);
    }
}
