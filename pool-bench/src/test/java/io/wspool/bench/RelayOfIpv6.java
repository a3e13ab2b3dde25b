package io.wspool.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Stands on the IPv6 loopback address before a server on the other one, and keeps the head of the first request. */
public final class RelayOfIpv6 implements AutoCloseable {
    private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private final ServerSocket listener = new ServerSocket();
    private final InetSocketAddress server;
    private final CompletableFuture<String> head = new CompletableFuture<>();

    public RelayOfIpv6(int serverPort) throws IOException {
        server = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), serverPort);
        try {
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(IPV6_LOOPBACK), 0));
        } catch (IOException e) {
            listener.close();
            Assumptions.abort("this machine has no IPv6: " + e.getMessage());
        }
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The first request, up to its empty line. */
    public String head() throws Exception {
        return head.get(30, TimeUnit.SECONDS);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket there = new Socket(server.getAddress(), server.getPort());
                client.setTcpNoDelay(true);
                there.setTcpNoDelay(true);
                start(() -> pump(client, there, true));
                start(() -> pump(there, client, false));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pump(Socket from, Socket to, boolean requests) {
        StringBuilder text = new StringBuilder();
        byte[] bytes = new byte[65_536];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                out.write(bytes, 0, n);
                if (requests && !head.isDone()) {
                    text.append(new String(bytes, 0, n, StandardCharsets.ISO_8859_1));
                    int end = text.indexOf("\r\n\r\n");
                    if (end >= 0) {
                        head.complete(text.substring(0, end));
                    }
                }
            }
        } catch (IOException e) {
            // one side is gone, and with it the other
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
