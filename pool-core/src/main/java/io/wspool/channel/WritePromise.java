package io.wspool.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The promise of a channel's one outstanding write, used again for the next: a promise per write would be the only garbage of the
 * send path. Netty, or {@link TlsWrites}, completes it on the loop; nobody waits for it or listens to it, so those calls are refused.
 */
final class WritePromise implements ChannelPromise {
    private final Outbound out;
    private boolean done;
    private @Nullable Throwable failure;

    WritePromise(Outbound out) {
        this.out = out;
    }

    /** For the next write. */
    WritePromise reuse() {
        done = false;
        failure = null;
        return this;
    }

    private boolean complete(@Nullable Throwable cause) {
        if (done) {
            return false;
        }
        done = true;
        failure = cause;
        out.writeDone(cause);
        return true;
    }

    @Override
    public Channel channel() {
        return out.transport();
    }

    @Override
    public boolean trySuccess() {
        return complete(null);
    }

    @Override
    public boolean trySuccess(@Nullable Void result) {
        return complete(null);
    }

    @Override
    public boolean tryFailure(Throwable cause) {
        return complete(cause);
    }

    @Override
    public ChannelPromise setSuccess() {
        complete(null);
        return this;
    }

    @Override
    public ChannelPromise setSuccess(@Nullable Void result) {
        return setSuccess();
    }

    @Override
    public ChannelPromise setFailure(Throwable cause) {
        complete(cause);
        return this;
    }

    @Override
    public boolean setUncancellable() {
        return true;
    }

    @Override
    public boolean isSuccess() {
        return done && failure == null;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public @Nullable Throwable cause() {
        return failure;
    }

    @Override
    public boolean isVoid() {
        return false;
    }

    @Override
    public ChannelPromise unvoid() {
        return this;
    }

    @Override
    public boolean isCancellable() {
        return false;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return false;
    }

    @Override
    public @Nullable Void getNow() {
        return null;
    }

    @Override
    public Void get() {
        throw refused();
    }

    @Override
    public Void get(long timeout, TimeUnit unit) {
        throw refused();
    }

    @Override
    public ChannelPromise addListener(GenericFutureListener<? extends Future<? super Void>> listener) {
        throw refused();
    }

    @Override
    @SafeVarargs
    public final ChannelPromise addListeners(GenericFutureListener<? extends Future<? super Void>>... listeners) {
        throw refused();
    }

    @Override
    public ChannelPromise removeListener(GenericFutureListener<? extends Future<? super Void>> listener) {
        throw refused();
    }

    @Override
    @SafeVarargs
    public final ChannelPromise removeListeners(GenericFutureListener<? extends Future<? super Void>>... listeners) {
        throw refused();
    }

    @Override
    public ChannelPromise sync() {
        throw refused();
    }

    @Override
    public ChannelPromise syncUninterruptibly() {
        throw refused();
    }

    @Override
    public ChannelPromise await() {
        throw refused();
    }

    @Override
    public ChannelPromise awaitUninterruptibly() {
        throw refused();
    }

    @Override
    public boolean await(long timeout, TimeUnit unit) {
        throw refused();
    }

    @Override
    public boolean await(long timeoutMillis) {
        throw refused();
    }

    @Override
    public boolean awaitUninterruptibly(long timeout, TimeUnit unit) {
        throw refused();
    }

    @Override
    public boolean awaitUninterruptibly(long timeoutMillis) {
        throw refused();
    }

    private static UnsupportedOperationException refused() {
        return new UnsupportedOperationException("used again for each write: nobody may wait for it");
    }
}
