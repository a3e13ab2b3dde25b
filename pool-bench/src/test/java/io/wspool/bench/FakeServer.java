package io.wspool.bench;

import java.io.IOException;

/** Names a port and ends with its input. */
final class FakeServer {
    private FakeServer() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println(arguments.length > 0 ? "{\"error\":\"no port is free\"}" : "{\"port\":4711}");
        while (System.in.read() >= 0) {
            // until its end
        }
    }
}
