package io.wspool.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/** What a server has to send on one connection: as fast as its kernel takes it, or byte by byte. */
final class Outbox {
    private record Waiting(ByteBuf bytes, Runnable whenWritten) {}

    private final World world;
    private final MemorySocket socket;
    private final LongSupplier dribbleNanos;
    private final Runnable whenDone;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean dribbling;
    private boolean closing;
    private boolean ended;

    Outbox(World world, MemorySocket socket, LongSupplier dribbleNanos, Runnable whenDone) {
        this.world = world;
        this.socket = socket;
        this.dribbleNanos = dribbleNanos;
        this.whenDone = whenDone;
    }

    long waitingBytes() {
        return waitingBytes;
    }

    /** {@code whenWritten} runs when the kernel has taken the last byte. */
    void write(byte[] bytes, Runnable whenWritten) {
        if (!ended) {
            waiting.addLast(new Waiting(Unpooled.wrappedBuffer(bytes), whenWritten));
            waitingBytes += bytes.length;
            flush();
        }
    }

    /** The end, when everything is written. */
    void closeWhenWritten() {
        closing = true;
        flush();
    }

    void flush() {
        while (!ended && !waiting.isEmpty() && !dribbling) {
            Waiting first = waiting.getFirst();
            long every = dribbleNanos.getAsLong();
            int taken = take(every > 0 ? first.bytes.slice(first.bytes.readerIndex(), 1) : first.bytes);
            if (taken == 0) {
                return;
            }
            first.bytes.skipBytes(taken);
            waitingBytes -= taken;
            if (!first.bytes.isReadable()) {
                waiting.removeFirst();
                first.whenWritten.run();
            }
            if (every > 0) {
                dribbling = true;
                world.after(Duration.ofNanos(every), () -> {
                    dribbling = false;
                    flush();
                });
            }
        }
        if (!ended && closing && waiting.isEmpty()) {
            whenDone.run();
        }
    }

    private int take(ByteBuf bytes) {
        try {
            return socket.write(bytes);
        } catch (IOException e) {
            return 0; // whoever reads the same socket hears of it
        }
    }

    void end() {
        ended = true;
        waiting.clear();
    }
}
