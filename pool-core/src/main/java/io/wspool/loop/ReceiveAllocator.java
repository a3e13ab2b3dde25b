package io.wspool.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * What Netty reads one connection into: a buffer of the loop, so that a message costs none of its own and no entry in Netty's leak
 * detector. It is one that may be kept, and from {@link #share} on the one that all direct reads of the loop use. Sharing is for handlers
 * that keep no bytes after {@code channelRead} has returned: our frame reader, not the parser of the upgrade, and not TLS. Loop only.
 */
public final class ReceiveAllocator extends DefaultMaxMessagesRecvByteBufAllocator {
    /** The largest that Netty's per-thread caches keep. */
    static final int BYTES = 32 * 1024;

    private final ReceiveBuffers buffers;
    private boolean shared;

    /** For one connection of the loop that {@code buffers} belong to. */
    public ReceiveAllocator(ReceiveBuffers buffers) {
        this.buffers = buffers;
    }

    /** From the next read on. */
    public void share() {
        shared = true;
    }

    @Override
    @SuppressWarnings("deprecation") // the only hook that Netty has
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return (shared ? buffers.shared() : buffers.keepable()).retain();
            }
        };
    }
}
