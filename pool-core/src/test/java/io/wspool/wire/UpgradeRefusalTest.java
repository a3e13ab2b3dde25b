package io.wspool.wire;

import static io.wspool.wire.UpgradeHandlerTest.ACCEPT;
import static io.wspool.wire.UpgradeHandlerTest.SWITCHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wspool.api.UpgradeRefusal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is no valid 101 is refused once, says why, and switches nothing. */
class UpgradeRefusalTest {
    private final List<UpgradeRefusal> refusals = new ArrayList<>();
    private final UpgradeHandler handler = new UpgradeHandler(
            new UpgradeRequest(URI.create("ws://example.com/"), List.of(), List.of("v1")),
            UpgradeHandlerTest.NONCE,
            new UpgradeHandler.Listener() {
                @Override
                public void onUpgraded(ChannelHandlerContext ctx, @Nullable String subprotocol) {
                    throw new AssertionError("must not be upgraded");
                }

                @Override
                public void onRefused(ChannelHandlerContext ctx, UpgradeRefusal refusal) {
                    refusals.add(refusal);
                }
            });
    private final EmbeddedChannel channel = new EmbeddedChannel();

    UpgradeRefusalTest() {
        UpgradeHandler.install(channel.pipeline(), handler);
    }

    @AfterEach
    void end() {
        channel.checkException();
        assertThat(channel.inboundMessages()).isEmpty();
        channel.finishAndReleaseAll();
        assertThat(refusals).as("told once, also after the end").hasSizeLessThanOrEqualTo(1);
    }

    static Stream<Arguments> bad101s() {
        return Stream.of(
                arguments(without("Upgrade: websocket"), "without \"Upgrade: websocket\""),
                arguments(with("Upgrade: websocket", "Upgrade: websockets"), "without \"Upgrade: websocket\""),
                arguments(with("Upgrade: websocket", "Upgrade: h2c, websocket"), "without \"Upgrade: websocket\""),
                arguments(with("Upgrade: websocket", "Upgrade: HTTP/1.1"), "without \"Upgrade: websocket\""),
                arguments(and("Upgrade: websocket"), "without \"Upgrade: websocket\""),
                arguments(without("Connection: Upgrade"), "without \"Connection: Upgrade\""),
                arguments(with("Connection: Upgrade", "Connection: close"), "without \"Connection: Upgrade\""),
                arguments(with("Connection: Upgrade", "Connection: Upgraded"), "without \"Connection: Upgrade\""),
                arguments(without("Sec-WebSocket-Accept: " + ACCEPT), "0 Sec-WebSocket-Accept headers"),
                arguments(and("Sec-WebSocket-Accept: " + ACCEPT), "2 Sec-WebSocket-Accept headers"),
                arguments(with(ACCEPT, ACCEPT.toLowerCase(java.util.Locale.ROOT)), "does not belong to this request"),
                arguments(with(ACCEPT, ACCEPT + "x"), "does not belong to this request"),
                arguments(with(ACCEPT, ACCEPT.substring(1)), "does not belong to this request"),
                arguments(with(ACCEPT, ""), "does not belong to this request"),
                arguments(with(ACCEPT, "dGhlIHNhbXBsZSBub25jZQ=="), "does not belong to this request"),
                arguments(and("Sec-WebSocket-Extensions: permessage-deflate"), "extension that was not offered"),
                arguments(and("Sec-WebSocket-Extensions:"), "extension that was not offered"),
                arguments(and("Sec-WebSocket-Protocol: v2"), "not offered: \"v2\""),
                arguments(and("Sec-WebSocket-Protocol: V1"), "not offered: \"V1\""),
                arguments(and("Sec-WebSocket-Protocol: v1, v1"), "not offered: \"v1, v1\""),
                arguments(and("Sec-WebSocket-Protocol:"), "not offered: \"\""),
                arguments(and("Sec-WebSocket-Protocol: v1\r\nSec-WebSocket-Protocol: v1"), "2 Sec-WebSocket-Protocol"),
                arguments(with("HTTP/1.1", "HTTP/1.0"), "not HTTP/1.1"),
                arguments(and("X: y\r\n".repeat(97) + "X: y"), "101 headers, allowed 100"));
    }

    private static String with(String part, String instead) {
        return SWITCHING.replace(part, instead);
    }

    private static String without(String header) {
        return with(header + "\r\n", "");
    }

    private static String and(String header) {
        return with("\r\n\r\n", "\r\n" + header + "\r\n\r\n");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("bad101s")
    void a101ThatBreaksTheRulesIsRefusedAtOnceWithWhatComesBehindIt(String head, String problem) {
        feed(head + "\u0081\u0001a");
        feed("\u0081\u0001b");

        assertThat(refusals).hasSize(1);
        assertThat(refusals.get(0).status()).isEqualTo(101);
        assertThat(refusals.get(0).problem()).contains(problem);
        assertThat(refusals.get(0).bodyStart()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X\u0000: y",
                "X: a\u0000b",
                "X: a\u0001b",
                "X: a\rb",
                "X: a\u007fb",
                "X : y",
                "X\t: y",
                ": y",
                "no colon",
                "X(: y",
                "\u00fc: y",
                "Upgrade : websocket"
            })
    void aBadHeaderBehindGoodOnesIsRefused(String header) {
        feed(and(header));
        assertUnreadable("the answer's head breaks RFC 9112");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "\u0081\u0005hello\r\n\r\n",
                "HTTP/1.1 +101 x\r\n\r\n",
                "HTTP/1.1 0101 x\r\n\r\n",
                "HTTP/1.1 1O1 x\r\n\r\n",
                "HTTP/1.1 101\nA: b\n\n",
                "HTTP/x 101 y\r\n\r\n"
            })
    void aBadStatusLineIsRefused(String head) {
        feed(head);
        assertUnreadable("the answer's head breaks RFC 9112");
    }

    @Test
    void aHeadOfMoreThanTheLimitIsRefused() {
        int room = UpgradeResponseDecoder.MAX_HEADER_BYTES - headerBytes(and("X: "));
        feed(and("X: " + "y".repeat(room) + "z"));
        assertUnreadable("breaks RFC 9112");
    }

    @Test
    void aHeadOfTheWholeLimitIsJudgedByItsContent() {
        int room = UpgradeResponseDecoder.MAX_HEADER_BYTES - headerBytes(and("X: \r\nUpgrade: a"));
        feed(and("X: " + "y".repeat(room) + "\r\nUpgrade: a"));
        assertThat(refusals.get(0).status()).isEqualTo(101);
    }

    /** As the parser counts: the lines without their ends. */
    private static int headerBytes(String response) {
        String headers = response.substring(response.indexOf("\r\n") + 2);
        return headers.replace("\r\n", "").length();
    }

    @Test
    void aStatusLineWithoutEndIsRefused() {
        feed("HTTP/1.1 101 " + "x".repeat(UpgradeResponseDecoder.MAX_STATUS_LINE_BYTES));
        assertUnreadable("breaks RFC 9112");
    }

    private void assertUnreadable(String problem) {
        assertThat(refusals).hasSize(1);
        assertThat(refusals.get(0).status()).isZero();
        assertThat(refusals.get(0).headers()).isEmpty();
        assertThat(refusals.get(0).problem()).contains(problem);
    }

    @Test
    void anErrorTellsStatusHeadersAndBody() {
        feed("HTTP/1.1 503 Service\u00a0Unavailable\r\nRetry-After: 7\r\nX: a\r\nx: b\r\nSet-Cookie: canary=1\r\n"
                + "Content-Length: 11\r\n\r\nline\r\nnext\u0001");
        UpgradeRefusal refusal = refusals.get(0);
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.reasonPhrase()).isEqualTo("Service\\u00a0Unavailable");
        assertThat(refusal.header("retry-after")).isEqualTo("7");
        assertThat(refusal.headers()).containsEntry("x", List.of("a", "b"));
        assertThat(refusal.bodyStart()).isEqualTo("line\\r\\nnext\\u0001");
        assertThat(refusal.problem()).isEqualTo("status 503 instead of 101");
        assertThat(refusal.toString()).doesNotContain("canary");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 302, 304, 401, 403, 404, 426, 429, 500})
    void anyOtherStatusIsRefused(int status) {
        feed("HTTP/1.1 " + status + " No\r\nLocation: ws://elsewhere/\r\nContent-Length: 0\r\n\r\n");
        assertThat(refusals).hasSize(1);
        assertThat(refusals.get(0).status()).isEqualTo(status);
    }

    @Test
    void aBodyIsCollectedUntilItEnds() {
        feed("HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        assertThat(refusals).isEmpty();
        feed("2\r\nde\r\n0\r\n\r\n");
        assertThat(refusals.get(0).bodyStart()).isEqualTo("abcde");
    }

    @Test
    void aBodyIsCollectedUpTo4KiB() {
        feed("HTTP/1.1 500 No\r\n\r\n" + "b".repeat(4095));
        assertThat(refusals).isEmpty();
        feed("cd");
        assertThat(refusals.get(0).bodyStart()).isEqualTo("b".repeat(4095) + "c");
        feed("more, thrown away");
    }

    @Test
    void aBodyIsCollectedUntilTheConnectionEnds() {
        feed("HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nhalf");
        assertThat(refusals).isEmpty();
        channel.close();
        assertThat(refusals.get(0).status()).isEqualTo(500);
        assertThat(refusals.get(0).bodyStart()).isEqualTo("half");
    }

    @Test
    void aBodyOfTheWholeConnectionEndsWithIt() {
        feed("HTTP/1.1 500 No\r\n\r\nhalf");
        channel.close();
        assertThat(refusals.get(0).bodyStart()).isEqualTo("half");
    }

    @Test
    void aBrokenBodyEndsTheCollection() {
        feed("HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nbroken\r\n");
        assertThat(refusals.get(0).bodyStart()).isEqualTo("abc");
    }

    @Test
    void whatIsKnownMayBeAskedForWhenTimeIsUp() {
        assertThat(handler.partialRefusal()).isNull();
        feed("HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\nhalf");
        UpgradeRefusal partial = handler.partialRefusal();
        assertThat(partial).isNotNull();
        assertThat(partial.status()).isEqualTo(403);
        assertThat(partial.bodyStart()).isEqualTo("half");
        assertThat(refusals).isEmpty();
    }

    @Test
    void moreThanFourInterimResponsesAreRefused() {
        feed("HTTP/1.1 100 Continue\r\n\r\n".repeat(4));
        assertThat(refusals).isEmpty();
        feed("HTTP/1.1 102 Processing\r\n\r\n" + SWITCHING);
        assertThat(refusals.get(0).problem()).isEqualTo("more than 4 interim responses");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 10", "HTTP/1.1 101 Switching Protocols\r\nUpgr"})
    void anEndBeforeTheHeadIsWholeSaysHowMuchCame(String start) {
        feed(start);
        assertThat(refusals).isEmpty();
        channel.close();
        assertUnreadable("the connection ended after " + start.length() + " bytes");
    }

    @Test
    void anEndBehindAnInterimResponseCountsItsBytesToo() {
        feed("HTTP/1.1 100 Continue\r\n\r\n");
        channel.close();
        assertUnreadable("the connection ended after 25 bytes");
    }

    @Test
    void aNonceHas16Bytes() {
        UpgradeRequest request = new UpgradeRequest(URI.create("ws://h/"), List.of(), List.of());
        assertThatThrownBy(() -> new UpgradeHead(request, new byte[15])).hasMessage("nonce.length=15 must be 16");
    }

    private void feed(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    }
}
