package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.wspool.bench.LineProcess.Broken;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients are told of a server that is not ours. */
class ProcessToolsTest {
    @TempDir
    private static Path directory;

    private static List<String> client(String url, String contender) throws Broken {
        ProcessTools tools = new ProcessTools(new NativeBuild(directory), URI.create(url), Pinning.none());
        Group group = Golden.group("golden", contender);
        Tools.Server server = tools.server(group);
        return tools.client(group, Contender.of(contender), server, server.host(), server.port());
    }

    @ParameterizedTest
    @CsvSource({
        "ws://127.0.0.1:7, 127.0.0.1, 7, /",
        "ws://127.0.0.1/a/b, 127.0.0.1, 80, /a/b",
        "wss://127.0.0.1/, 127.0.0.1, 443, /",
        "ws://127.0.0.1:7?token=1, 127.0.0.1, 7, /?token=1",
        "ws://[::1]:7/echo?token=a%20b&c=%2F, ::1, 7, /echo?token=a%20b&c=%2F"
    })
    void theUrlIsTakenApartWithoutLosingAnything(String url, String host, String port, String path) throws Broken {
        assertThat(client(url, "jdk/sleeping"))
                .containsSubsequence("--host", host, "--port", port)
                .containsSubsequence("--path", path)
                .doesNotContain("--host-header");
    }

    @Test
    void nativeClientsDialAnAddressAndSayTheName() {
        try {
            assertThat(client("ws://localhost:7/", "c/spin"))
                    .containsSubsequence("--host-header", "localhost:7")
                    .doesNotContain("localhost");
            assertThat(client("ws://[::1]:7/", "c/spin"))
                    .containsSubsequence("--host", "0:0:0:0:0:0:0:1")
                    .containsSubsequence("--host-header", "[::1]:7");
            assertThat(client("ws://127.0.0.1/", "c/spin")).containsSubsequence("--host-header", "127.0.0.1");
        } catch (Broken e) {
            abort("absent: " + e.reason());
        }
    }
}
