package io.wspool.bench.client;

import java.time.Duration;

/** Which class does which work, and which library is which contender. */
final class Works {
    private static final String WARM_UP_ONCE = "warmup-once";

    private Works() {}

    static Work of(ClientOptions options) {
        return switch (options.work) {
            case "pp" -> new PingPong(options, contender(options));
            case "tp" -> new Throughput(options, contender(options));
            case "open" -> new OpenLoop(options, contender(options));
            case "fanin" -> new FanIn(options, contender(options));
            case "senders" -> new Senders(options, contender(options));
            case "idle" -> new IdleChannels(options, contender(options));
            case "warmup" -> new FreshJvm(options, WARM_UP_ONCE);
            case WARM_UP_ONCE -> new WarmUp(options, new PolledPool(options, Duration.ZERO));
            case "divert" -> new DivertTrials(options);
            case "notice" -> new Notice(contender(options));
            default -> throw new IllegalArgumentException("there is no work " + options.work);
        };
    }

    static Contender contender(ClientOptions options) {
        return switch (options.client) {
            case "wspool" -> WspoolContender.of(options);
            case "netty" -> NettyContender.of(options);
            case "jdk" -> new JdkContender(options);
            case "okhttp" -> new OkHttpContender(options);
            case "java-websocket" -> new JavaWebSocketContender(options);
            case "vertx" -> new VertxContender(options);
            case "jetty" -> new JettyContender(options);
            case "reactor-netty" -> new ReactorNettyContender(options);
            default -> throw new IllegalArgumentException("there is no client " + options.client);
        };
    }
}
