package io.wspool.testkit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.wspool.loop.DirectSocket;
import io.wspool.loop.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The connections of the world, as the clients' machine has them, and the servers at their other ends. */
public final class MemoryNetwork implements Transport {
    private final World world;
    private final Map<SocketAddress, ScriptedServer> servers = new LinkedHashMap<>();
    private int channels;
    private int dials;
    private int openDescriptors;

    MemoryNetwork(World world) {
        this.world = world;
    }

    ScriptedServer listen(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(world.names().addressOf(host), port);
        ScriptedServer server = new ScriptedServer(world, host, address);
        if (servers.putIfAbsent(address, server) != null) {
            throw new IllegalArgumentException(host + ":" + port + " is taken");
        }
        return server;
    }

    /** Sockets that exist: from the dial to the selector's first pass after the close. */
    public int openDescriptors() {
        return openDescriptors;
    }

    /** Connections that were tried. */
    public int dials() {
        return dials;
    }

    MemoryLink connect(SocketAddress remote) throws IOException {
        ScriptedServer server = servers.get(remote);
        if (server == null) {
            throw new NoRouteToHostException("No route to host");
        }
        dials++;
        openDescriptors++;
        MemoryLink link = server.newLink(dials);
        link.connect();
        return link;
    }

    void descriptorFreed() {
        openDescriptors--;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public IoHandlerFactory ioHandlers() {
        return executor -> new MemoryIoHandler(executor);
    }

    @Override
    public Channel newChannel(SocketAddress remote) {
        return new MemoryChannel(this, ++channels);
    }

    /** There is nothing to set. */
    @Override
    public void configure(Bootstrap bootstrap, Duration deadAfter) {}

    @Override
    public void shutFromOutside() {
        servers.values().forEach(ScriptedServer::clientsLeave);
    }

    @Override
    public DirectSocket direct(Channel channel) {
        return (MemoryChannel) channel;
    }

    @Override
    public boolean pollBySelect() {
        return false;
    }
}
