package io.wspool.wire;

import java.util.Locale;

/**
 * Text that a peer chose, made safe for a log: one line, printable, short. Any thread; allocates.
 * <p>Against forged log lines, hidden direction marks and labels without end.
 */
public final class PeerText {
    private static final String CUT = "...";

    private PeerText() {}

    /**
     * The text with everything that does not print escaped as in Java source, and cut to {@code maxBytes} of UTF-8
     * (three dots mark the cut). A backslash is doubled, so that an escape cannot be forged.
     */
    public static String escaped(CharSequence text, int maxBytes) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), maxBytes) + CUT.length());
        int bytes = 0;
        int lengthAtCut = 0; // the last place where the dots would still fit
        for (int i = 0; i < text.length(); ) {
            int codePoint = Character.codePointAt(text, i);
            int before = out.length();
            append(out, codePoint);
            bytes += utf8Bytes(out, before);
            if (bytes > maxBytes) {
                out.setLength(lengthAtCut);
                return maxBytes < CUT.length() ? "" : out.append(CUT).toString();
            }
            if (bytes <= maxBytes - CUT.length()) {
                lengthAtCut = out.length();
            }
            i += Character.charCount(codePoint);
        }
        return out.toString();
    }

    /** The reason cut at a character's boundary so that its UTF-8 fits into a Close frame beside the code. */
    public static String clippedReason(String reason) {
        int bytes = 0;
        for (int i = 0; i < reason.length(); ) {
            int codePoint = reason.codePointAt(i);
            bytes += utf8Bytes(codePoint);
            if (bytes > CloseCodes.MAX_REASON_BYTES) {
                return reason.substring(0, i);
            }
            i += Character.charCount(codePoint);
        }
        return reason;
    }

    private static void append(StringBuilder out, int codePoint) {
        switch (codePoint) {
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (prints(codePoint)) {
                    out.appendCodePoint(codePoint);
                } else {
                    for (char unit : Character.toChars(codePoint)) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                    }
                }
            }
        }
    }

    private static boolean prints(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> codePoint == ' ';
            default -> true;
        };
    }

    private static int utf8Bytes(StringBuilder text, int from) {
        int bytes = 0;
        for (int i = from; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            bytes += utf8Bytes(codePoint);
            i += Character.charCount(codePoint);
        }
        return bytes;
    }

    /** As {@code String.getBytes(UTF_8)} counts: a lone surrogate becomes one question mark. */
    private static int utf8Bytes(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            return 1;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }
}
