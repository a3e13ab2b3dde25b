package io.wspool.loop;

import io.netty.channel.Channel;
import io.netty.util.Version;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in one sentence that the class path holds a Netty that is too old, instead of a missing class somewhere later. */
public final class NettyVersion {
    private static final int[] LEAST = {4, 2, 15};
    private static final String MODULE = "netty-transport";

    /** What was found new enough stays so: the jars are read for the first pool only. */
    private static volatile boolean enough;

    private NettyVersion() {}

    /**
     * Refuses a Netty older than 4.2.15.
     *
     * @throws IllegalStateException that names both versions and what to do
     */
    public static void check() {
        if (!enough) {
            check(loaded(Channel.class.getPackage()), Version.identify(NettyVersion.class.getClassLoader()));
            enough = true;
        }
    }

    /** For messages. Reads the jars' manifests. */
    public static String name() {
        String loaded = loaded(Channel.class.getPackage());
        Version named = Version.identify(NettyVersion.class.getClassLoader()).get(MODULE);
        return loaded != null ? loaded : named == null ? "of an unknown version" : named.artifactVersion();
    }

    /** What the class loader gives, by its jar. Of two on the class path {@link Version} names the last, which nobody gets. */
    static @Nullable String loaded(Package transport) {
        String title = transport.getImplementationTitle();
        return title != null && title.startsWith("Netty/") ? transport.getImplementationVersion() : null;
    }

    /**
     * Decides.
     *
     * @param loaded null where the jar does not say: on the module path, and in one jar with others
     */
    static void check(@Nullable String loaded, Map<String, Version> found) {
        Version named = found.get(MODULE);
        String version = loaded != null ? loaded : named == null ? null : named.artifactVersion();
        if (version == null ? !hasIoLoops() : !isEnough(version)) {
            throw new IllegalStateException("wspool needs Netty " + LEAST[0] + "." + LEAST[1] + "." + LEAST[2]
                    + " or later, but the class path has Netty " + (version == null ? "of an unknown version" : version)
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
