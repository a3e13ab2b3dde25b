package io.wspool.loop;

import io.netty.util.concurrent.Ticker;
import java.util.concurrent.Executor;

/**
 * What a pool takes from the outside: time, chance, sockets, names, threads. {@link SystemEnvironment} is the real one; the
 * test world brings its own, so that the same pool runs from one seed on one thread.
 */
public interface Environment extends AutoCloseable {
    /** The one clock. */
    Ticker ticker();

    /** The wall's clock, in milliseconds since 1970: for what people read, never for decisions. */
    long epochMillis();

    /** The one source of chance. */
    Chance chance();

    /** What connections are made of. */
    Transport transport();

    /** Names to addresses. */
    NameResolver resolver();

    /** Where TLS does its long computations; ordered, and never a loop. */
    Executor background();

    /**
     * Where a log is written whose appender may keep its writer waiting; ordered, and never a loop, nor what TLS waits for. Refuses
     * what is over its bound.
     */
    Executor logWriter();

    /** Gives a loop somebody who drives it; does nothing where the caller does. */
    void drive(Loop loop);

    /** Ends its threads. After the loops have ended. */
    @Override
    void close();
}
