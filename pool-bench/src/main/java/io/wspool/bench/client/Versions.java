package io.wspool.bench.client;

import io.netty.util.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** Versions of what is measured. */
final class Versions {
    private static final String WRITTEN_BY_THE_BUILD = "versions.properties";

    private Versions() {}

    static String netty() {
        Version common = Version.identify().get("netty-common");
        return common == null ? "unknown" : common.artifactVersion();
    }

    static String of(String client) {
        Properties versions = new Properties();
        try (InputStream in = Objects.requireNonNull(
                Versions.class.getResourceAsStream(WRITTEN_BY_THE_BUILD), WRITTEN_BY_THE_BUILD)) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions.getProperty(client, "unknown");
    }
}
