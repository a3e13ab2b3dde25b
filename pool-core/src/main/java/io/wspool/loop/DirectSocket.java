package io.wspool.loop;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/**
 * The bytes of one TCP connection, past pipeline and selector: one system call each. On the channel's loop only.
 * <p>Whoever writes here, which is for plain connections only, must be the only writer: nothing of the pipeline's may be under way
 * meanwhile, or frames would be cut up. What the socket refuses goes out through the pipeline, because only that can ask the selector for room.
 */
public interface DirectSocket {
    /**
     * Reads into the writable part of {@code target}.
     *
     * @return how many bytes, 0 if there are none now, -1 at the end of the stream
     */
    int read(ByteBuf target) throws IOException;

    /** Writes from the readable part of {@code source}, as much as the socket takes; its reader index moves. */
    void write(ByteBuf source) throws IOException;
}
