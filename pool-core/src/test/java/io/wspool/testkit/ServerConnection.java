package io.wspool.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection, from the server's side: what a story can do to it, and what the server does by itself. */
public final class ServerConnection {
    private static final int READ_BYTES = 64 * 1024;
    /** A feed skips its turn while so much waits for a client that does not read. */
    private static final int FEED_LIMIT = 1 << 20;

    private record Ping(ByteBuf payload, long messagesBefore) {}

    private final World world;
    private final ScriptedServer server;
    private final MemoryLink link;
    private final ByteBuf input = Unpooled.wrappedBuffer(new byte[READ_BYTES]);
    private final Upgrade upgrade = new Upgrade();
    private final ClientFrames frames = new ClientFrames(new Reader(), violation -> violated(violation));
    private final Outbox output;
    private final List<Ping> pings = new ArrayList<>();
    private @Nullable Behaviour own;
    private boolean open = true;
    private boolean upgraded;
    private boolean upgradeAnswered;
    private boolean reading = true;
    private boolean woken;
    private boolean closeSent;
    private int closeCode;
    private long messages;
    private long confirmable;
    private long fed;
    private final List<byte[]> pongs = new ArrayList<>();

    ServerConnection(World world, ScriptedServer server, MemoryLink link) {
        this.world = world;
        this.server = server;
        this.link = link;
        output = new Outbox(world, link.server, () -> script().dribbleNanos, this::hangUp);
    }

    // ---- what a story asks

    /** {@code host:port#dial}. */
    public String name() {
        return link.name();
    }

    /** Whether it has not ended for the server. */
    public boolean isOpen() {
        return open;
    }

    /** Whether the 101 was sent. */
    public boolean isUpgraded() {
        return upgraded;
    }

    /** The head of the client's request, or what has come of it. */
    public String request() {
        return upgrade.head();
    }

    /** The code of the client's Close, or 0 while none was read. */
    public int closeCode() {
        return closeCode;
    }

    /** Data messages read. */
    public long messages() {
        return messages;
    }

    /** The messages that a pong of ours may confirm: those read before its ping, of the pongs written so far. */
    public long confirmable() {
        return confirmable;
    }

    /** Payloads of the pongs read. */
    public List<byte[]> pongs() {
        return Collections.unmodifiableList(pongs);
    }

    // ---- what a story does

    /** This connection's own behaviour from now on; begins as a copy of the server's. */
    public Behaviour behaviour() {
        if (own == null) {
            own = new Behaviour(server.behaviour());
        }
        return own;
    }

    /** This connection's own link settings from now on; begin as a copy of the server's. */
    public LinkSettings link() {
        return link.ownSettings();
    }

    /** Nothing passes any more, and nobody is told. */
    public void blackHole() {
        world.log(name(), "black hole");
        link.upHole(true);
        link.downHole(true);
    }

    /** What the server sends is lost; what the client sends arrives. */
    public void loseReplies() {
        world.log(name(), "replies are lost");
        link.downHole(true);
    }

    /** What the client sends is lost; what the server sends arrives. */
    public void loseRequests() {
        world.log(name(), "requests are lost");
        link.upHole(true);
    }

    /** Everything passes again; what was lost is sent again. */
    public void heal() {
        world.log(name(), "healed");
        link.upHole(false);
        link.downHole(false);
    }

    /** Leaves everything in the kernel: its window fills, then the client's buffer. */
    public void stopReading() {
        world.log(name(), "stops reading");
        reading = false;
    }

    /** Reads again, what waits first. */
    public void resumeReading() {
        world.log(name(), "reads again");
        reading = true;
        changed();
    }

    /** The connection breaks: a reset, now. */
    public void reset() {
        if (open) {
            link.server.cut();
            ended("reset");
        }
    }

    /** Ends the stream without a Close frame, and goes on reading. */
    public void finish() {
        world.log(name(), "end of stream sent");
        link.server.finish();
    }

    /** Closes the socket without a Close frame. */
    public void hangUp() {
        if (open) {
            link.server.close();
            ended("hung up");
        }
    }

    /** Sends a Close frame; when the client's has come too, closes the socket. */
    public void close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        sendClose(ByteBuffer.allocate(2 + text.length)
                .putShort((short) code)
                .put(text)
                .array());
    }

    /** Sends text. */
    public void sendText(String text) {
        send(ClientFrames.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a binary message. */
    public void sendBinary(byte[] payload) {
        send(ClientFrames.BINARY, payload);
    }

    /** Sends a ping. */
    public void sendPing(byte[] payload) {
        send(ClientFrames.PING, payload);
    }

    /** Sends a pong, asked for or not. */
    public void sendPong(byte[] payload) {
        send(ClientFrames.PONG, payload);
    }

    /** Sends one frame of any opcode. */
    public void send(int opcode, byte[] payload) {
        sendRaw(ClientFrames.serverFrame(opcode, payload));
    }

    /** Sends bytes, whatever they are. */
    public void sendRaw(byte[] bytes) {
        output.write(bytes, () -> {});
    }

    /** Sends a binary message of this size, numbered from 1 in its first eight bytes, so often, until the end. */
    public void feed(int bytes, Duration every) {
        world.after(every, () -> {
            if (open && upgraded && !closeSent) {
                if (output.waitingBytes() < FEED_LIMIT) {
                    sendBinary(ByteBuffer.allocate(Math.max(8, bytes))
                            .putLong(++fed)
                            .array());
                }
                feed(bytes, every);
            }
        });
    }

    // ---- what it does by itself

    void accepted() {
        world.log(name(), "accepted");
        link.server.onChange(this::changed);
        if (script().closesAfterAccept) {
            hangUp();
        }
    }

    private Behaviour script() {
        return own == null ? server.behaviour() : own;
    }

    private void violated(String violation) {
        server.violated(this, violation);
    }

    /** What arrives in one instant is read together, as by a process that its kernel has woken. */
    private void changed() {
        if (!woken) {
            woken = true;
            world.at(world.nowNanos(), this::wake);
        }
    }

    private void wake() {
        woken = false;
        output.flush();
        try {
            while (open && reading) {
                int length = link.server.read(input.clear());
                if (length == 0) {
                    return;
                }
                if (length < 0) {
                    hangUp();
                    return;
                }
                took(input.array(), length);
            }
        } catch (IOException e) {
            link.server.cut();
            ended("broken by the client");
        }
    }

    private void took(byte[] bytes, int length) {
        int used = 0;
        if (!upgrade.isComplete()) {
            used = upgrade.feed(bytes, length);
            if (upgrade.isComplete()) {
                world.after(Duration.ofNanos(script().upgradeDelayNanos), this::answerUpgrade);
            }
        }
        if (used < length) {
            if (!upgradeAnswered) {
                violated("data before the answer to its upgrade");
            }
            frames.feed(bytes, used, length - used);
            answerPings();
        }
    }

    private void answerUpgrade() {
        Behaviour script = script();
        if (!open || script.upgradeIgnored || script.silent) {
            return;
        }
        upgradeAnswered = true;
        String fault = upgrade.fault();
        if (fault != null) {
            violated(fault);
        }
        if (script.upgradeAnswer != null) {
            world.log(
                    name(),
                    "upgrade answered: "
                            + script.upgradeAnswer.lines().findFirst().orElse(""));
            sendRaw(script.upgradeAnswer.getBytes(StandardCharsets.ISO_8859_1));
            output.closeWhenWritten();
            return;
        }
        world.log(name(), "upgraded");
        upgraded = true;
        sendRaw(upgrade.answer(script.extraHeaders).getBytes(StandardCharsets.ISO_8859_1));
        if (script.feedEveryNanos > 0) {
            feed(script.feedBytes, Duration.ofNanos(script.feedEveryNanos));
        }
    }

    private void sendClose(byte[] payload) {
        if (!closeSent) {
            world.log(name(), "Close sent");
            closeSent = true;
            send(ClientFrames.CLOSE, payload);
        }
    }

    /** What the server does with what it has read. */
    private final class Reader implements ClientFrames.Sink {
        @Override
        public void message(boolean isText, byte[] payload) {
            messages++;
            if (!isText && payload.length >= 8) {
                long id = ByteBuffer.wrap(payload).getLong();
                server.ledger().read(new Ledger.Entry(id, ServerConnection.this, messages, world.nowNanos()));
            }
            server.received(ServerConnection.this, new ScriptedServer.Received(isText, ByteBuffer.wrap(payload)));
            Behaviour script = script();
            if (script.echoes && !script.silent) {
                send(isText ? ClientFrames.TEXT : ClientFrames.BINARY, payload);
            }
        }

        @Override
        public void ping(byte[] payload) {
            pings.add(new Ping(Unpooled.wrappedBuffer(payload), messages));
        }

        @Override
        public void pong(byte[] payload) {
            pongs.add(payload);
        }

        @Override
        public void close(int code, byte[] payload) {
            closeCode = code;
            world.log(name(), "Close " + code + " read");
            Behaviour script = script();
            if (script.ignoresClose || script.silent) {
                return;
            }
            if (!closeSent) {
                sendClose(payload);
            }
            output.closeWhenWritten();
        }
    }

    private void answerPings() {
        Behaviour script = script();
        if (!pings.isEmpty() && !script.silent) {
            switch (script.pings) {
                case ALL, ALTERED -> pings.forEach(this::answer);
                case LAST -> answer(pings.get(pings.size() - 1));
                case FIRST -> answer(pings.get(0));
                case NONE -> {}
            }
        }
        pings.clear();
    }

    private void answer(Ping ping) {
        boolean altered = script().pings == Behaviour.Pings.ALTERED;
        byte[] payload = ByteBufUtil.getBytes(ping.payload);
        if (altered && payload.length > 0) {
            payload[0] ^= 1;
        }
        byte[] frame = ClientFrames.serverFrame(ClientFrames.PONG, payload);
        Runnable whenWritten = () -> confirmable = altered ? confirmable : Math.max(confirmable, ping.messagesBefore);
        if (script().pongDelayNanos == 0) {
            output.write(frame, whenWritten);
        } else {
            world.after(Duration.ofNanos(script().pongDelayNanos), () -> output.write(frame, whenWritten));
        }
    }

    private void ended(String how) {
        open = false;
        output.end();
        world.log(name(), how);
    }
}
