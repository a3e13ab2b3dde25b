package io.wspool.api;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The twelve public sends, reduced to one offer per kind of source. */
public abstract class AbstractSender implements Sender {
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
        return offer(binary, false, false, 0);
    }

    @Override
    public final SendResult send(ByteBuf binary, long token) {
        return offer(binary, false, true, token);
    }

    @Override
    public final SendResult send(ByteBuffer binary) {
        return offer(binary, false, 0);
    }

    @Override
    public final SendResult send(ByteBuffer binary, long token) {
        return offer(binary, true, token);
    }

    @Override
    public final SendResult send(byte[] binary, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, binary.length);
        return offer(binary, offset, length, false, 0);
    }

    @Override
    public final SendResult send(byte[] binary, int offset, int length, long token) {
        Objects.checkFromIndexSize(offset, length, binary.length);
        return offer(binary, offset, length, true, token);
    }

    @Override
    public final SendResult sendText(CharSequence text) {
        return offer(text, false, 0);
    }

    @Override
    public final SendResult sendText(CharSequence text, long token) {
        return offer(text, true, token);
    }

    @Override
    public final SendResult sendText(ByteBuf utf8) {
        return offer(utf8, true, false, 0);
    }

    @Override
    public final SendResult sendText(ByteBuf utf8, long token) {
        return offer(utf8, true, true, token);
    }
}
