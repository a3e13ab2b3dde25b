package io.wspool.api;

/** Hears that a channel has opened, before anybody else may use it. */
@FunctionalInterface
public interface ChannelListener {
    /** Once per life, on its loop: what is sent here (a login, subscriptions) is the first that the server reads. */
    void onOpen(PooledChannel channel);
}
