package io.wspool;

import io.netty.util.concurrent.Ticker;
import io.wspool.api.LoopMode;
import io.wspool.api.TransportKind;
import io.wspool.loop.Chance;
import io.wspool.loop.Environment;
import io.wspool.loop.Loop;
import io.wspool.loop.NameResolver;
import io.wspool.loop.SystemEnvironment;
import io.wspool.loop.Transport;
import io.wspool.loop.TransportChoice;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;

/** The system's environment, in which every name is this machine: for certificates and SNI, which are about names. */
final class LoopbackNames implements Environment, NameResolver {
    private final SystemEnvironment system;
    private final List<String> addresses;

    /** Every name has these addresses, to be tried in this order. */
    LoopbackNames(String... addresses) {
        this(LoopMode.SLEEPING, TransportKind.AUTO, addresses);
    }

    /** The same in that mode, with these sockets. */
    LoopbackNames(LoopMode mode, TransportKind kind, String... addresses) {
        this.system =
                new SystemEnvironment("real", mode, TransportChoice.of(kind).transport(), null);
        this.addresses = List.of(addresses);
    }

    @Override
    public void resolve(String host, int port, Callback callback) {
        List<InetSocketAddress> all = addresses.stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        callback.resolved(all, null);
    }

    @Override
    public NameResolver resolver() {
        return this;
    }

    @Override
    public long epochMillis() {
        return system.epochMillis();
    }

    @Override
    public Ticker ticker() {
        return system.ticker();
    }

    @Override
    public Chance chance() {
        return system.chance();
    }

    @Override
    public Transport transport() {
        return system.transport();
    }

    @Override
    public Executor background() {
        return system.background();
    }

    @Override
    public Executor logWriter() {
        return system.logWriter();
    }

    @Override
    public void drive(Loop loop) {
        system.drive(loop);
    }

    @Override
    public void close() {
        system.close();
    }
}
