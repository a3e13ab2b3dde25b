package io.wspool.bench.client;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * The echo server of the latency report for machines without a C compiler: one thread, sleeping or spinning, {@code ws} or
 * {@code wss}. Prints {@code {"port":P}} and ends at the end of its standard input.
 */
public final class JavaEchoServer {
    private static final int BACKLOG = 4096;

    @Option(names = "--mode", description = "spin or block. Default: ${DEFAULT-VALUE}")
    private String mode = "block";

    @Option(names = "--tls-cert", description = "Certificate chain, PEM.")
    private @Nullable File certificate;

    @Option(names = "--tls-key", description = "Its private key, PEM.")
    private @Nullable File key;

    private JavaEchoServer() {}

    /** Serves until the end of standard input. */
    public static void main(String[] args) {
        PrintStream screen = System.out;
        System.setOut(System.err);
        Thread server = new FastThreadLocalThread(
                () -> {
                    try {
                        JavaEchoServer asked = new JavaEchoServer();
                        new CommandLine(asked).parseArgs(args);
                        asked.serve(screen);
                    } catch (ParameterException | IOException | InterruptedException e) {
                        screen.println("{\"error\":\"" + e + "\"}");
                        Runtime.getRuntime().halt(1);
                    }
                },
                "echo-server");
        server.start();
    }

    private void serve(PrintStream screen) throws IOException, InterruptedException {
        boolean spin = mode.equals("spin");
        SslContext tls = tls();
        ManualIoEventLoop loop = new ManualIoEventLoop(
                Thread.currentThread(), Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new EchoHandler());
                    }
                })
                .bind("127.0.0.1", 0);
        while (!bound.isDone()) {
            loop.runNow();
        }
        bound.sync();
        screen.println("{\"port\":" + ((InetSocketAddress) bound.channel().localAddress()).getPort() + "}");
        endWithInput();
        for (; ; ) {
            if (spin) {
                loop.runNow();
            } else {
                loop.run(TimeUnit.SECONDS.toNanos(1));
            }
        }
    }

    private @Nullable SslContext tls() throws SSLException {
        return certificate == null
                ? null
                : SslContextBuilder.forServer(certificate, key)
                        .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                        .build();
    }

    private static void endWithInput() {
        Thread watch = new Thread(
                () -> {
                    try (InputStream in = System.in) {
                        in.transferTo(PrintStream.nullOutputStream());
                    } catch (IOException e) {
                        System.err.println("standard input is broken: " + e);
                    }
                    Runtime.getRuntime().halt(0);
                },
                "end");
        watch.setDaemon(true);
        watch.start();
    }
}
