package io.wspool.loop;

/** Text to UTF-8 without a {@code byte[]} in between. An unpaired surrogate is refused: UTF-8 cannot carry one. */
final class Utf8 {
    private Utf8() {}

    static int length(CharSequence text) {
        int chars = text.length();
        int i = 0;
        while (i < chars && text.charAt(i) < 0x80) {
            i++;
        }
        long bytes = i;
        while (i < chars) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
                i++;
            } else {
                codePoint(text, i);
                bytes += 4;
                i += 2;
            }
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    /**
     * Writes the text into the pieces of a message that has room for exactly its length.
     *
     * @throws IllegalArgumentException if the text has another length: it was changed since that was asked
     */
    static void encode(CharSequence text, Payload message) {
        int chars = text.length();
        int length = message.length;
        int written = 0;
        int i = 0;
        while (written < length && i < chars) {
            byte[] piece = message.array(written);
            int at = message.arrayIndex(written);
            int room = message.arrayBytes(written);
            int before = at;
            for (int end = at + room; at < end && i < chars; i++) {
                char c = text.charAt(i);
                if (c >= 0x80) {
                    break;
                }
                piece[at++] = (byte) c;
            }
            written += at - before;
            if (written < length && i < chars && text.charAt(i) >= 0x80) {
                int codePoint = codePoint(text, i);
                i += Character.charCount(codePoint);
                written = putWide(codePoint, message, written);
            }
        }
        if (written != length || i != chars) {
            throw new IllegalArgumentException("text was changed while it was sent: " + length + " bytes before");
        }
    }

    /** Two to four bytes, perhaps across two pieces. */
    private static int putWide(int codePoint, Payload message, int at) {
        if (codePoint < 0x800) {
            put(0xC0 | (codePoint >> 6), message, at);
            return putTail(codePoint, 1, message, at + 1);
        }
        if (codePoint < 0x10000) {
            put(0xE0 | (codePoint >> 12), message, at);
            return putTail(codePoint, 2, message, at + 1);
        }
        put(0xF0 | (codePoint >> 18), message, at);
        return putTail(codePoint, 3, message, at + 1);
    }

    private static int putTail(int codePoint, int bytes, Payload message, int at) {
        for (int i = bytes - 1; i >= 0; i--) {
            put(0x80 | ((codePoint >> (6 * i)) & 0x3F), message, at + bytes - 1 - i);
        }
        return at + bytes;
    }

    private static void put(int octet, Payload message, int at) {
        if (at < message.length) { // beyond it only if the text is being changed: the caller finds out
            message.array(at)[message.arrayIndex(at)] = (byte) octet;
        }
    }

    private static int codePoint(CharSequence text, int index) {
        int codePoint = Character.codePointAt(text, index);
        if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            throw new IllegalArgumentException("unpaired surrogate at index " + index);
        }
        return codePoint;
    }
}
