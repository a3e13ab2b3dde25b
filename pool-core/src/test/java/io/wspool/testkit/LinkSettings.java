package io.wspool.testkit;

import java.time.Duration;

/** How connections carry bytes, the same in both directions. A change is seen by the next segment, or the next call. */
public final class LinkSettings {
    long delayNanos = 100_000;
    long jitterNanos;
    long bytesPerSecond;
    int sendBuffer = 256 * 1024;
    int window = 64 * 1024;
    int leastRead = Integer.MAX_VALUE;
    int mostRead = Integer.MAX_VALUE;
    int leastWrite = Integer.MAX_VALUE;
    int mostWrite = Integer.MAX_VALUE;

    LinkSettings() {}

    LinkSettings(LinkSettings other) {
        delayNanos = other.delayNanos;
        jitterNanos = other.jitterNanos;
        bytesPerSecond = other.bytesPerSecond;
        sendBuffer = other.sendBuffer;
        window = other.window;
        leastRead = other.leastRead;
        mostRead = other.mostRead;
        leastWrite = other.leastWrite;
        mostWrite = other.mostWrite;
    }

    /** One way. 100 µs unless set. */
    public LinkSettings delay(Duration oneWay) {
        delayNanos = oneWay.toNanos();
        return this;
    }

    /** Added to the delay of each segment, drawn from 0 to this; order is kept. None unless set. */
    public LinkSettings jitter(Duration most) {
        jitterNanos = most.toNanos();
        return this;
    }

    /** How fast a line is, each way; 0 is without limit. No limit unless set. */
    public LinkSettings bytesPerSecond(long rate) {
        bytesPerSecond = rate;
        return this;
    }

    /** What the sender's kernel holds until the other kernel has acknowledged it. 256 KiB unless set. */
    public LinkSettings sendBuffer(int bytes) {
        sendBuffer = bytes;
        return this;
    }

    /** What the receiver's kernel holds until its process reads it. 64 KiB unless set. */
    public LinkSettings window(int bytes) {
        window = bytes;
        return this;
    }

    /** How many bytes one read gives at most, drawn for each: {@code reads(1, 1)} gives single bytes. */
    public LinkSettings reads(int least, int most) {
        leastRead = least;
        mostRead = most;
        return this;
    }

    /** How many bytes one write takes at most, drawn for each: what is over is refused though there is room. */
    public LinkSettings writes(int least, int most) {
        leastWrite = least;
        mostWrite = most;
        return this;
    }
}
