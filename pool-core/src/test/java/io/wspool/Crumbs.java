package io.wspool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;

/**
 * Stands between a client and a server on this machine, for one connection, and hands on what the server sends in small pieces, as a
 * network may: records of TLS come in parts.
 */
final class Crumbs implements AutoCloseable {
    private static final int MOST_BYTES = 3_000;

    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final int server;
    private final Random random = new Random(13);

    Crumbs(int server) throws IOException {
        this.server = server;
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() throws IOException {
        try (Socket client = listening.accept();
                Socket served = new Socket(InetAddress.getLoopbackAddress(), server)) {
            client.setTcpNoDelay(true);
            served.setTcpNoDelay(true);
            start(() -> client.getInputStream().transferTo(served.getOutputStream()));
            InputStream in = served.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] bytes = new byte[MOST_BYTES];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes, 0, 1 + random.nextInt(MOST_BYTES))) {
                out.write(bytes, 0, read);
            }
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException gone) {
                        return; // one side has ended, or close()
                    }
                },
                "crumbs");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
