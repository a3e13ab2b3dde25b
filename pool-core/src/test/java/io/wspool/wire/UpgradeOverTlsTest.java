package io.wspool.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.wspool.api.UpgradeRefusal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over TLS the request waits for the handshake. Two channels, their bytes carried by hand. */
class UpgradeOverTlsTest {
    private static X509Bundle certificate;

    private final List<String> told = new ArrayList<>();
    private final UpgradeHandler handler = new UpgradeHandler(
            new UpgradeRequest(URI.create("wss://localhost/"), List.of(), List.of()),
            UpgradeHandlerTest.NONCE,
            new UpgradeHandler.Listener() {
                @Override
                public void onUpgraded(ChannelHandlerContext ctx, @Nullable String subprotocol) {
                    told.add("upgraded");
                }

                @Override
                public void onRefused(ChannelHandlerContext ctx, UpgradeRefusal refusal) {
                    told.add(refusal.problem());
                }
            });
    private EmbeddedChannel client;
    private EmbeddedChannel server;

    @BeforeAll
    static void certify() throws Exception {
        certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    @BeforeEach
    void connect() throws Exception {
        SslContext serverContext = SslContextBuilder.forServer(certificate.toKeyManagerFactory())
                .sslProvider(SslProvider.JDK)
                .build();
        SslContext clientContext = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(certificate.toTrustManagerFactory())
                .build();
        server = new EmbeddedChannel(serverContext.newHandler(Unpooled.EMPTY_BUFFER.alloc()));
        client = new EmbeddedChannel(clientContext.newHandler(Unpooled.EMPTY_BUFFER.alloc(), "localhost", 443));
    }

    @AfterEach
    void end() {
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }

    @Test
    void theRequestIsSentAfterTheHandshakeAndThe101Understood() {
        UpgradeHandler.install(client.pipeline(), handler);
        pump();

        assertThat(received())
                .startsWith("GET / HTTP/1.1\r\nHost: localhost\r\n")
                .endsWith("\r\n\r\n");
        server.writeOutbound(Unpooled.copiedBuffer(UpgradeHandlerTest.SWITCHING, StandardCharsets.US_ASCII));
        pump();
        assertThat(told).containsExactly("upgraded");
    }

    @Test
    void theRequestIsSentAtOnceWhenTheHandshakeIsOver() {
        pump();
        UpgradeHandler.install(client.pipeline(), handler);
        pump();
        assertThat(received()).startsWith("GET / HTTP/1.1\r\n");
    }

    @Test
    void aConnectionThatEndsBeforeTheHandshakeIsNoRefusal() {
        UpgradeHandler.install(client.pipeline(), handler);
        client.close();
        assertThat(told).isEmpty();
    }

    private void pump() {
        boolean moved = true;
        while (moved) {
            moved = carry(client, server) || carry(server, client);
        }
    }

    private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
        boolean moved = false;
        from.runPendingTasks();
        for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            to.writeInbound(bytes);
            to.runPendingTasks();
            moved = true;
        }
        return moved;
    }

    private String received() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = server.readInbound(); part != null; part = server.readInbound()) {
            text.append(part.toString(StandardCharsets.US_ASCII));
            part.release();
        }
        return text.toString();
    }
}
