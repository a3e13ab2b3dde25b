package io.wspool.bench.client;

import io.netty.util.Version;

/** Versions that libraries tell about themselves. */
final class Versions {
    private Versions() {}

    static String netty() {
        Version common = Version.identify().get("netty-common");
        return common == null ? "unknown" : common.artifactVersion();
    }
}
