package io.wspool.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wspool.wire.UpgradeRequest.Header;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpgradeRequestTest {
    @ParameterizedTest
    @CsvSource({
        "ws://example.com, false, example.com, 80, example.com, /, ws://example.com:80",
        "WSS://Example.COM/, true, example.com, 443, example.com, /, wss://example.com:443",
        "wss://example.com:443/a, true, example.com, 443, example.com, /a, wss://example.com:443",
        "wss://example.com:80/a, true, example.com, 80, example.com:80, /a, wss://example.com:80",
        "ws://example.com:443/a?b=c%20d&e, false, example.com, 443, example.com:443, /a?b=c%20d&e, ws://example.com:443",
        "ws://example.com?b, false, example.com, 80, example.com, /?b, ws://example.com:80",
        "ws://example.com:, false, example.com, 80, example.com, /, ws://example.com:80",
        "ws://[::1]:8080/x, false, ::1, 8080, [::1]:8080, /x, ws://[::1]:8080",
        "ws://[FE80::1%eth0]/x, false, fe80::1%eth0, 80, [fe80::1], /x, ws://[fe80::1%eth0]:80",
        "ws://127.0.0.1:1/x, false, 127.0.0.1, 1, 127.0.0.1:1, /x, ws://127.0.0.1:1",
        "ws://h:65535/x, false, h, 65535, h:65535, /x, ws://h:65535"
    })
    void knowsWhereItGoes(
            URI uri, boolean secure, String host, int port, String hostHeader, String target, String endpoint) {
        UpgradeRequest request = request(uri);
        assertThat(request.secure()).isEqualTo(secure);
        assertThat(request.host()).isEqualTo(host);
        assertThat(request.port()).isEqualTo(port);
        assertThat(request.hostHeader()).isEqualTo(hostHeader);
        assertThat(request.target()).isEqualTo(target);
        assertThat(request.endpoint()).isEqualTo(endpoint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h/ | uri.scheme=http must be ws or wss",
                "h/path | uri.scheme=null must be ws or wss",
                "ws:opaque | uri=ws://\"\" must be one with a host",
                "ws:///path | uri=ws://\"\" must be one with a host",
                "ws://under_score/ | uri=ws://\"under_score\" must be one with a host",
                "ws://h:0/ | uri.port=0 must be >= 1 and <= 65535",
                "ws://h:65536/ | uri.port=65536 must be >= 1 and <= 65535",
                "ws://h/#part | uri=ws://h:80 must be without a fragment",
                "ws://h/# | uri=ws://h:80 must be without a fragment",
                "ws://h/\u00fc | uri.path=(U+00FC at 1) must be printing ASCII",
                "ws://h/?\u4f60 | uri.query=(U+4F60 at 0) must be printing ASCII",
            })
    void refusesAUriThatNamesNoServer(String uri, String refusal) {
        assertThatThrownBy(() -> request(URI.create(uri)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws://user@h/", "wss://canary:canary@h/", "ws://canary@under_score/"})
    void refusesUserInfoWithoutRepeatingIt(String uri) {
        assertThatThrownBy(() -> request(URI.create(uri)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without user-info")
                .hasMessageNotContainingAny("canary", "user@");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host", "upgrade", "CONNECTION", "Sec-WebSocket-Key", "sec-websocket-extensions", "Sec-WebSocket-Foo",
                "Sec-WebSocket-Protocol", "Content-Length", "Transfer-Encoding", "TE", "Trailer", "Keep-Alive",
                "Proxy-Connection", "Expect", "HTTP2-Settings"
            })
    void refusesHeadersThatTheUpgradeItselfWrites(String name) {
        assertThatThrownBy(() -> new Header(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("connect.headers=" + name + " must be none that the upgrade itself writes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:", "a\r\nb", "a\n", "a\u0000", "\u00fc", "a(b)", "a,b", "\"a\""})
    void refusesHeaderNamesThatAreNoTokens(String name) {
        assertThatThrownBy(() -> new Header(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("connect.headers=\"")
                .hasMessageEndingWith("must be a token of RFC 9110");
    }

    @Test
    void refusesEveryHeaderValueThatCouldEndItsLine() {
        List<Integer> accepted = new ArrayList<>();
        for (int c = 0; c <= 0x200; c++) {
            String value = "canary" + (char) c + "x";
            try {
                accepted.add((int) new Header("X-Test", value).value().charAt(6));
            } catch (IllegalArgumentException e) {
                assertThat(e)
                        .hasMessage(
                                "connect.headers[X-Test]=(U+%04X at 6) must be printing ASCII and spaces".formatted(c));
            }
        }
        assertThat(accepted).hasSize('~' - ' ' + 1).first().isEqualTo((int) ' ');
        assertThat(accepted).last().isEqualTo((int) '~');
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a\r\nX: y", "\u00fc"})
    void refusesSubprotocolsThatAreNoTokens(String subprotocol) {
        assertThatThrownBy(() -> new UpgradeRequest(URI.create("ws://h/"), List.of(), List.of("ok", subprotocol)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("connect.subprotocols=\"")
                .hasMessageEndingWith("must be a token of RFC 9110");
    }

    @Test
    void refusesASubprotocolOfferedTwice() {
        assertThatThrownBy(() -> new UpgradeRequest(URI.create("ws://h/"), List.of(), List.of("a", "b", "a")))
                .hasMessage("connect.subprotocols=a must be offered once");
        assertThat(new UpgradeRequest(URI.create("ws://h/"), List.of(), List.of("a", "A")).subprotocols())
                .as("they differ by case")
                .hasSize(2);
    }

    @Test
    void refusesNullByName() {
        assertThatThrownBy(() -> new UpgradeRequest(null, List.of(), List.of()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("uri=null must be set");
        assertThatThrownBy(() -> new Header("A", null)).hasMessage("connect.headers[A]=null must be set");
    }

    @Test
    void showsNoSecretAsAString() {
        UpgradeRequest request = new UpgradeRequest(
                URI.create("wss://h/canary?canary=1"), List.of(new Header("Authorization", "canary")), List.of("v1"));
        assertThat(request).hasToString("UpgradeRequest[wss://h:443, 1 headers, subprotocols [v1]]");
        assertThat(request.endpoint() + request.headers()).doesNotContain("canary");
    }

    private static UpgradeRequest request(URI uri) {
        return new UpgradeRequest(uri, List.of(), List.of());
    }
}
