package io.wspool;

import io.netty.channel.Channel;
import io.wspool.loop.DirectSocket;
import io.wspool.loop.Environment;
import io.wspool.loop.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Sees the connections that an environment makes, what is read of them past the selector and how often they are written past the pipeline. */
final class Watched {
    final BlockingQueue<Channel> made = new LinkedBlockingQueue<>();
    final AtomicLong bytesRead = new AtomicLong();
    final AtomicLong writes = new AtomicLong();

    /** The same environment, watched. */
    Environment of(Environment real) {
        Transport watched = proxy(Transport.class, real.transport(), this::ofTransport);
        return proxy(Environment.class, real, (method, result) -> method.equals("transport") ? watched : result);
    }

    private @Nullable Object ofTransport(String method, @Nullable Object result) {
        if (result instanceof Channel channel && method.equals("newChannel")) {
            made.add(channel);
        }
        return result instanceof DirectSocket socket && method.equals("direct")
                ? proxy(DirectSocket.class, socket, this::ofSocket)
                : result;
    }

    private @Nullable Object ofSocket(String method, @Nullable Object result) {
        if (result instanceof Integer bytes && method.equals("read")) {
            bytesRead.addAndGet(Math.max(0, bytes));
        } else if (method.equals("write")) {
            writes.incrementAndGet();
        }
        return result;
    }

    private static <T> T proxy(Class<T> type, T real, BiFunction<String, @Nullable Object, @Nullable Object> after) {
        return type.cast(Proxy.newProxyInstance(
                Watched.class.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
                    try {
                        return after.apply(method.getName(), method.invoke(real, given));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
