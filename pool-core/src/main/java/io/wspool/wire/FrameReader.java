package io.wspool.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.wspool.api.Check;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a server (RFC 6455 §5) and tells a {@link FrameSink}. One channel, one life; event loop only.
 * <p>A message that lies whole in the read buffer is handed out in place, without a copy or an allocation; another is
 * put together once. Each byte is looked at once, however the stream was cut. Memory is taken as payload arrives, never
 * because a length was declared, and is held only while a frame or a message is unfinished.
 * <p>Errors are judged from the earliest byte that shows them. The first one ends the reading.
 */
public final class FrameReader extends ChannelInboundHandlerAdapter {
    /** The longest payload of a control frame (RFC 6455 §5.5). */
    static final int MAX_CONTROL_BYTES = 125;

    /** So much of an unfinished data frame counts as a sign of life. */
    private static final int LIFE_BYTES = 4096;

    private static final int LEAST_CAPACITY = 256;
    private static final int RSV_BITS = 0x70;

    private static final int SHORT_HEAD_BYTES = 2;

    /** The head of an empty binary message in one frame; its length is added. */
    private static final short SHORT_BINARY = (short) ((0x80 | Opcodes.BINARY) << Byte.SIZE);

    /** What the next byte of the stream is. */
    private enum Next {
        FIRST_BYTE,
        SECOND_BYTE,
        LENGTH,
        PAYLOAD
    }

    private final FrameSink sink;
    private final PayloadView view;
    private final int maxMessageBytes;
    private final int maxFragments;
    private @Nullable Utf8Validator utf8; // with the first text
    private ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;

    /** Nothing more is told; all input is thrown away. Never taken back. */
    private boolean discarding;

    // the frame
    private Next next = Next.FIRST_BYTE;
    private boolean fin;
    private int opcode;
    private long length;
    private int leastLength;
    private int lengthBytesMissing;
    private int payloadMissing;
    private @Nullable ByteBuf control;

    // the message; control frames may come between its frames
    private boolean text;
    private int fragments;
    private int messageBytes;
    private @Nullable ByteBuf message;

    // since the last sign of life
    private boolean frameEnded;
    private long dataBytes;

    /**
     * For a client: incoming frames must not be masked, and no extension was agreed on.
     *
     * @param view the loop's; set to each payload in turn
     * @param maxMessageBytes a message may have so many bytes, all fragments together; more is 1009
     * @param maxFragments a message may have so many frames; more is 1008
     */
    public FrameReader(FrameSink sink, PayloadView view, int maxMessageBytes, int maxFragments) {
        this.sink = sink;
        this.view = view;
        this.maxMessageBytes = Check.atLeast("maxMessageBytes", maxMessageBytes, 0);
        this.maxFragments = Check.atLeast("maxFragments", maxFragments, 1);
    }

    private Utf8Validator utf8() {
        Utf8Validator validator = utf8;
        if (validator == null) {
            validator = new Utf8Validator();
            utf8 = validator;
        }
        return validator;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        allocator = ctx.alloc();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        try {
            if (msg instanceof ByteBuf in) { // else a rest of the upgrade, of no use to anybody behind us
                read(in);
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        endOfBatch();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        discard();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        discard();
    }

    /** Takes everything readable in {@code in}, which stays the caller's and is not kept. */
    public void read(ByteBuf in) {
        boolean returned = false;
        try {
            askSink();
            while (!discarding && in.isReadable()) {
                if (!shortMessage(in)) {
                    step(in);
                }
            }
            returned = true;
        } finally {
            if (!returned) {
                discard(); // the sink threw: our place in the stream is lost
            }
            in.skipBytes(in.readableBytes());
        }
    }

    /** Ends a batch of reads: tells the sink when it showed life. */
    public void endOfBatch() {
        if (!discarding && (frameEnded || dataBytes >= LIFE_BYTES)) {
            frameEnded = false;
            dataBytes = 0;
            sink.onLife();
        }
    }

    /**
     * Reads the common case in one piece: a binary message in one frame of less than 126 bytes that is there as a whole.
     *
     * @return whether it was that; otherwise nothing has been read
     */
    private boolean shortMessage(ByteBuf in) {
        int readable = in.readableBytes();
        if (next != Next.FIRST_BYTE || fragments > 0 || readable < SHORT_HEAD_BYTES) {
            return false;
        }
        int index = in.readerIndex();
        int declared = in.getShort(index) - SHORT_BINARY; // any other first byte, or a mask, takes it out of the range
        if (declared < 0 || declared > Math.min(MAX_CONTROL_BYTES, maxMessageBytes)) {
            return false;
        }
        int end = SHORT_HEAD_BYTES + declared;
        if (readable < end) {
            return false;
        }
        in.readerIndex(index + end);
        frameEnded = true;
        dataBytes += declared;
        text = false;
        deliver(in, index + SHORT_HEAD_BYTES, declared);
        return true;
    }

    private void step(ByteBuf in) {
        switch (next) {
            case FIRST_BYTE -> firstByte(in.readByte());
            case SECOND_BYTE -> secondByte(in);
            case LENGTH -> lengthByte(in);
            case PAYLOAD -> payload(in);
        }
    }

    private void firstByte(byte b) {
        fin = b < 0;
        opcode = b & 0x0F;
        if ((b & RSV_BITS) != 0) {
            violate(CloseCodes.PROTOCOL_ERROR, "reserved bits set without an extension");
        } else if (Opcodes.isControl(opcode)) {
            controlFrame();
        } else {
            dataFrame();
        }
        next = Next.SECOND_BYTE;
    }

    private void controlFrame() {
        if (opcode > Opcodes.PONG) {
            violate(CloseCodes.PROTOCOL_ERROR, "reserved opcode " + opcode);
        } else if (!fin) {
            violate(CloseCodes.PROTOCOL_ERROR, "fragmented control frame");
        }
    }

    private void dataFrame() {
        boolean inside = fragments > 0;
        if (opcode > Opcodes.BINARY) {
            violate(CloseCodes.PROTOCOL_ERROR, "reserved opcode " + opcode);
        } else if (inside && opcode != Opcodes.CONTINUATION) {
            violate(CloseCodes.PROTOCOL_ERROR, "new message inside an unfinished one");
        } else if (!inside && opcode == Opcodes.CONTINUATION) {
            violate(CloseCodes.PROTOCOL_ERROR, "continuation outside a message");
        } else if (fragments == maxFragments) {
            violate(CloseCodes.POLICY, "message of more than " + maxFragments + " frames");
        }
    }

    private void secondByte(ByteBuf in) {
        byte b = in.readByte();
        int lengthBits = b & 0x7F;
        if (b < 0) {
            violate(CloseCodes.PROTOCOL_ERROR, "masked frame from a server");
        } else if (Opcodes.isControl(opcode) && lengthBits > MAX_CONTROL_BYTES) {
            violate(CloseCodes.PROTOCOL_ERROR, "control frame of more than " + MAX_CONTROL_BYTES + " bytes");
        } else if (opcode == Opcodes.CLOSE && lengthBits == 1) {
            violate(CloseCodes.PROTOCOL_ERROR, "Close body of one byte");
        } else if (lengthBits <= MAX_CONTROL_BYTES) {
            lengthKnown(lengthBits, in);
        } else {
            boolean wide = lengthBits == 127;
            length = 0;
            leastLength = wide ? 0x10000 : 126;
            lengthBytesMissing = wide ? Long.BYTES : Short.BYTES;
            next = Next.LENGTH;
        }
    }

    private void lengthByte(ByteBuf in) {
        length = (length << Byte.SIZE) | in.readUnsignedByte();
        if (--lengthBytesMissing > 0) {
            return;
        }
        if (length < 0) {
            violate(CloseCodes.PROTOCOL_ERROR, "length with its top bit set");
        } else if (length < leastLength) {
            violate(CloseCodes.PROTOCOL_ERROR, "length " + length + " not in its shortest form");
        } else {
            lengthKnown(length, in);
        }
    }

    private void lengthKnown(long declared, ByteBuf in) {
        if (!Opcodes.isControl(opcode)) {
            if (declared > maxMessageBytes - messageBytes) {
                violate(
                        CloseCodes.TOO_BIG,
                        "message of at least " + messageBytes + " + " + declared + " bytes, allowed "
                                + maxMessageBytes);
                return;
            }
            beginDataFrame((int) declared);
        }
        payloadMissing = (int) declared;
        next = Next.PAYLOAD;
        payload(in); // at once: an empty payload has no byte of its own to wait for
    }

    private void beginDataFrame(int declared) {
        if (fragments++ == 0) {
            text = opcode == Opcodes.TEXT;
            if (text) {
                utf8().reset();
            }
        }
        messageBytes += declared;
    }

    private void payload(ByteBuf in) {
        int index = in.readerIndex();
        int arrived = Math.min(payloadMissing, in.readableBytes());
        in.skipBytes(arrived);
        payloadMissing -= arrived;
        if (payloadMissing == 0) {
            next = Next.FIRST_BYTE;
            frameEnded = true;
        }
        if (Opcodes.isControl(opcode)) {
            controlPayload(in, index, arrived);
        } else {
            dataPayload(in, index, arrived);
        }
    }

    private void dataPayload(ByteBuf in, int index, int arrived) {
        boolean messageEnded = fin && payloadMissing == 0;
        dataBytes += arrived;
        if (text && !(utf8().feed(in, index, arrived) && (!messageEnded || utf8().complete()))) {
            violate(CloseCodes.INVALID_DATA, "text message that is no UTF-8");
        } else if (!messageEnded) {
            message = append(message, in, index, arrived, messageBytes);
        } else if (message == null) {
            deliver(in, index, arrived);
        } else {
            ByteBuf whole = append(message, in, index, arrived, messageBytes);
            message = null; // ours alone now: the sink may end the channel, and with it whatever we still hold
            try {
                deliver(whole, 0, whole.readableBytes());
            } finally {
                whole.release();
            }
        }
    }

    private void deliver(ByteBuf buffer, int index, int bytes) {
        fragments = 0;
        messageBytes = 0;
        view.set(buffer, index, bytes);
        try {
            sink.onMessage(text, view);
        } finally {
            view.forget();
        }
        askSink();
    }

    private void controlPayload(ByteBuf in, int index, int arrived) {
        if (payloadMissing > 0) {
            control = append(control, in, index, arrived, MAX_CONTROL_BYTES);
        } else if (control == null) {
            controlEnded(in, index, arrived);
        } else {
            ByteBuf whole = append(control, in, index, arrived, MAX_CONTROL_BYTES);
            control = null;
            try {
                controlEnded(whole, 0, whole.readableBytes());
            } finally {
                whole.release();
            }
        }
    }

    private void controlEnded(ByteBuf buffer, int index, int bytes) {
        if (opcode == Opcodes.CLOSE) {
            closeEnded(buffer, index, bytes);
            return;
        }
        view.set(buffer, index, bytes);
        try {
            if (opcode == Opcodes.PING) {
                sink.onPing(view);
            } else {
                sink.onPong(view);
            }
        } finally {
            view.forget();
        }
        askSink();
    }

    private void closeEnded(ByteBuf buffer, int index, int bytes) {
        int code = bytes == 0 ? CloseCodes.NO_CODE : buffer.getUnsignedShort(index);
        if (bytes > 0 && !CloseCodes.mayBeReceived(code)) {
            violate(CloseCodes.PROTOCOL_ERROR, "close code " + code + " is not for the wire");
            return;
        }
        int reasonBytes = Math.max(0, bytes - Short.BYTES);
        int reasonIndex = index + bytes - reasonBytes;
        utf8().reset(); // a message begun before will never be ended
        if (!utf8().feed(buffer, reasonIndex, reasonBytes) || !utf8().complete()) {
            violate(CloseCodes.INVALID_DATA, "close reason that is no UTF-8");
            return;
        }
        discard();
        sink.onClose(code, buffer.toString(reasonIndex, reasonBytes, StandardCharsets.UTF_8));
    }

    /**
     * Adds what has arrived to what is held. Grows at most twofold, and never above {@code limit}, so that neither a
     * declared length nor many small pieces cost more than the bytes that came.
     */
    private ByteBuf append(@Nullable ByteBuf held, ByteBuf in, int index, int arrived, int limit) {
        ByteBuf to = held;
        if (to == null) {
            to = allocator.buffer(Math.min(limit, Math.max(arrived, LEAST_CAPACITY)));
        } else if (to.writableBytes() < arrived) {
            int needed = to.readableBytes() + arrived;
            to.capacity((int) Math.max(needed, Math.min(limit, 2L * to.capacity())));
        }
        return to.writeBytes(in, index, arrived);
    }

    private void violate(int closeCode, String detail) {
        discard();
        sink.onViolation(closeCode, detail);
    }

    private void askSink() {
        if (!discarding && !sink.takesFrames()) {
            discard();
        }
    }

    private void discard() {
        discarding = true;
        if (message != null) {
            message.release();
            message = null;
        }
        if (control != null) {
            control.release();
            control = null;
        }
    }
}
