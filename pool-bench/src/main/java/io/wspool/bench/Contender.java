package io.wspool.bench;

/**
 * Who takes part: a client, one of its modes, and a variant of it.
 *
 * @param client the library: {@code c}, {@code beast}, {@code wspool}, {@code netty}, {@code jdk}, …
 * @param mode how its thread waits: {@code spin}, {@code block}; for ours {@code polled}, {@code waiting}, {@code sleeping}, {@code spinning};
 *     Netty's {@code spin} is our {@code polled}, its others have our names
 * @param variant of ours {@code pool4}, {@code nomask} or {@code probesoff}, of Netty {@code heartbeat} or {@code tlsonly}; empty for none
 */
record Contender(String client, String mode, String variant) {
    static Contender of(String text) {
        int slash = text.indexOf('/');
        int plus = text.indexOf('+');
        return new Contender(
                text.substring(0, slash),
                text.substring(slash + 1, plus < 0 ? text.length() : plus),
                plus < 0 ? "" : text.substring(plus + 1));
    }

    boolean floor() {
        return client.equals("c");
    }

    boolean ours() {
        return client.equals("wspool");
    }

    /** Built by a C or C++ compiler when the report is made, not a JVM. */
    boolean isNative() {
        return client.equals("c") || client.equals("beast");
    }

    @Override
    public String toString() {
        return client + "/" + mode + (variant.isEmpty() ? "" : "+" + variant);
    }
}
