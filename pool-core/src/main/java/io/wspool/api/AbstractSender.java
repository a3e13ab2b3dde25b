package io.wspool.api;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The twelve public sends, reduced to one offer per kind of source. */
public abstract class AbstractSender implements Sender {
    // Constants, not Check: a send that holds shall not make a string or a lambda.
    private static final String NO_BINARY = "binary=null must be set";
    private static final String NO_TEXT = "text=null must be set";
    private static final String NO_UTF8 = "utf8=null must be set";

    /** For the pool and its channels. */
    protected AbstractSender() {}

    /** Offers readable bytes. */
    protected abstract SendResult offer(ByteBuf source, boolean text, boolean hasToken, long token);

    /** Offers the bytes between position and limit. */
    protected abstract SendResult offer(ByteBuffer source, boolean hasToken, long token);

    /** Offers a part of an array, whose bounds have been checked. */
    protected abstract SendResult offer(byte[] source, int offset, int length, boolean hasToken, long token);

    /** Offers text. */
    protected abstract SendResult offer(CharSequence source, boolean hasToken, long token);

    @Override
    public final SendResult send(ByteBuf binary) {
        return offer(Objects.requireNonNull(binary, NO_BINARY), false, false, 0);
    }

    @Override
    public final SendResult send(ByteBuf binary, long token) {
        return offer(Objects.requireNonNull(binary, NO_BINARY), false, true, token);
    }

    @Override
    public final SendResult send(ByteBuffer binary) {
        return offer(Objects.requireNonNull(binary, NO_BINARY), false, 0);
    }

    @Override
    public final SendResult send(ByteBuffer binary, long token) {
        return offer(Objects.requireNonNull(binary, NO_BINARY), true, token);
    }

    @Override
    public final SendResult send(byte[] binary) {
        return offer(binary, 0, Objects.requireNonNull(binary, NO_BINARY).length, false, 0);
    }

    @Override
    public final SendResult send(byte[] binary, long token) {
        return offer(binary, 0, Objects.requireNonNull(binary, NO_BINARY).length, true, token);
    }

    @Override
    public final SendResult send(byte[] binary, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, Objects.requireNonNull(binary, NO_BINARY).length);
        return offer(binary, offset, length, false, 0);
    }

    @Override
    public final SendResult send(byte[] binary, int offset, int length, long token) {
        Objects.checkFromIndexSize(offset, length, Objects.requireNonNull(binary, NO_BINARY).length);
        return offer(binary, offset, length, true, token);
    }

    @Override
    public final SendResult sendText(CharSequence text) {
        return offer(Objects.requireNonNull(text, NO_TEXT), false, 0);
    }

    @Override
    public final SendResult sendText(CharSequence text, long token) {
        return offer(Objects.requireNonNull(text, NO_TEXT), true, token);
    }

    @Override
    public final SendResult sendText(ByteBuf utf8) {
        return offer(Objects.requireNonNull(utf8, NO_UTF8), true, false, 0);
    }

    @Override
    public final SendResult sendText(ByteBuf utf8, long token) {
        return offer(Objects.requireNonNull(utf8, NO_UTF8), true, true, token);
    }
}
