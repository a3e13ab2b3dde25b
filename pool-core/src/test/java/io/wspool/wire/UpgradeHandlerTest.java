package io.wspool.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wspool.api.UpgradeRefusal;
import io.wspool.wire.UpgradeRequest.Header;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The request on the wire, the 101 and what comes with it. The refusals have a test of their own. */
class UpgradeHandlerTest {
    /** The nonce of RFC 6455 §1.3, and what belongs to it. */
    static final byte[] NONCE = "the sample nonce".getBytes(StandardCharsets.US_ASCII);

    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: " + ACCEPT + "\r\n\r\n";

    private final RecordingSink sink = new RecordingSink();
    private final Ending ending = new Ending();
    private EmbeddedChannel channel = new EmbeddedChannel();

    /** Adds a reader on success, as a channel does; keeps a refusal. */
    private final class Ending implements UpgradeHandler.Listener {
        final List<String> upgrades = new ArrayList<>();
        final List<UpgradeRefusal> refusals = new ArrayList<>();

        @Override
        public void onUpgraded(ChannelHandlerContext ctx, @Nullable String subprotocol) {
            upgrades.add(String.valueOf(subprotocol));
            ctx.pipeline()
                    .addAfter(
                            ctx.name(),
                            "frames",
                            new FrameReader(
                                    sink, new PayloadView(), ServerStream.MAX_MESSAGE, ServerStream.MAX_FRAGMENTS));
            ctx.writeAndFlush(Unpooled.copiedBuffer("first frame", StandardCharsets.US_ASCII));
        }

        @Override
        public void onRefused(ChannelHandlerContext ctx, UpgradeRefusal refusal) {
            refusals.add(refusal);
        }
    }

    @AfterEach
    void end() {
        channel.checkException();
        channel.finishAndReleaseAll();
    }

    @Test
    void sendsTheRequestToTheLetter() {
        install(new UpgradeRequest(
                URI.create("ws://example.com:8080/chat?room=1"),
                List.of(new Header("Origin", "https://example.com"), new Header("X-A", "1"), new Header("X-A", "2")),
                List.of("v2", "v1")));

        assertThat(written()).isEqualTo("""
                        GET /chat?room=1 HTTP/1.1
                        Host: example.com:8080
                        Upgrade: websocket
                        Connection: Upgrade
                        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                        Sec-WebSocket-Version: 13
                        Sec-WebSocket-Protocol: v2, v1
                        Origin: https://example.com
                        X-A: 1
                        X-A: 2

                        """.replace("\n", "\r\n"));
    }

    @Test
    void sendsNoOriginAndOffersNothingUnlessAsked() {
        install(request());
        assertThat(written())
                .doesNotContain("Origin")
                .doesNotContain("Sec-WebSocket-Protocol")
                .doesNotContain("Sec-WebSocket-Extensions");
    }

    @Test
    void leavesThePipelineAfterThe101() {
        install(request());
        written();
        feed(SWITCHING);

        assertThat(ending.upgrades).containsExactly("null");
        assertThat(ending.refusals).isEmpty();
        assertThat(channel.pipeline().names()).containsExactly("frames", "DefaultChannelPipeline$TailContext#0");
        assertThat(written()).as("frames may be written from the first moment").isEqualTo("first frame");
    }

    @Test
    void framesInOneSegmentWithThe101ReachTheReaderCutAtAnyByte() {
        byte[] frames = new ServerStream()
                .text("hello")
                .frame(Opcodes.PING, true, new byte[] {1})
                .frame(Opcodes.BINARY, true, new byte[200])
                .close(1000, new byte[0])
                .bytes();
        byte[] stream = new ServerStream()
                .raw(SWITCHING.getBytes(StandardCharsets.US_ASCII))
                .raw(frames)
                .bytes();
        List<String> expected = ServerStream.read(frames);
        assertThat(expected).hasSize(4);

        for (int cut = 0; cut <= stream.length; cut++) {
            restart();
            feed(Arrays.copyOf(stream, cut));
            feed(Arrays.copyOfRange(stream, cut, stream.length));
            assertThat(sink.frames()).as("cut at %d", cut).isEqualTo(expected);
            assertThat(ending.upgrades).hasSize(1);
            end();
        }
        restart();
        for (byte b : stream) {
            feed(new byte[] {b});
        }
        assertThat(sink.frames()).as("byte by byte").isEqualTo(expected);
    }

    private void restart() {
        sink.events.clear();
        ending.upgrades.clear();
        channel = new EmbeddedChannel();
        install(request());
    }

    @Test
    void tellsWhichOfTheOfferedSubprotocolsWasChosen() {
        install(new UpgradeRequest(URI.create("ws://h/"), List.of(), List.of("v2", "v1")));
        feed(SWITCHING.replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol: v1\r\n\r\n"));
        assertThat(ending.upgrades).containsExactly("v1");
    }

    @Test
    void noSubprotocolThoughSomeWereOfferedIsLegal() {
        install(new UpgradeRequest(URI.create("ws://h/"), List.of(), List.of("v1")));
        feed(SWITCHING);
        assertThat(ending.upgrades).containsExactly("null");
    }

    @Test
    void namesAndTokensAreComparedWhateverTheirCase() {
        install(request());
        feed("HTTP/1.1 101 \r\nUPGRADE: WebSocket\r\nconnection: keep-alive\r\nConnection: foo , uPGRADE\r\n"
                + "sec-websocket-accept:   " + ACCEPT + "  \r\nServer: x\r\n\r\n");
        assertThat(ending.upgrades).hasSize(1);
    }

    @Test
    void fourInterimResponsesAreSkipped() {
        install(request());
        feed("HTTP/1.1 100 Continue\r\n\r\n".repeat(2)
                + "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(2)
                + SWITCHING);
        assertThat(ending.upgrades).hasSize(1);
    }

    @Test
    void a101HasNoBodyWhateverItDeclares() {
        install(request());
        feed(new ServerStream()
                .raw(SWITCHING
                        .replace("\r\n\r\n", "\r\nContent-Length: 3\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII))
                .text("hello")
                .bytes());
        assertThat(ending.upgrades).hasSize(1);
        assertThat(sink.frames()).containsExactly(RecordingSink.message(true, ServerStream.utf8("hello")));
    }

    @Test
    void aSinkMayCloseTheChannelFromFramesThatCameWithThe101() {
        install(request());
        sink.onEvent = event -> channel.close();
        feed(new ServerStream()
                .raw(SWITCHING.getBytes(StandardCharsets.US_ASCII))
                .text("a")
                .bytes());
        assertThat(sink.frames()).hasSize(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(ending.refusals).isEmpty();
    }

    @Test
    void theEndOfAnUpgradedConnectionIsNotOurs() {
        install(request());
        feed(SWITCHING);
        channel.close();
        assertThat(ending.refusals).isEmpty();
        assertThat(ending.upgrades).hasSize(1);
    }

    private void install(UpgradeRequest request) {
        UpgradeHandler.install(channel.pipeline(), new UpgradeHandler(request, NONCE, ending));
    }

    private static UpgradeRequest request() {
        return new UpgradeRequest(URI.create("ws://example.com/"), List.of(), List.of());
    }

    private String written() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.US_ASCII));
            part.release();
        }
        return text.toString();
    }

    private void feed(String bytes) {
        feed(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void feed(byte[] bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes));
    }
}
