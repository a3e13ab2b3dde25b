package io.wspool.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.wspool.api.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The one message object of a loop; it shows the payload that is being handed out. */
final class BorrowedMessage implements Message {
    private boolean text;
    private ByteBuf content = Unpooled.EMPTY_BUFFER;

    BorrowedMessage show(boolean text, ByteBuf content) {
        this.text = text;
        this.content = content;
        return this;
    }

    @Override
    public boolean isText() {
        return text;
    }

    @Override
    public int length() {
        return content.writerIndex();
    }

    @Override
    public ByteBuf content() {
        return content;
    }

    @Override
    public String text() {
        return content.toString(0, length(), StandardCharsets.UTF_8);
    }

    @Override
    public void copyTo(ByteBuffer target) {
        int limit = target.limit();
        target.limit(Math.addExact(target.position(), length()) <= limit ? target.position() + length() : limit);
        try {
            if (target.remaining() < length()) {
                throw new java.nio.BufferOverflowException();
            }
            content.getBytes(0, target);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public byte[] bytes() {
        return ByteBufUtil.getBytes(content, 0, length(), true);
    }
}
