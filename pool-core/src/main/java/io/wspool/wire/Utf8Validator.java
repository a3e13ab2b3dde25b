package io.wspool.wire;

import io.netty.buffer.ByteBuf;

/**
 * Checks UTF-8 (RFC 3629) piece by piece: no overlong forms, no surrogates, nothing above U+10FFFF. A bad byte is found
 * when it comes, not at the end of the text. One loop; no allocation; each byte is looked at once, ASCII eight at a time.
 */
final class Utf8Validator {
    private static final long NON_ASCII = 0x8080808080808080L;

    /** Continuation bytes that the character begun still needs. */
    private int needed;

    /** What the next continuation byte may be: narrower than 80..BF only behind E0, ED, F0 and F4. */
    private int lowest;

    private int highest;

    /** Forgets what came before. */
    void reset() {
        needed = 0;
    }

    /** Whether the text may end here: no character is unfinished. */
    boolean complete() {
        return needed == 0;
    }

    /** Takes the next bytes; false at the first bad one, after which only {@link #reset()} makes sense. */
    boolean feed(ByteBuf source, int index, int length) {
        int end = index + length;
        int i = index;
        while (i < end) {
            if (needed == 0) {
                while (end - i >= Long.BYTES && (source.getLongLE(i) & NON_ASCII) == 0) {
                    i += Long.BYTES;
                }
                if (i == end) {
                    return true;
                }
            }
            int b = source.getByte(i++) & 0xFF;
            if (needed == 0 ? !lead(b) : !continuation(b)) {
                return false;
            }
        }
        return true;
    }

    private boolean continuation(int b) {
        if (b < lowest || b > highest) {
            return false;
        }
        expect(needed - 1, 0x80, 0xBF);
        return true;
    }

    /** The table of RFC 3629 §4, row by row. */
    private boolean lead(int b) {
        if (b < 0x80) {
            return true;
        }
        if (b < 0xC2 || b > 0xF4) {
            return false;
        }
        if (b < 0xE0) {
            expect(1, 0x80, 0xBF);
        } else if (b < 0xF0) {
            expect(2, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
        } else {
            expect(3, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
        }
        return true;
    }

    private void expect(int bytes, int least, int most) {
        needed = bytes;
        lowest = least;
        highest = most;
    }
}
