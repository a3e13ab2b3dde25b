package io.wspool.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.wspool.api.ChannelState;
import io.wspool.loop.DirectSocket;
import io.wspool.loop.QueuedMessage;
import io.wspool.loop.SendBuffer;
import io.wspool.loop.SendBuffers;
import io.wspool.wire.FrameWriter;
import io.wspool.wire.Opcodes;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one channel: messages and control frames are encoded into one send buffer and leave in one write a turn, or in
 * two if they are many and the loop had nothing to do. Loop only.
 * <p>A write that the kernel does not take whole is <em>refused</em>: until it is done nothing more is encoded, messages wait in
 * order in the list here, of pongs the latest alone is kept, and a Close goes first when room comes.
 */
final class Outbound implements Runnable {
    private final WebSocketChannel channel;
    private final ChannelLoop share;
    private final Ledger ledger;
    private final Admission admission;
    private final ChannelLatency latency;
    private final int fragmentBytes;
    private final WaitingList waiting = new WaitingList();

    private @Nullable ChannelHandlerContext ctx;
    private @Nullable WritePromise promise;
    private @Nullable DirectSocket direct;
    private @Nullable TlsWrites tls;
    private @Nullable SendBuffer current;
    private @Nullable SendBuffer refused;
    private boolean flushWanted;
    private boolean goOnWanted;
    private boolean retryWanted;
    private boolean ended;
    private boolean closeEncoded;
    private boolean closeTaken;

    private @Nullable PendingControl pending; // with the first pong or Close

    private int progressSeen;
    private long progressAt;

    Outbound(
            WebSocketChannel channel,
            ChannelLoop share,
            Ledger ledger,
            Admission admission,
            ChannelLatency latency,
            int fragmentBytes) {
        this.channel = channel;
        this.share = share;
        this.ledger = ledger;
        this.admission = admission;
        this.latency = latency;
        this.fragmentBytes = fragmentBytes;
    }

    /**
     * From now on frames may go, past the pipeline if it is plain and {@code socket} is given: then nothing else writes here. A transport
     * that has such a socket has written what it can when a write returns.
     */
    void open(ChannelHandlerContext writeFrom, @Nullable DirectSocket socket, boolean secure) {
        ctx = writeFrom;
        direct = secure ? null : socket;
        tls = secure && socket != null ? new TlsWrites(writeFrom) : null;
        promise = new WritePromise(this);
    }

    /** Netty's channel. */
    Channel transport() {
        return Objects.requireNonNull(ctx, "open").channel();
    }

    // Messages.

    /** Whether a message may be encoded now; otherwise it waits. */
    boolean mayEncode() {
        return channel.state() == ChannelState.OPEN
                && refused == null
                && waiting.isEmpty()
                && !isClosing()
                && !channel.held();
    }

    /** Encodes a message that nothing waits before; what does not go is copied once and waits. {@link #mayEncode} holds. */
    <S> void encode(
            Source<S> kind,
            S source,
            int from,
            int length,
            boolean text,
            boolean hasToken,
            long token,
            boolean moveable) {
        writeEarly();
        long written = ledger.written();
        int done = 0;
        try {
            do {
                int piece = Math.min(fragmentBytes, length - done);
                SendBuffer buffer = room(FrameWriter.frameBytes(piece));
                if (buffer == null) {
                    QueuedMessage rest = rest(kind, source, from + done, length - done);
                    rest.describe(channel.sends(), text, hasToken, token, moveable && done == 0);
                    rest.continuation = done > 0;
                    waiting.addFirst(rest);
                    return;
                }
                if (done == 0) {
                    begin(buffer, length, hasToken, token);
                }
                share.writer.begin(buffer.frames(), Opcodes.ofFrame(text, done > 0), done + piece == length, piece);
                kind.write(source, from + done, piece, share.writer, buffer.frames());
                done += piece;
            } while (done < length);
        } catch (RuntimeException | Error e) {
            if (ledger.written() != written) {
                channel.ending().transportFailed(e); // a source that breaks in mid-frame has broken the stream with it
            }
            throw e;
        }
        ledger.finish();
        if (latency.on) {
            latency.encoded(hasToken, token);
        }
    }

    /** Takes over a message: encodes it, or lets it wait. */
    void take(QueuedMessage message) {
        boolean encoded = false;
        try {
            encoded = mayEncode() && encode(message);
        } finally {
            if (!encoded && !message.isEncoded()) {
                waiting.addLast(message); // after a failure too: it is accepted, and not to be lost
            }
        }
        if (encoded) {
            share.loop.queue().release(message);
        }
    }

    /** Encodes what waits, as far as it goes. */
    void drainWaiting() {
        for (QueuedMessage first = waiting.peek(); first != null; first = waiting.peek()) {
            if (refused != null || isClosing() || channel.held() || !encode(first)) {
                return;
            }
            waiting.poll();
            share.loop.queue().release(first);
        }
    }

    private boolean encode(QueuedMessage message) {
        writeEarly();
        do {
            int piece = Math.min(fragmentBytes, message.length - message.offset);
            SendBuffer buffer = room(FrameWriter.frameBytes(piece));
            if (buffer == null) {
                return false;
            }
            boolean first = !message.begun();
            if (first) {
                begin(buffer, message.length, message.hasToken, message.token);
            }
            boolean fin = message.offset + piece == message.length;
            share.writer.begin(buffer.frames(), Opcodes.ofFrame(message.text, !first), fin, piece);
            for (int end = message.offset + piece; message.offset < end; ) {
                int bytes = Math.min(message.arrayBytes(message.offset), end - message.offset);
                share.writer.payload(
                        buffer.frames(), message.array(message.offset), message.arrayIndex(message.offset), bytes);
                message.offset += bytes;
            }
        } while (message.offset < message.length);
        ledger.finish();
        admission.leave(message.length);
        if (latency.on) {
            latency.encoded(message);
        }
        return true;
    }

    /** Before a message, or the rest of one: gives the peer what is there already, if that is much. Only where a write is over when its call returns. */
    private void writeEarly() {
        SendBuffer buffer = current;
        if (buffer != null
                && direct != null
                && buffer.frames().position() >= SendBuffer.EARLY_BYTES
                && share.loop.takeEarlyWrite()) {
            write();
        }
    }

    private void begin(SendBuffer buffer, int length, boolean hasToken, long token) {
        buffer.markMessage();
        ledger.begin(length, hasToken, token);
        channel.usefulActivity();
    }

    private <S> QueuedMessage rest(Source<S> kind, S source, int index, int length) {
        QueuedMessage rest = share.loop.queue().take();
        try {
            kind.copy(source, index, length, rest);
        } catch (RuntimeException | Error e) {
            share.loop.queue().release(rest);
            throw e;
        }
        rest.arrived = true;
        if (latency.on) {
            latency.arrived(rest);
        }
        admission.force(length);
        return rest;
    }

    // Control frames.

    /** Encodes a ping; false if a refused write is in the way. */
    boolean ping(long payload) {
        SendBuffer buffer = room(FrameWriter.MAX_CONTROL_FRAME_BYTES);
        if (buffer == null) {
            return false;
        }
        share.writer.ping(buffer.frames(), payload);
        return true;
    }

    /** Sends an application heartbeat, outside the account; false if something is in the way. */
    boolean heartbeat(boolean text, byte[] payload) {
        QueuedMessage first = waiting.peek();
        boolean insideMessage = first != null && first.begun();
        SendBuffer buffer = insideMessage ? null : room(FrameWriter.frameBytes(payload.length));
        if (buffer == null) {
            return false;
        }
        share.writer.begin(buffer.frames(), Opcodes.ofFrame(text, false), true, payload.length);
        share.writer.payload(buffer.frames(), payload, 0, payload.length);
        return true;
    }

    /** Answers a ping: at once, or when room comes, and then only the latest one (RFC 6455 §5.5.3). */
    void pong(ByteBuf payload) {
        if (closeEncoded) {
            return;
        }
        pending().pong(payload);
        controlFrames();
    }

    /** Sends the one Close of this life, before anything that waits. Later calls change nothing. */
    void close(int code, String reason) {
        if (!isClosing()) {
            pending().close(code, reason);
            controlFrames();
        }
    }

    /** Whether our Close was asked for: the closing handshake has begun. */
    boolean isClosing() {
        return pending != null && pending.closes();
    }

    /** Whether our Close is encoded: nothing follows it. */
    boolean closeEncoded() {
        return closeEncoded;
    }

    /** Whether the kernel has taken our Close. */
    boolean closeTaken() {
        return closeTaken;
    }

    /** What waits, in order. */
    WaitingList waiting() {
        return waiting;
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    private PendingControl pending() {
        if (pending == null) {
            pending = new PendingControl();
        }
        return pending;
    }

    private void controlFrames() {
        PendingControl control = pending;
        if (control == null) {
            return;
        }
        SendBuffer buffer = control.hasPong() ? room(FrameWriter.MAX_CONTROL_FRAME_BYTES) : null;
        if (buffer != null) {
            control.writePong(share.writer, buffer.frames());
        }
        buffer = control.closes() ? room(FrameWriter.MAX_CONTROL_FRAME_BYTES) : null;
        if (buffer != null) {
            control.writeClose(share.writer, buffer.frames());
            closeEncoded = true;
        }
    }

    // Writing.

    /** Whether nothing can be encoded: a write is refused, the Close is out, or the end is here. */
    boolean blocked() {
        return refused != null || closeEncoded || ended || ctx == null;
    }

    /** Whether everything that was accepted has been encoded and taken by the kernel. */
    boolean isIdle() {
        return admission.isEmpty() && waiting.isEmpty() && refused == null && current == null;
    }

    boolean refusing() {
        return refused != null;
    }

    /** When the kernel took the last byte of a refused write. */
    long lastProgressNanos(long now) {
        SendBuffer held = refused;
        int progress = held == null ? progressSeen : held.bytes().readerIndex();
        if (progress != progressSeen) {
            progressSeen = progress;
            progressAt = now;
        }
        return progressAt;
    }

    /** The end of a turn: one write. */
    void flush() {
        flushWanted = false;
        if (current != null) {
            write();
        }
    }

    /** The current buffer, with room for one frame; null if nothing can be encoded now. */
    private @Nullable SendBuffer room(int bytes) {
        SendBuffer buffer = current;
        if (buffer != null && buffer.frames().remaining() < bytes) {
            write();
        }
        if (blocked()) {
            return null;
        }
        buffer = current;
        if (buffer == null) {
            buffer = newBuffer();
            if (buffer != null) {
                current = buffer;
                wantFlush();
            }
        }
        return buffer;
    }

    /** Null where the memory for one is used up: what is to go then waits, as for a socket that refuses, and is tried again. */
    private @Nullable SendBuffer newBuffer() {
        SendBuffers buffers = share.loop.buffers();
        SendBuffer buffer = buffers.take();
        if (buffer == null && !retryWanted) {
            share.loop.schedule(this::retry, buffers.retryNanos());
            retryWanted = true;
        }
        return buffer;
    }

    private void retry() {
        retryWanted = false;
        share.loop.atEndOfTurn(this);
    }

    void wantFlush() {
        if (!flushWanted) {
            flushWanted = true;
            share.loop.flushAtEndOfTurn(channel);
        }
    }

    private void write() {
        SendBuffer buffer = current;
        ChannelHandlerContext writeFrom = ctx;
        WritePromise ticket = promise;
        if (buffer == null || writeFrom == null || ticket == null) {
            return;
        }
        current = null;
        refused = buffer; // until it is written whole, which is mostly at once
        ByteBuf bytes = buffer.bytes();
        if (direct != null && writeDirect(direct, bytes)) {
            return;
        }
        if (tls != null) {
            tls.write(bytes, ticket.reuse());
        } else {
            writeFrom.writeAndFlush(bytes.retain(), ticket.reuse());
        }
        if (refused == buffer) {
            progressSeen = bytes.readerIndex();
            progressAt = share.loop.servedNanos();
            channel.refused();
        }
    }

    /** Whether that was the whole of it; a rest needs the pipeline, which asks the selector for room. */
    private boolean writeDirect(DirectSocket socket, ByteBuf bytes) {
        try {
            socket.write(bytes);
        } catch (IOException e) {
            writeDone(e);
            return true;
        }
        if (bytes.isReadable()) {
            return false;
        }
        writeDone(null);
        return true;
    }

    /** A write has ended, perhaps before its call has returned; {@code failure} is null if the kernel took all bytes. */
    void writeDone(@Nullable Throwable failure) {
        SendBuffer buffer = refused;
        if (buffer == null) {
            return;
        }
        if (failure != null) {
            Throwable why = failure instanceof ClosedChannelException ? failure.getCause() : failure;
            if (why != null) { // else it follows from an end that says itself why
                channel.ending().transportFailed(why); // the buffer stays: the end reads from it what the kernel took
            }
            return;
        }
        refused = null;
        closeTaken = closeEncoded && current == null;
        share.loop.buffers().giveBack(buffer);
        share.loop.hot().wrote();
        if (ended) {
            return;
        }
        if (latency.on) {
            latency.taken();
        }
        channel.taken();
        boolean control = pending != null && (pending.hasPong() || (pending.closes() && !closeEncoded));
        if ((control || !waiting.isEmpty()) && !goOnWanted) {
            goOnWanted = true;
            wantFlush();
            share.loop.atEndOfTurn(this);
        }
    }

    /** Room may have come after a refusal, or memory. At the end of a turn. */
    @Override
    public void run() {
        goOnWanted = false;
        if (!channel.isOver()) { // else what waits has not begun, and may move
            controlFrames();
            drainWaiting();
        }
    }

    // The end.

    /**
     * The transport is gone. Gives the buffers back.
     *
     * @param provable whether the reader index says what the kernel took: not with TLS, which copies
     * @return how many of the last begun messages have left nothing on the wire
     */
    int end(boolean provable) {
        ended = true;
        int untaken = 0;
        SendBuffer unwritten = current;
        if (unwritten != null) {
            current = null;
            untaken += unwritten.untakenMessages();
            share.loop.buffers().giveBack(unwritten);
        }
        SendBuffer held = refused;
        if (held != null) {
            refused = null;
            untaken += provable ? held.untakenMessages() : 0;
            share.loop.buffers().giveBack(held);
        }
        return untaken;
    }
}
