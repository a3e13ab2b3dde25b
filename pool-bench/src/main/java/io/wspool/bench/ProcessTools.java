package io.wspool.bench;

import io.wspool.bench.LineProcess.Broken;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The processes of the report: the C server or ours in Java, native clients, JVMs; pinned where that is possible. */
final class ProcessTools implements Tools {
    /** A fixed heap, and a collector that does nothing meanwhile. */
    static final List<String> JVM_OPTIONS = List.of("-Xms256m", "-Xmx256m", "-XX:+UseParallelGC");

    /** A stack trace for one buffer in 128, as long as its caller's stack is deep: no work of TLS, and what users are told to switch off. */
    static final String NO_LEAK_DETECTOR = "-Dio.netty.leakDetection.level=disabled";

    private static final List<String> SERVER_OPTIONS =
            List.of("-Xms512m", "-Xmx512m", "-XX:+UseParallelGC", "--enable-native-access=ALL-UNNAMED");

    private final NativeBuild natives;
    private final @Nullable URI url;
    private final Pinning pinning;

    ProcessTools(NativeBuild natives, @Nullable URI url, Pinning pinning) {
        this.natives = natives;
        this.url = url;
        this.pinning = url == null ? pinning : Pinning.none();
    }

    /** Compiles what a group needs, before time counts. What cannot be compiled says so when it is asked for. */
    void prepare(Group group) {
        try {
            if (url == null) {
                natives.server(group.load().tls());
            }
            for (Contender contender : group.contenders()) {
                if (contender.isNative()) {
                    program(contender);
                }
            }
        } catch (Broken e) {
            // told where it is missing
        }
    }

    private Path program(Contender contender) throws Broken {
        return contender.floor() ? natives.floor() : natives.beast();
    }

    @Override
    public Server server(Group group) throws Broken {
        if (url != null) {
            boolean tls = "wss".equals(url.getScheme());
            int port = url.getPort() > 0 ? url.getPort() : tls ? 443 : 80;
            return new Server(url.toString(), List.of(), bare(url.getHost()), port);
        }
        String mode = group.spinServer() ? "spin" : "block";
        List<String> command = new ArrayList<>(pinning.server(group));
        String name = "c/" + mode;
        try {
            command.add(natives.server(group.load().tls()).toString());
        } catch (Broken e) {
            // a machine without a compiler: ours in Java stands in, for everybody
            command.addAll(JavaProcess.command(SERVER_OPTIONS, "io.wspool.bench.client.JavaEchoServer"));
            name = "java/" + mode + " (" + e.reason() + ")";
        }
        command.addAll(List.of("--mode", mode));
        if (group.load().tls()) {
            List<Path> pem = natives.certificate();
            command.addAll(List.of(
                    "--tls-cert", pem.get(0).toString(), "--tls-key", pem.get(1).toString()));
        }
        return new Server(name, command, "", 0);
    }

    @Override
    public List<String> client(Group group, Contender contender, Server server, String host, int port) throws Broken {
        Group.Load load = group.load();
        List<String> command = new ArrayList<>(pinning.client(group, contender));
        int warmup = group.effort().warmupMillis();
        if (contender.isNative()) {
            command.add(program(contender).toString());
            warmup = Math.min(300, warmup);
        } else {
            List<String> options = new ArrayList<>(JVM_OPTIONS);
            options.addAll(load.work().equals("idle") ? List.of("-Xms1g", "-Xmx1g") : List.of());
            options.addAll(load.tls() ? List.of(NO_LEAK_DETECTOR) : List.of());
            options.add("--enable-native-access=ALL-UNNAMED");
            command.addAll(JavaProcess.command(options, "io.wspool.bench.client.ClientMain"));
        }
        command.addAll(
                List.of("--host", contender.isNative() ? address(host) : host, "--port", Integer.toString(port)));
        if (load.tls()) {
            command.add("--tls");
        }
        command.addAll(List.of("--client", contender.client(), "--mode", contender.mode()));
        if (!contender.variant().isEmpty()) {
            command.addAll(List.of("--variant", contender.variant()));
        }
        command.addAll(List.of("--work", load.work(), "--bytes", Integer.toString(load.bytes())));
        command.addAll(List.of("--window", Integer.toString(load.window())));
        command.addAll(List.of("--channels", Integer.toString(load.channels())));
        command.addAll(List.of("--threads", Integer.toString(load.threads())));
        command.addAll(List.of("--warmup-ms", Integer.toString(warmup)));
        if (!contender.isNative()) {
            command.addAll(
                    List.of("--settle-ms", Integer.toString(group.effort().settleMillis())));
        }
        if (contender.isNative() && url != null) {
            // they dial an address, and a server chooses by the name
            String name = url.getHost() + (url.getPort() > 0 ? ":" + url.getPort() : "");
            command.addAll(List.of("--host-header", name));
        }
        command.addAll(List.of("--path", url == null ? "/" : path(url)));
        return command;
    }

    /** What stands in the first line of the upgrade: where a token is part of the query, a server refuses without it. */
    private static String path(URI url) {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    /** An IPv6 address stands in brackets in a URL, and nowhere else. */
    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Native clients look no names up. */
    private static String address(String host) throws Broken {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException e) {
            throw new Broken("the name " + host + " is not known");
        }
    }
}
