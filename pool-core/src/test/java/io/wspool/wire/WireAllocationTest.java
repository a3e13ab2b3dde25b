package io.wspool.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The hot path allocates nothing: counted by the JVM, on this thread, over many frames. */
class WireAllocationTest {
    private static final int ROUNDS = 20_000;

    /** What asking costs, and a stray object of the JVM's own; one object of 16 bytes per round would be 320,000. */
    private static final long SLACK_BYTES = 20_000;

    /** Without leak detection, which allocates for each access. */
    private final UnpooledByteBufAllocator untracked = new UnpooledByteBufAllocator(true, true);

    private long sum;

    @Test
    void wholeFramesAreReadWithoutGarbage() {
        FrameReader reader = new FrameReader(new Summing(), new PayloadView(), 1 << 20, 16);
        ByteBuf in = untracked.directBuffer();
        in.writeBytes(new ServerStream()
                .text("some ASCII and \u4f60\u597d")
                .frame(Opcodes.BINARY, true, new byte[64])
                .frame(Opcodes.BINARY, true, new byte[300])
                .frame(Opcodes.PING, true, new byte[8])
                .frame(Opcodes.PONG, true, new byte[8])
                .bytes());
        int end = in.writerIndex();

        assertThat(allocatedBy(() -> {
                    in.setIndex(0, end);
                    reader.read(in);
                    reader.endOfBatch();
                }))
                .isLessThan(SLACK_BYTES);
        assertThat(sum).isPositive();
        in.release();
    }

    @Test
    void framesAreWrittenWithoutGarbage() {
        int[] key = {1};
        FrameWriter writer = new FrameWriter(() -> key[0]++);
        ByteBuffer out = ByteBuffer.allocateDirect(4096);
        ByteBuf source = untracked.directBuffer().writeZero(300);
        byte[] array = new byte[300];

        assertThat(allocatedBy(() -> {
                    out.clear();
                    writer.begin(out, Opcodes.BINARY, true, 300);
                    writer.payload(out, source, 0, 300);
                    writer.begin(out, Opcodes.TEXT, true, 61);
                    writer.payload(out, array, 0, 61);
                    writer.ping(out, 42);
                    writer.pong(out, array, 8);
                }))
                .isLessThan(SLACK_BYTES);
        source.release();
    }

    private static long allocatedBy(Runnable round) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        run(round); // warm-up
        run(round);
        long before = threads.getCurrentThreadAllocatedBytes();
        run(round);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void run(Runnable round) {
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
        }
    }

    private final class Summing implements FrameSink {
        @Override
        public void onMessage(boolean text, ByteBuf payload) {
            sum += payload.getLong(0) + payload.readableBytes();
        }

        @Override
        public void onPing(ByteBuf payload) {
            sum += payload.getLong(0);
        }

        @Override
        public void onPong(ByteBuf payload) {
            sum += payload.getLong(0);
        }

        @Override
        public void onClose(int code, String reason) {
            throw new AssertionError(code);
        }

        @Override
        public void onViolation(int closeCode, String detail) {
            throw new AssertionError(detail);
        }

        @Override
        public boolean takesFrames() {
            return true;
        }

        @Override
        public void onLife() {
            sum++;
        }
    }
}
