package io.wspool.bench.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Reactor Netty: messages go into a sink whose stream the connection sends. */
final class ReactorNettyContender extends CallbackContender {
    private static final EmitFailureHandler SENDERS_TAKE_TURNS = EmitFailureHandler.busyLooping(Duration.ofSeconds(10));

    private Connection[] connections = {};

    ReactorNettyContender(ClientOptions options) {
        super(options);
    }

    @Override
    public void connect(Receiver receiver) throws Exception {
        HttpClient http = HttpClient.create();
        if (options.tls) {
            SslContext context = Trust.netty();
            http = http.secure(spec -> spec.sslContext(context));
        }
        connections = new Connection[options.channels];
        for (int i = 0; i < connections.length; i++) {
            Connection connection = new Connection(i, receiver);
            connections[i] = connection;
            connection.life = http.websocket()
                    .uri(options.uri())
                    .handle(connection::serve)
                    .subscribe(
                            ignored -> {}, connection::end, () -> connection.end(new IllegalStateException("closed")));
            connection.open.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Override
    public Outbox newOutbox() {
        byte[] rest = new byte[options.bytes - ClientOptions.SEQUENCE_BYTES];
        return (connection, sequence, more) -> {
            Connection to = connections[connection];
            to.sink.emitNext(
                    Objects.requireNonNull(to.allocator)
                            .buffer(options.bytes)
                            .writeLong(sequence)
                            .writeBytes(rest),
                    SENDERS_TAKE_TURNS);
        };
    }

    @Override
    public void close() {
        for (Connection connection : connections) {
            Objects.requireNonNull(connection.life).dispose();
        }
    }

    private static final class Connection {
        private final Sinks.Many<ByteBuf> sink = Sinks.many().unicast().onBackpressureBuffer();
        private final CompletableFuture<Boolean> open = new CompletableFuture<>();
        private final int number;
        private final Receiver receiver;
        private volatile @Nullable ByteBufAllocator allocator;
        private @Nullable Disposable life;

        Connection(int number, Receiver receiver) {
            this.number = number;
            this.receiver = receiver;
        }

        Publisher<Void> serve(WebsocketInbound in, WebsocketOutbound out) {
            allocator = out.alloc();
            Mono<Void> received =
                    in.aggregateFrames().receiveFrames().doOnNext(this::receive).then();
            Mono<Void> sent = out.send(sink.asFlux()).then();
            open.complete(true);
            return Mono.when(received, sent);
        }

        private void receive(WebSocketFrame frame) {
            if (frame instanceof BinaryWebSocketFrame) {
                ByteBuf content = frame.content();
                receiver.onMessage(number, content.getLong(content.readerIndex()), content.readableBytes());
            }
        }

        void end(Throwable why) {
            open.completeExceptionally(why);
            receiver.onEnd(number, why.toString());
        }
    }
}
