package io.wspool.testkit;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** One end of a connection: what a process sees of it through its kernel. */
final class MemorySocket {
    private final World world;
    private final MemoryLink link;
    private final Pipe out;
    private final Pipe in;
    private boolean closed;
    private Runnable onChange = () -> {};

    MemorySocket(World world, MemoryLink link, Pipe out, Pipe in) {
        this.world = world;
        this.link = link;
        this.out = out;
        this.in = in;
        in.onArrival = this::arrived;
        out.onRoom = this::changed;
    }

    /** What to do when it may have become readable or writable; runs outside all turns of loops. */
    void onChange(Runnable onChange) {
        this.onChange = onChange;
    }

    private void arrived() {
        if (in.isReset()) {
            out.drop();
        }
        changed();
    }

    void changed() {
        if (!closed) {
            onChange.run();
        }
    }

    /** Whether a read would give bytes, the end of the stream or an error. */
    boolean readable() {
        return in.readable() > 0 || in.atEnd() || in.isReset();
    }

    /** Whether a third of the send buffer is free, as Linux has it, or a write would fail. */
    boolean writable() {
        return 3L * out.room() >= link.settings().sendBuffer || in.isReset();
    }

    /** Bytes written and not yet acknowledged by the other kernel. */
    int held() {
        return out.held();
    }

    /**
     * Reads into the writable part of {@code target}.
     *
     * @return how many bytes, 0 if there are none now, -1 at the end of the stream
     */
    int read(ByteBuf target) throws IOException {
        if (in.readable() == 0) {
            if (in.isReset()) { // Linux gives what had arrived first
                throw new IOException("Connection reset by peer");
            }
            return in.atEnd() ? -1 : 0;
        }
        LinkSettings settings = link.settings();
        int length = Math.min(
                Math.min(in.readable(), target.writableBytes()), atMost(settings.leastRead, settings.mostRead));
        in.read(target, length);
        return length;
    }

    /** Takes as much of {@code source} as it likes, from its reader index, which does not move; returns how much. */
    int write(ByteBuf source) throws IOException {
        if (in.isReset()) {
            throw new IOException("Connection reset by peer");
        }
        LinkSettings settings = link.settings();
        int length =
                Math.min(Math.min(out.room(), source.readableBytes()), atMost(settings.leastWrite, settings.mostWrite));
        if (length > 0) {
            out.write(source, source.readerIndex(), length);
        }
        return length;
    }

    private int atMost(int least, int most) {
        return most == Integer.MAX_VALUE ? most : (int) world.between(least, most);
    }

    /** The end of what this side sends; it still reads. */
    void finish() {
        out.finish();
    }

    /** A plain close: what is held is still sent; but unread input makes it a cut, as in TCP. */
    void close() {
        if (in.readable() > 0) {
            cut();
        } else if (!closed) {
            closed = true;
            in.receiverGone();
            out.finish();
        }
    }

    /** A close with linger 0: what is held and has not left is dropped, the peer is told by a reset. */
    void cut() {
        if (!closed) {
            closed = true;
            in.receiverGone();
            if (!in.isReset()) {
                out.reset();
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    boolean isReset() {
        return in.isReset();
    }
}
