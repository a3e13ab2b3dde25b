package io.wspool.examples;

/** The demo: for now it says only which Netty it was packed with. */
public final class Demo {
    private Demo() {}

    public static void main(String[] args) {
        System.out.println("wspool demo on " + io.netty.util.Version.identify().get("netty-transport"));
    }
}
