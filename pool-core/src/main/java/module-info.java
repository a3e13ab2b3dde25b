import org.jspecify.annotations.NullMarked;

/**
 * A pool of parallel WebSocket client channels to one service.
 * <p>Users need {@code io.wspool}, the door, and the words in {@code io.wspool.api}. Every other room is internal; the
 * exports with a target are for the project's own test kit.
 */
// requires-automatic: HdrHistogram has no module name of its own. module: the test kit is not there when this compiles.
@SuppressWarnings({"requires-automatic", "module"})
@NullMarked
module io.wspool {
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires transitive io.netty.handler;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.resolver;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static io.netty.transport.classes.kqueue;
    requires io.netty.transport.unix.common;
    requires org.jctools.core.jdk11;
    requires HdrHistogram;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.wspool;
    exports io.wspool.api;
    exports io.wspool.channel to
            io.wspool.testkit;
    exports io.wspool.health to
            io.wspool.testkit;
    exports io.wspool.loop to
            io.wspool.testkit;
    exports io.wspool.measure to
            io.wspool.testkit;
    exports io.wspool.wire to
            io.wspool.testkit;
}
