package io.wspool.api;

/** Hears that sends which were refused as {@link SendResult#BACK_PRESSURED} have room again. */
@FunctionalInterface
public interface WritableListener {
    /**
     * Once after a refusal, when messages, bytes and tokens waiting on the channel have fallen to half of their bounds, or
     * when another channel took its place. On the channel's loop.
     */
    void onWritable(PooledChannel channel);
}
