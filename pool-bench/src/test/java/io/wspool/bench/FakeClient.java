package io.wspool.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Speaks as a client of the report does, without a socket. The name says how it behaves. */
final class FakeClient {
    private FakeClient() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String name = List.of(arguments).get(List.of(arguments).indexOf("--client") + 1);
        long micros = name.startsWith("slow") ? 20 : 10;
        switch (name) {
            case "refuses" -> {
                System.out.println("{\"error\":\"no such mode\"}");
                System.exit(1);
            }
            case "silent" -> new CountDownLatch(1).await();
            case "chatty" -> System.out.println("Welcome to chatty 1.0");
            default -> {}
        }
        System.out.println("{\"ready\":true,\"client\":\"" + name + "\",\"version\":\"1.0\",\"note\":\"fake\"}");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int rounds = 0;
        for (String line = commands.readLine(); line != null && !line.equals("quit"); line = commands.readLine()) {
            if (line.startsWith("rate ")) {
                System.out.println("{\"rate\":" + line.substring(5) + "}");
                continue;
            }
            rounds++;
            if (rounds == 2) {
                misbehave(name);
            }
            long wrong = name.equals("loses") ? 3 : 0;
            System.out.println("{\"messages\":1000,\"nanos\":" + 1_000 * micros * 1_000
                    + ",\"cpuNanos\":500000,\"allocBytes\":2000," + "\"wrong\":" + wrong + ",\"hist\":\""
                    + micros * 1_000 + ":990," + micros * 2_000 + ":10\",\"round\":" + rounds + "}");
        }
    }

    private static void misbehave(String name) throws InterruptedException {
        switch (name) {
            case "dies" -> {
                System.err.println("WARNING: something else");
                System.err.println("out of luck");
                System.exit(3);
            }
            case "fails" -> System.out.println("{\"error\":\"the connection was lost\"}");
            case "hangs" -> new CountDownLatch(1).await();
            case "babbles" -> System.out.println("{\"messages\":}");
            default -> {}
        }
    }
}
