package io.wspool.wire;

import io.netty.buffer.ByteBuf;

/**
 * What a {@link FrameReader} tells. Everything is called on the channel's event loop, in the order of the wire.
 * <p>Payloads are borrowed: one read-only view, moved on after the call. A sink should not throw: what it throws ends
 * the reading, because the place in the stream is lost with it.
 */
public interface FrameSink {
    /**
     * A whole message, its fragments put together.
     *
     * @param text whether it came as text, checked to be UTF-8
     * @param payload valid in the call only
     */
    void onMessage(boolean text, ByteBuf payload);

    /** A ping of at most 125 bytes; the view is valid in the call only. */
    void onPing(ByteBuf payload);

    /** A pong of at most 125 bytes, asked for or not; the view is valid in the call only. */
    void onPong(ByteBuf payload);

    /**
     * The peer's Close, at most once. What follows it is thrown away (RFC 6455 §5.5.1).
     *
     * @param code a legal one, or {@link CloseCodes#NO_CODE} for an empty body
     * @param reason checked to be UTF-8, else as the peer chose it: see {@link PeerText}
     */
    void onClose(int code, String reason);

    /**
     * The peer broke RFC 6455 or a limit. At most once, and nothing else is told after it; the input that follows is
     * thrown away for ever.
     *
     * @param closeCode what it deserves: 1002, 1007, 1008 or 1009
     * @param detail for a person; holds numbers, nothing of the payload
     */
    void onViolation(int closeCode, String detail);

    /**
     * Asked before a read and after each message, ping and pong, in which the state may have changed.
     *
     * @return false to have all further input thrown away; that is for ever
     */
    boolean takesFrames();

    /**
     * The peer lives. At most once per batch of reads, at its end: a frame ended in the batch, or 4 KiB of a data
     * frame's payload have come since the last call. What is slower is a dribble and no life.
     */
    void onLife();
}
