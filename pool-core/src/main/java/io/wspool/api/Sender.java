package io.wspool.api;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Takes messages: a pool (which chooses the channel for each) or one channel.
 * <p><b>Threads:</b> any; senders never wait for each other. <b>Order:</b> kept per thread and channel, not across
 * channels. <b>Cost:</b> one copy and, in steady state, no allocation; text from a {@link CharSequence} is encoded while
 * it is copied. <b>Buffers:</b> stay the caller's, unchanged, indices included, whatever the result; a refused send can be
 * repeated as it is. <b>Errors:</b> trouble with the network is a {@link SendResult}; a programming error throws.
 * <p>A <em>token</em> is any {@code long} of the caller's; what became of its message is told to the
 * {@link OutcomeListener}. Messages without a token are counted only.
 */
public interface Sender {
    /** Sends the readable bytes as one binary message. */
    SendResult send(ByteBuf binary);

    /** Sends the readable bytes as one binary message with a token. */
    SendResult send(ByteBuf binary, long token);

    /** Sends the bytes between position and limit as one binary message. */
    SendResult send(ByteBuffer binary);

    /** Sends the bytes between position and limit as one binary message with a token. */
    SendResult send(ByteBuffer binary, long token);

    /** Sends a whole array as one binary message. */
    SendResult send(byte[] binary);

    /** Sends a whole array as one binary message with a token. */
    SendResult send(byte[] binary, long token);

    /**
     * Sends a part of an array as one binary message.
     *
     * @throws IndexOutOfBoundsException if the part does not lie within the array
     */
    SendResult send(byte[] binary, int offset, int length);

    /** Sends a part of an array as one binary message with a token. */
    SendResult send(byte[] binary, int offset, int length, long token);

    /**
     * Sends text.
     *
     * @throws IllegalArgumentException if it has an unpaired surrogate, which UTF-8 cannot carry
     */
    SendResult sendText(CharSequence text);

    /** Sends text with a token. */
    SendResult sendText(CharSequence text, long token);

    /** Sends the readable bytes as one text message. They must be UTF-8: the peer closes the channel otherwise (1007). */
    SendResult sendText(ByteBuf utf8);

    /** Sends the readable bytes, which must be UTF-8, as one text message with a token. */
    SendResult sendText(ByteBuf utf8, long token);
}
