package io.wspool.wire;

/** The opcodes of RFC 6455 §5.2. All others are reserved. */
public final class Opcodes {
    /** Continues the unfinished message. */
    public static final int CONTINUATION = 0x0;

    /** Begins a text message. */
    public static final int TEXT = 0x1;

    /** Begins a binary message. */
    public static final int BINARY = 0x2;

    /** Ends the conversation. */
    public static final int CLOSE = 0x8;

    /** Asks for a pong with the same payload. */
    public static final int PING = 0x9;

    /** Answers a ping, or comes unasked. */
    public static final int PONG = 0xA;

    private Opcodes() {}

    /** Whether the top bit of the four marks a control frame, known or reserved. */
    static boolean isControl(int opcode) {
        return opcode >= CLOSE;
    }

    /** Of a data frame (RFC 6455 §5.4): a message's later frames are continuations. */
    public static int ofFrame(boolean text, boolean continuation) {
        return continuation ? CONTINUATION : text ? TEXT : BINARY;
    }
}
