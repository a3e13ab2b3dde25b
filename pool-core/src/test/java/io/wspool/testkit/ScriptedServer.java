package io.wspool.testkit;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A WebSocket server that does as it is told, at once and at every moment. It begins well behaved: accepts, upgrades, reads,
 * answers pings and Close. Its {@link #ledger} is what it has really read, its {@link #violations} are what clients did that
 * RFC 6455 forbids.
 */
public final class ScriptedServer {
    enum Door {
        OPEN,
        CLOSED,
        SILENT
    }

    /** A data message that a client sent. */
    public record Received(boolean isText, ByteBuffer payload) {
        /** The payload as a string. */
        public String text() {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }
    }

    private final World world;
    private final String name;
    private final InetSocketAddress address;
    private final LinkSettings link = new LinkSettings();
    private final Behaviour behaviour = new Behaviour();
    private final Ledger ledger = new Ledger();
    private final List<MemoryLink> links = new ArrayList<>();
    private final List<ServerConnection> accepted = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private BiConsumer<ServerConnection, Received> onMessage = (connection, message) -> {};
    private Door door = Door.OPEN;
    private boolean hole;

    ScriptedServer(World world, String host, InetSocketAddress address) {
        this.world = world;
        this.name = host + ":" + address.getPort();
        this.address = address;
    }

    /** Where it listens, resolved. */
    public InetSocketAddress address() {
        return address;
    }

    /** {@code host:port}. */
    public String name() {
        return name;
    }

    /** How connections to it carry bytes, present ones included, except those with settings of their own. */
    public LinkSettings link() {
        return link;
    }

    /** How it answers on connections that have no behaviour of their own. */
    public Behaviour behaviour() {
        return behaviour;
    }

    /** What it has read. */
    public Ledger ledger() {
        return ledger;
    }

    /** What clients did that RFC 6455 forbids; empty, if they are what they claim to be. */
    public List<String> violations() {
        return Collections.unmodifiableList(violations);
    }

    /** Does this with every data message, a login for example. */
    public void onMessage(BiConsumer<ServerConnection, Received> script) {
        onMessage = script;
    }

    /** Takes connections again. */
    public void open() {
        door(Door.OPEN);
    }

    /** Refuses new connections from now on, as a port on which nobody listens. */
    public void refuse() {
        door(Door.CLOSED);
    }

    /** Leaves new dials without any answer. */
    public void hang() {
        door(Door.SILENT);
    }

    /** The process is killed: connections are reset, new ones are refused. */
    public void stop() {
        refuse();
        connections().forEach(ServerConnection::reset);
    }

    /** Nothing passes to or from it any more, and nobody is told: not by connections, not by new dials. */
    public void blackHole() {
        hole(true);
    }

    /** The end of {@link #blackHole}, and of all black holes of single connections. */
    public void heal() {
        hole(false);
    }

    /** Sends Close on every connection. */
    public void closeAll(int code, String reason) {
        connections().forEach(connection -> connection.close(code, reason));
    }

    /** Connections that it has accepted and that have not ended for it, oldest first. */
    public List<ServerConnection> connections() {
        return accepted.stream().filter(ServerConnection::isOpen).toList();
    }

    /** The connection that it accepted as number {@code index}, from 0, open or not. */
    public ServerConnection connection(int index) {
        return accepted.get(index);
    }

    /** How many connections it has accepted. */
    public int accepted() {
        return accepted.size();
    }

    Door door() {
        return door;
    }

    private void door(Door next) {
        world.log(name, "door " + next);
        door = next;
    }

    private void hole(boolean on) {
        world.log(name, on ? "black hole" : "healed");
        hole = on;
        for (MemoryLink each : links) {
            each.upHole(on);
            each.downHole(on);
        }
    }

    MemoryLink newLink(int number) {
        links.removeIf(each -> each.client.isClosed() && each.server.isClosed());
        MemoryLink created = new MemoryLink(world, this, number);
        created.upHole(hole);
        created.downHole(hole);
        links.add(created);
        return created;
    }

    /** The sockets at the other ends are closed. */
    void clientsLeave() {
        links.forEach(each -> each.client.close());
    }

    ServerConnection accept(MemoryLink from) {
        ServerConnection connection = new ServerConnection(world, this, from);
        accepted.add(connection);
        connection.accepted();
        return connection;
    }

    void received(ServerConnection connection, Received message) {
        onMessage.accept(connection, message);
    }

    void violated(ServerConnection connection, String violation) {
        violations.add(connection.name() + ": " + violation);
        world.log(connection.name(), "the client's fault: " + violation);
    }
}
