package io.wspool.wire;

import io.netty.buffer.AbstractByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A payload, lent for one call: a read-only window on memory of the loop, moved on to the next payload afterwards. One
 * per loop; event loop only; no allocation to move or to read.
 * <p>It cannot be retained or released: {@link #copy()} what you keep. After the call every access throws. Slices and
 * duplicates (which allocate) die with the payload they were made of; {@link #nioBuffer()} is a copy, because a NIO
 * buffer could not die; there is no way to the array, the address or the buffer behind.
 */
// The only public base with Netty's own index arithmetic; its siblings are deprecated, and wrap for life.
public final class PayloadView extends AbstractByteBuf {
    private static final String BORROWED = "borrowed: copy what you keep";

    /** The view that this one was sliced from, or itself. */
    private final PayloadView root;

    /** In a root: which payload this is. In a slice: of which payload it is. */
    private long payload;

    private @Nullable ByteBuf target;
    private int offset;
    private int length;

    /** A view of nothing. */
    public PayloadView() {
        super(0);
        root = this;
    }

    private PayloadView(PayloadView parent, ByteBuf target, int offset, int length) {
        super(length);
        this.root = parent.root;
        this.payload = parent.payload;
        this.target = target;
        this.offset = offset;
        this.length = length;
    }

    /** Moves the view to these bytes, all of them readable. */
    public void set(ByteBuf target, int index, int length) {
        payload++;
        this.target = target;
        this.offset = index;
        this.length = length;
        maxCapacity(length);
        setIndex(0, length);
    }

    /**
     * Ends the loan: every access throws until the next {@link #set}, through slices for ever. The indices stay, so
     * that a payload kept by mistake does not look like an empty one.
     */
    public void forget() {
        payload++;
        target = null;
    }

    private ByteBuf target() {
        ByteBuf lent = target;
        if (lent == null || root.payload != payload) {
            throw new IllegalReferenceCountException("borrowed: valid during its call only, copy what you keep");
        }
        return lent;
    }

    /** One while it is lent; afterwards it throws, because the base class asks here before each access. */
    @Override
    public int refCnt() {
        target();
        return 1;
    }

    @Override
    public ByteBuf retain() {
        throw new UnsupportedOperationException(BORROWED);
    }

    @Override
    public ByteBuf retain(int increment) {
        throw new UnsupportedOperationException(BORROWED);
    }

    @Override
    public ByteBuf retainedSlice(int index, int length) {
        throw new UnsupportedOperationException(BORROWED);
    }

    @Override
    public ByteBuf retainedDuplicate() {
        throw new UnsupportedOperationException(BORROWED);
    }

    @Override
    public boolean release() {
        throw new UnsupportedOperationException(BORROWED);
    }

    @Override
    public boolean release(int decrement) {
        throw new UnsupportedOperationException(BORROWED);
    }

    @Override
    public ByteBuf touch() {
        return this;
    }

    @Override
    public ByteBuf touch(Object hint) {
        return this;
    }

    @Override
    public ByteBuf slice(int index, int length) {
        checkIndex(index, length);
        PayloadView slice = new PayloadView(this, target(), offset + index, length);
        slice.setIndex(0, length);
        return slice;
    }

    @Override
    public ByteBuf duplicate() {
        PayloadView duplicate = new PayloadView(this, target(), offset, length);
        duplicate.setIndex(readerIndex(), writerIndex());
        return duplicate;
    }

    @Override
    public ByteBuf copy(int index, int length) {
        checkIndex(index, length);
        return target().copy(offset + index, length);
    }

    @Override
    public int capacity() {
        return length;
    }

    @Override
    public ByteBufAllocator alloc() {
        return target().alloc();
    }

    @Override
    @SuppressWarnings("deprecation")
    public ByteOrder order() {
        return ByteOrder.BIG_ENDIAN;
    }

    @Override
    public @Nullable ByteBuf unwrap() {
        return null; // would be a way to the memory
    }

    @Override
    public boolean isDirect() {
        return target().isDirect();
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    protected byte _getByte(int index) {
        return target().getByte(offset + index);
    }

    @Override
    protected short _getShort(int index) {
        return target().getShort(offset + index);
    }

    @Override
    protected short _getShortLE(int index) {
        return target().getShortLE(offset + index);
    }

    @Override
    protected int _getUnsignedMedium(int index) {
        return target().getUnsignedMedium(offset + index);
    }

    @Override
    protected int _getUnsignedMediumLE(int index) {
        return target().getUnsignedMediumLE(offset + index);
    }

    @Override
    protected int _getInt(int index) {
        return target().getInt(offset + index);
    }

    @Override
    protected int _getIntLE(int index) {
        return target().getIntLE(offset + index);
    }

    @Override
    protected long _getLong(int index) {
        return target().getLong(offset + index);
    }

    @Override
    protected long _getLongLE(int index) {
        return target().getLongLE(offset + index);
    }

    @Override
    public ByteBuf getBytes(int index, ByteBuf dst, int dstIndex, int length) {
        checkDstIndex(index, length, dstIndex, dst.capacity());
        target().getBytes(offset + index, dst, dstIndex, length);
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, byte[] dst, int dstIndex, int length) {
        checkDstIndex(index, length, dstIndex, dst.length);
        target().getBytes(offset + index, dst, dstIndex, length);
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, ByteBuffer dst) {
        checkIndex(index, dst.remaining());
        target().getBytes(offset + index, dst);
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, OutputStream out, int length) throws IOException {
        checkIndex(index, length);
        target().getBytes(offset + index, out, length);
        return this;
    }

    @Override
    public int getBytes(int index, GatheringByteChannel out, int length) throws IOException {
        checkIndex(index, length);
        return target().getBytes(offset + index, out, length);
    }

    @Override
    public int getBytes(int index, FileChannel out, long position, int length) throws IOException {
        checkIndex(index, length);
        return target().getBytes(offset + index, out, position, length);
    }

    @Override
    public int nioBufferCount() {
        return -1; // none that shares the content
    }

    /** A read-only copy. */
    @Override
    public ByteBuffer nioBuffer(int index, int length) {
        byte[] copy = new byte[length];
        getBytes(index, copy);
        return ByteBuffer.wrap(copy).asReadOnlyBuffer();
    }

    /** A read-only copy. */
    @Override
    public ByteBuffer internalNioBuffer(int index, int length) {
        return nioBuffer(index, length);
    }

    /** A read-only copy. */
    @Override
    public ByteBuffer[] nioBuffers(int index, int length) {
        return new ByteBuffer[] {nioBuffer(index, length)};
    }

    @Override
    public boolean hasArray() {
        return false;
    }

    @Override
    public byte[] array() {
        throw new ReadOnlyBufferException();
    }

    @Override
    public int arrayOffset() {
        throw new ReadOnlyBufferException();
    }

    @Override
    public boolean hasMemoryAddress() {
        return false;
    }

    @Override
    public long memoryAddress() {
        throw new UnsupportedOperationException(BORROWED);
    }

    @Override
    public ByteBuf capacity(int newCapacity) {
        throw new ReadOnlyBufferException();
    }

    @Override
    public ByteBuf setBytes(int index, ByteBuf src, int srcIndex, int length) {
        throw new ReadOnlyBufferException();
    }

    @Override
    public ByteBuf setBytes(int index, byte[] src, int srcIndex, int length) {
        throw new ReadOnlyBufferException();
    }

    @Override
    public ByteBuf setBytes(int index, ByteBuffer src) {
        throw new ReadOnlyBufferException();
    }

    @Override
    public int setBytes(int index, InputStream in, int length) {
        throw new ReadOnlyBufferException();
    }

    @Override
    public int setBytes(int index, ScatteringByteChannel in, int length) {
        throw new ReadOnlyBufferException();
    }

    @Override
    public int setBytes(int index, FileChannel in, long position, int length) {
        throw new ReadOnlyBufferException();
    }

    @Override
    protected void _setByte(int index, int value) {
        throw new ReadOnlyBufferException();
    }

    @Override
    protected void _setShort(int index, int value) {
        throw new ReadOnlyBufferException();
    }

    @Override
    protected void _setShortLE(int index, int value) {
        throw new ReadOnlyBufferException();
    }

    @Override
    protected void _setMedium(int index, int value) {
        throw new ReadOnlyBufferException();
    }

    @Override
    protected void _setMediumLE(int index, int value) {
        throw new ReadOnlyBufferException();
    }

    @Override
    protected void _setInt(int index, int value) {
        throw new ReadOnlyBufferException();
    }

    @Override
    protected void _setIntLE(int index, int value) {
        throw new ReadOnlyBufferException();
    }

    @Override
    protected void _setLong(int index, long value) {
        throw new ReadOnlyBufferException();
    }

    @Override
    protected void _setLongLE(int index, long value) {
        throw new ReadOnlyBufferException();
    }

    @Override
    public String toString() {
        return "PayloadView(ridx: " + readerIndex() + ", widx: " + writerIndex() + ", cap: " + length + ")";
    }
}
