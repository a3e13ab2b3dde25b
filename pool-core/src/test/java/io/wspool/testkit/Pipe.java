package io.wspool.testkit;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32;

/**
 * One direction of a connection, as TCP carries it: a stream of numbered bytes that the sender keeps until they are
 * acknowledged and the receiver until they are read; a window that the receiver opens by reading; segments that take
 * their time, keep their order and are lost in a black hole. When the hole is healed the sender begins again at what was
 * acknowledged (there is no retransmission timer: healing takes its place).
 */
final class Pipe {
    private static final int SEGMENT = 16 * 1024;

    private final World world;
    private final MemoryLink link;
    /** The way back, for acknowledgements and resets. */
    Pipe back;

    private byte[] bytes = new byte[1024];
    /** Number of the byte at {@code bytes[0]}. */
    private long base;

    // the sender's kernel
    private long written;
    private long sent;
    private long acknowledged;
    private long windowEnd;
    private boolean finishing;
    private boolean finishSent;
    Runnable onRoom = () -> {};

    // the line
    private boolean hole;
    private long lineFreeAt;
    private long lastArrival;

    // the receiver's kernel
    private long received;
    private long read;
    private long windowTold;
    private boolean finished;
    private boolean reset;
    private boolean receiverGone;
    Runnable onArrival = () -> {};

    Pipe(World world, MemoryLink link) {
        this.world = world;
        this.link = link;
        windowEnd = link.settings().window;
        windowTold = windowEnd;
    }

    // ---- the sender's side

    int room() {
        return (int) Math.max(0, link.settings().sendBuffer - (written - acknowledged));
    }

    /** Bytes that the sender's kernel holds. */
    int held() {
        return (int) (written - acknowledged);
    }

    /** Takes bytes without moving the source's indices: a kernel does not know them. */
    void write(ByteBuf source, int index, int length) {
        ensure(length);
        source.getBytes(index, bytes, (int) (written - base), length);
        written += length;
        transmit();
    }

    /** Sends what is held, then the end of the stream. */
    void finish() {
        finishing = true;
        transmit();
    }

    /** Drops what has not left, and tells the other side so. */
    void reset() {
        drop();
        depart(0, this::resetArrives);
    }

    /** Drops what has not left. */
    void drop() {
        written = sent;
        finishing = false;
    }

    private void transmit() {
        while (sent < written && sent < windowEnd) {
            long from = sent;
            int length = (int) Math.min(SEGMENT, Math.min(written, windowEnd) - sent);
            sent += length;
            depart(length, () -> arrives(from, length));
        }
        if (finishing && !finishSent && sent == written) {
            finishSent = true;
            depart(0, () -> finishArrives(written));
        }
    }

    /** Puts something on the line: it arrives in its turn, if at all. */
    void depart(int length, Runnable arrival) {
        LinkSettings settings = link.settings();
        lineFreeAt = Math.max(lineFreeAt, world.nowNanos());
        if (settings.bytesPerSecond > 0) {
            lineFreeAt += length * 1_000_000_000L / settings.bytesPerSecond;
        }
        long jitter = settings.jitterNanos == 0 ? 0 : world.between(0, settings.jitterNanos);
        lastArrival = Math.max(lastArrival, lineFreeAt + settings.delayNanos + jitter);
        if (!hole) {
            world.at(lastArrival, () -> {
                if (!hole) {
                    arrival.run();
                }
            });
        }
    }

    private void acknowledge(long upTo, long window) {
        acknowledged = Math.max(acknowledged, upTo);
        sent = Math.max(sent, acknowledged);
        windowEnd = Math.max(windowEnd, window);
        trim();
        transmit();
        onRoom.run();
    }

    // ---- the line

    void hole(boolean on) {
        boolean healed = hole && !on;
        hole = on;
        if (healed) {
            sent = acknowledged;
            finishSent = false;
            transmit();
            back.tellWindow(); // what the other direction's sender could not hear
        }
    }

    // ---- the receiver's side

    int readable() {
        return (int) (received - read);
    }

    boolean atEnd() {
        return finished && read == received;
    }

    boolean isReset() {
        return reset;
    }

    void read(ByteBuf target, int length) {
        target.writeBytes(bytes, (int) (read - base), length);
        read += length;
        trim();
        int window = link.settings().window;
        if (read + window - windowTold >= window / 2) { // as TCP does: no update for a crumb
            tellWindow();
        }
    }

    /** Nobody reads here any more: what still comes is answered by a reset. */
    void receiverGone() {
        receiverGone = true;
    }

    private void tellWindow() {
        windowTold = Math.max(windowTold, read + link.settings().window);
        long upTo = received;
        long window = windowTold;
        back.depart(0, () -> acknowledge(upTo, window));
    }

    private void arrives(long from, int length) {
        if (receiverGone) {
            back.reset();
            return;
        }
        if (from <= received && from + length > received) { // else a gap, or seen before
            CRC32 sum = new CRC32();
            sum.update(bytes, (int) (received - base), (int) (from + length - received));
            world.mix(sum.getValue());
            received = from + length;
            onArrival.run();
        }
        tellWindow();
    }

    private void finishArrives(long end) {
        if (received == end && !finished) {
            world.mix(end);
            finished = true;
            onArrival.run();
        }
    }

    private void resetArrives() {
        if (!reset) {
            reset = true;
            onArrival.run();
        }
    }

    // ---- the bytes

    private void ensure(int more) {
        int used = (int) (written - base);
        if (used + more > bytes.length) {
            byte[] larger = new byte[Math.max(2 * bytes.length, used + more)];
            System.arraycopy(bytes, 0, larger, 0, used);
            bytes = larger;
        }
    }

    private void trim() {
        long kept = Math.min(acknowledged, read);
        int used = (int) (written - base);
        int dead = (int) (kept - base);
        if (dead == used || dead > bytes.length / 2) {
            System.arraycopy(bytes, dead, bytes, 0, used - dead);
            base = kept;
        }
    }
}
