package io.wspool.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.wspool.NanosBench;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does masking the bytes cost, without header and key? All copy while they mask. Sources are what senders have: a direct buffer,
 * or the array of a message that was handed over by another thread.
 */
@NullUnmarked
@State(Scope.Thread)
public class MaskingBench extends NanosBench {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int KEY = 0x1F2E3D4C;
    private static final long KEYS = ((long) KEY << Integer.SIZE) | KEY;

    /** Payload bytes. */
    @Param({"16", "125", "1024", "65536", "1048576"})
    public int payload;

    private FrameWriter writer;
    private ByteBuf source;
    private ByteBuffer frames;
    private ByteBuf out;
    private byte[] sourceArray;
    private byte[] outArray;

    /** Makes sources and targets. */
    @Setup(Level.Trial)
    public void begin() {
        writer = new FrameWriter(() -> KEY);
        source = Unpooled.directBuffer(payload).writeZero(payload);
        out = Unpooled.directBuffer(FrameWriter.frameBytes(payload));
        sourceArray = new byte[payload];
        outArray = new byte[payload];
        frames = ByteBuffer.allocateDirect(FrameWriter.frameBytes(payload));
        writer.begin(frames, Opcodes.BINARY, true, payload);
    }

    /** Ours, from a buffer. */
    @Benchmark
    public ByteBuffer wspool() {
        frames.clear();
        writer.payload(frames, source, 0, payload);
        return frames;
    }

    /** Ours, from an array. */
    @Benchmark
    public ByteBuffer wspoolFromArray() {
        frames.clear();
        writer.payload(frames, sourceArray, 0, payload);
        return frames;
    }

    /** The loop of Netty's encoder, which it keeps to itself: eight bytes at a time, and the writer's index moves with each. */
    @Benchmark
    public ByteBuf nettysLoop() {
        out.clear();
        int i = 0;
        for (; i + Long.BYTES <= payload; i += Long.BYTES) {
            out.writeLong(source.getLong(i) ^ KEYS);
        }
        if (i + Integer.BYTES <= payload) {
            out.writeInt(source.getInt(i) ^ KEY);
            i += Integer.BYTES;
        }
        for (; i < payload; i++) {
            out.writeByte(source.getByte(i) ^ keyByte(i));
        }
        return out;
    }

    /** As RFC 6455 says it: one byte after the other. */
    @Benchmark
    public ByteBuf bytes() {
        out.clear();
        for (int i = 0; i < payload; i++) {
            out.writeByte(source.getByte(i) ^ keyByte(i));
        }
        return out;
    }

    /** The same between arrays. */
    @Benchmark
    public byte[] bytesOfArrays() {
        for (int i = 0; i < payload; i++) {
            outArray[i] = (byte) (sourceArray[i] ^ keyByte(i));
        }
        return outArray;
    }

    /** Eight bytes at a time between arrays: what the compiler can do without any buffer. */
    @Benchmark
    public byte[] longsOfArrays() {
        int i = 0;
        for (; i + Long.BYTES <= payload; i += Long.BYTES) {
            LONGS.set(outArray, i, (long) LONGS.get(sourceArray, i) ^ KEYS);
        }
        for (; i < payload; i++) {
            outArray[i] = (byte) (sourceArray[i] ^ keyByte(i));
        }
        return outArray;
    }

    private static int keyByte(int index) {
        return KEY >>> (Byte.SIZE * (3 - (index & 3)));
    }

    /** Frees. */
    @TearDown(Level.Trial)
    public void end() {
        source.release();
        out.release();
    }
}
