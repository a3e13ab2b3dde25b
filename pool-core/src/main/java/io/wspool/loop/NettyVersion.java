package io.wspool.loop;

import io.netty.util.Version;
import java.util.Map;

/** Says in one sentence that the class path holds a Netty that is too old, instead of a missing class somewhere later. */
public final class NettyVersion {
    private static final int[] LEAST = {4, 2, 15};
    private static final String MODULE = "netty-transport";

    private NettyVersion() {}

    /**
     * Refuses a Netty older than 4.2.15.
     *
     * @throws IllegalStateException that names both versions and what to do
     */
    public static void check() {
        check(Version.identify(NettyVersion.class.getClassLoader()));
    }

    static void check(Map<String, Version> found) {
        Version transport = found.get(MODULE);
        String version = transport == null ? "of an unknown version" : transport.artifactVersion();
        if (transport == null ? !hasIoLoops() : !isEnough(version)) {
            throw new IllegalStateException("wspool needs Netty " + LEAST[0] + "." + LEAST[1] + "." + LEAST[2]
                    + " or later, but the class path has Netty " + version
                    + ": import io.netty:netty-bom:4.2.18.Final before the BOM that brings the old one"
                    + " (Spring Boot: property netty.version)");
        }
    }

    private static boolean hasIoLoops() {
        try {
            Class.forName("io.netty.channel.ManualIoEventLoop", false, NettyVersion.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static boolean isEnough(String version) {
        String[] parts = version.split("\\.", -1);
        for (int i = 0; i < LEAST.length; i++) {
            int part = i < parts.length && parts[i].matches("[0-9]+") ? Integer.parseInt(parts[i]) : 0;
            if (part != LEAST[i]) {
                return part > LEAST[i];
            }
        }
        return true;
    }
}
