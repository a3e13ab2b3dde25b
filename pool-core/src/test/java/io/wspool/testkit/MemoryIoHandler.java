package io.wspool.testkit;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The selector of one loop. Never blocks: the world decides when time goes on. As with NIO, the descriptor of a closed channel
 * is freed by the pass that follows the close, and goes on sending until then.
 */
final class MemoryIoHandler implements IoHandler {
    /** Something is ready; the handle knows what. */
    static final IoEvent READY = new IoEvent() {};

    /** What can be registered here. */
    abstract static class Handle implements IoHandle {
        /** Whether it waits in {@link #ready}. */
        private boolean queued;

        /** Whether what it is interested in is there. */
        abstract boolean isReady();

        /** Closes the descriptor at last. */
        abstract void free();

        /** Closes the channel. */
        @Override
        public abstract void close();
    }

    private final ThreadAwareExecutor executor;
    private final Set<Handle> registered = new LinkedHashSet<>();
    private final ArrayDeque<Registration> ready = new ArrayDeque<>();
    private final ArrayDeque<Handle> closed = new ArrayDeque<>();

    MemoryIoHandler(ThreadAwareExecutor executor) {
        this.executor = executor;
    }

    @Override
    public int run(IoHandlerContext context) {
        freeClosed();
        int handled = 0;
        for (int i = ready.size(); i > 0; i--) {
            Registration registration = ready.removeFirst();
            registration.handle.queued = false;
            if (registration.isValid() && registration.handle.isReady()) {
                registration.handle.handle(registration, READY);
                handled++;
                registration.look(); // it may not have taken everything
            }
        }
        return handled;
    }

    private void freeClosed() {
        for (Handle handle = closed.pollFirst(); handle != null; handle = closed.pollFirst()) {
            handle.free();
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) {
        registered.add((Handle) handle);
        Registration registration = new Registration((Handle) handle);
        handle.registered();
        return registration;
    }

    @Override
    public void prepareToDestroy() {
        for (Handle handle : registered.toArray(Handle[]::new)) {
            handle.close();
        }
        executor.execute(() -> {}); // a loop that finds nothing to do at its end sleeps for 100 ms of real time
    }

    @Override
    public void destroy() {
        freeClosed();
    }

    /** Nobody sleeps here. */
    @Override
    public void wakeup() {}

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return Handle.class.isAssignableFrom(handleType);
    }

    final class Registration implements IoRegistration {
        private final Handle handle;
        private boolean valid = true;

        Registration(Handle handle) {
            this.handle = handle;
        }

        /** Something may have become ready, or of interest. */
        void look() {
            if (valid && !handle.queued && handle.isReady()) {
                handle.queued = true;
                ready.addLast(this);
            }
        }

        /** The next pass frees the descriptor. */
        void freeAtNextPass() {
            closed.addLast(handle);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return null;
        }

        @Override
        public long submit(IoOps ops) {
            throw new UnsupportedOperationException("interest is looked up, not told");
        }

        @Override
        public boolean isValid() {
            return valid;
        }

        @Override
        public boolean cancel() {
            if (!executor.isExecutorThread(Thread.currentThread())) {
                throw new IllegalStateException("another thread in the world: " + Thread.currentThread());
            }
            boolean was = valid;
            valid = false;
            if (registered.remove(handle)) {
                handle.unregistered();
            }
            return was;
        }
    }
}
