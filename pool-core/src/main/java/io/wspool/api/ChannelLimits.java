package io.wspool.api;

/**
 * The bounds of one channel. All are always on.
 *
 * @param waitingMessages messages accepted but not yet encoded; one more is {@link SendResult#BACK_PRESSURED}
 * @param waitingBytes their payload bytes; while nothing waits, any legal message is admitted
 * @param maxSendBytes the largest payload that may be sent; larger is {@link SendResult#TOO_LARGE}
 * @param maxReceiveBytes the largest message that is taken; larger closes the channel with 1009
 * @param maxFragments the most frames a received message may have; more closes with 1008
 * @param fragmentBytes a longer message goes out in frames of this size, so that control frames can pass between
 */
public record ChannelLimits(
        int waitingMessages,
        int waitingBytes,
        int maxSendBytes,
        int maxReceiveBytes,
        int maxFragments,
        int fragmentBytes) {
    /** 1,024 messages, 1 MiB; 16 MiB each way; 1,024 fragments; 32 KiB. */
    public static final ChannelLimits DEFAULTS = new ChannelLimits(1024, 1 << 20, 16 << 20, 16 << 20, 1024, 32 * 1024);

    /** The largest frame payload that fits, with its header, in one send buffer of 64 KiB. */
    public static final int MOST_FRAGMENT_BYTES = 64 * 1024 - 14;

    private static final int MOST_BYTES = 1 << 30;

    /** Refuses what cannot work. */
    public ChannelLimits {
        Check.within("limits.waitingMessages", waitingMessages, 1, 1 << 20);
        Check.within("limits.waitingBytes", waitingBytes, 1, MOST_BYTES);
        Check.within("limits.maxSendBytes", maxSendBytes, 1, MOST_BYTES);
        Check.within("limits.maxReceiveBytes", maxReceiveBytes, 1, MOST_BYTES);
        Check.within("limits.maxFragments", maxFragments, 1, 1 << 20);
        Check.within("limits.fragmentBytes", fragmentBytes, 125, MOST_FRAGMENT_BYTES);
    }
}
