package io.wspool.loop;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** The operating system's resolver, on one daemon thread, because it can block for as long as it likes. */
final class SystemResolver implements NameResolver {
    private final ExecutorService thread;

    SystemResolver(String poolName) {
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread daemon = new Thread(task, "wspool-" + poolName + "-resolver");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    @Override
    public void resolve(String host, int port, Callback callback) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            if (literal != null) {
                callback.resolved(List.of(new InetSocketAddress(InetAddress.getByAddress(host, literal), port)), null);
                return;
            }
            thread.execute(() -> lookUp(host, port, callback));
        } catch (UnknownHostException | RejectedExecutionException e) {
            callback.resolved(null, e);
        }
    }

    private static void lookUp(String host, int port, Callback callback) {
        List<InetSocketAddress> addresses;
        try {
            addresses = Arrays.stream(InetAddress.getAllByName(host))
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
        } catch (UnknownHostException | RuntimeException e) {
            callback.resolved(null, e);
            return;
        }
        callback.resolved(addresses, null);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
