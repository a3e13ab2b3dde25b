package io.wspool.testkit;

import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection between a client and a server: two pipes, a socket at each end, and how it comes about. */
final class MemoryLink {
    /** A lost SYN is sent again after 1, 2, 4, 8 and 16 s more, as by Linux. */
    private static final int SYNS = 6;

    private final World world;
    private final ScriptedServer target;
    private final String name;
    private final Pipe up;
    private final Pipe down;
    final MemorySocket client;
    final MemorySocket server;
    private @Nullable LinkSettings own;
    private @Nullable ServerConnection accepted;
    private boolean established;
    private @Nullable IOException failure;

    MemoryLink(World world, ScriptedServer target, int number) {
        this.world = world;
        this.target = target;
        name = target.name() + "#" + number;
        up = new Pipe(world, this);
        down = new Pipe(world, this);
        up.back = down;
        down.back = up;
        client = new MemorySocket(world, this, up, down);
        server = new MemorySocket(world, this, down, up);
    }

    /** The server's settings, until the connection was given its own. */
    LinkSettings settings() {
        return own == null ? target.link() : own;
    }

    LinkSettings ownSettings() {
        if (own == null) {
            own = new LinkSettings(target.link());
        }
        return own;
    }

    void upHole(boolean on) {
        up.hole(on);
    }

    void downHole(boolean on) {
        down.hole(on);
    }

    /** The client's call; {@link #isDecided} tells the end. */
    void connect() {
        world.log(name, "dialled");
        sendSyn(0);
    }

    private void sendSyn(int count) {
        if (isDecided() || client.isClosed()) {
            return;
        }
        if (count == SYNS) {
            fail("Connection timed out");
            return;
        }
        up.depart(0, this::synArrives);
        world.at(world.nowNanos() + TimeUnit.SECONDS.toNanos(1L << count), () -> sendSyn(count + 1));
    }

    private void synArrives() {
        if (accepted == null) {
            switch (target.door()) {
                case CLOSED -> {
                    down.depart(0, () -> fail("Connection refused"));
                    return;
                }
                case SILENT -> {
                    return;
                }
                case OPEN -> {}
            }
        }
        down.depart(0, this::synAckArrives); // ahead of all that the server sends when it hears of the connection
        if (accepted == null) {
            accepted = target.accept(this);
        }
    }

    private void synAckArrives() {
        if (!isDecided() && !client.isClosed()) {
            established = true;
            client.changed();
        }
    }

    private void fail(String message) {
        if (!isDecided() && !client.isClosed()) {
            world.log(name, message);
            failure = new ConnectException(message);
            client.changed();
        }
    }

    /** Whether the dial has an end: {@link #finishConnect} then tells which. */
    boolean isDecided() {
        return established || failure != null;
    }

    void finishConnect() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    boolean isEstablished() {
        return established;
    }

    String name() {
        return name;
    }
}
